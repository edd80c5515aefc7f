// Writes the program's own wedge mask as float32: node write-mask.mjs OUT D,H,W TILT_AXIS BEAM_AXIS TILT_MIN TILT_MAX
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const [out, size, tiltAxis, beamAxis, tiltMin, tiltMax] = process.argv.slice(2)
const root = fileURLToPath(new URL('../..', import.meta.url))
const { module } = await runnerImport(join(root, 'src/engine/wedge/mask.ts'), { root, configFile: false })
const wedge = { tiltAxis, beamAxis, tiltMin: Number(tiltMin), tiltMax: Number(tiltMax), edgeSoftness: 0, lowPass: null }
const mask = module.wedgeMask(wedge, size.split(',').map(Number))
await writeFile(out, new Uint8Array(mask.buffer))
