import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { XYZ } from '../../shared/axes.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import type { HeaderFacts } from './write-volume.ts'

/** Volumes and folders for tests. */

/** Each voxel says where it is: x + 100 y + 10000 z. */
export function positions({ x: nx, y: ny, z: nz }: XYZ): Float32Array {
  const data = new Float32Array(nx * ny * nz)
  let at = 0
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) data[at++] = x + 100 * y + 10000 * z
  return data
}

export const plainHeader: HeaderFacts = {
  voxelSizeAngstrom: { x: 10, y: 10, z: 10 },
  origin: { x: 0, y: 0, z: 0 },
  start: { x: 0, y: 0, z: 0 },
  axisOrder: [1, 2, 3],
  labels: []
}

export function memoryInfo(size: XYZ, header: Partial<HeaderFacts> = {}): VolumeInfo {
  return {
    path: 'memory',
    format: 'memory',
    mode: 2,
    dtype: 'float32',
    byteOrder: 'little',
    size,
    isVolumeStack: false,
    extendedHeader: { type: '', bytes: 0 },
    tilt: null,
    repairs: [],
    compressed: 'none',
    ...plainHeader,
    ...header
  }
}

/** A folder of the test's own, removed afterwards. */
export async function inFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'wedgeview-'))
  try {
    return await action(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Real files, with their notice, that mrc-js brings for its own tests. */
export function realFile(name: 'EMD-3197.map' | 'visfd_blob_detect.rec' | 'visfd_1d_example.rec'): string {
  return fileURLToPath(new URL(`../../../packages/mrc-js/test/fixtures/${name}`, import.meta.url))
}
