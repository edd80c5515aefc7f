/** What the benchmark needs of the engine, bundled for it. */
export { robustContrast } from '../../src/engine/volume/contrast.ts'
export { fileIdentity } from '../../src/engine/volume/file-identity.ts'
export { openVolume } from '../../src/engine/volume/open-volume.ts'
export { buildPyramid } from '../../src/engine/volume/pyramid/build.ts'
export { openPyramid } from '../../src/engine/volume/pyramid/open.ts'
export { scansInThread } from '../../src/engine/volume/scans/scans.ts'
export { SliceCache } from '../../src/engine/volume/slice-cache.ts'
export { SliceServer } from '../../src/engine/volume/slice-server.ts'
