import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMrc } from '../../packages/mrc-js/src/index.ts'
import type { Box } from '../../src/shared/axes.ts'
import { runRecordSchema } from '../../src/shared/runs.ts'

/** A tomogram with a finished CryoWGEN-II run of a part of it beside it, of known values, written without any network. */
export const tomogramSize = { x: 40, y: 36, z: 20 }
export const runRegion: Box = { x: [6, 34], y: [5, 29], z: [4, 18] }

/** Of the tomogram's voxels. */
export const tomogramValue = (x: number, y: number, z: number): number => 100 + 3 * ((x * 7 + y * 5 + z * 3) % 11)
export const meanValue = (x: number, y: number, z: number): number => 110 + x - y / 2 + z
/** Zero in a corner of the region, as where all members agree to the bit. */
export const stdValue = (x: number, y: number): number => (x < 12 && y < 11 ? 0 : 4 + (x % 5))

type Value = (x: number, y: number, z: number) => number

async function write(path: string, box: Box, value: Value): Promise<void> {
  const [x0, y0, z0] = [box.x[0], box.y[0], box.z[0]]
  const size = { x: box.x[1] - x0, y: box.y[1] - y0, z: box.z[1] - z0 }
  const writer = await createMrc(path, {
    size,
    mode: 2,
    voxelSizeAngstrom: { x: 10, y: 10, z: 10 },
    origin: { x: 10 * x0, y: 10 * y0, z: 10 * z0 },
    start: { x: x0, y: y0, z: z0 }
  })
  for (let z = 0; z < size.z; z++) {
    const section = new Float32Array(size.x * size.y)
    for (let y = 0; y < size.y; y++)
      for (let x = 0; x < size.x; x++) section[y * size.x + x] = value(x + x0, y + y0, z + z0)
    await writer.writeSection(section)
  }
  await writer.finish()
}

/** Resolves to the tomogram's path. */
export async function writeFinishedRun(folder: string): Promise<string> {
  const tomogram = join(folder, 'finished.mrc')
  const { x, y, z } = tomogramSize
  await write(tomogram, { x: [0, x], y: [0, y], z: [0, z] }, tomogramValue)
  const run = join(folder, 'finished.wedgeview', 'cryowgen-2-1')
  await mkdir(join(run, 'members'), { recursive: true })
  await write(join(run, 'mean.mrc'), runRegion, meanValue)
  await write(join(run, 'std.mrc'), runRegion, stdValue)
  for (const member of [1, 2, 3]) {
    const file = join(run, 'members', `member-00${member}.mrc`)
    await write(file, runRegion, (mx, my, mz) => meanValue(mx, my, mz) + (member - 2) * stdValue(mx, my))
  }
  const record = runRecordSchema.parse({
    program: 'wedgeview',
    version: '0.1.0',
    method: 'cryowgen-2',
    input: { path: tomogram, sha256: '0'.repeat(64), size: tomogramSize, roi: runRegion },
    bundle: { name: 'gaussian', version: '1.0.0', sha256: '1'.repeat(64) },
    wedge: {
      tiltAxis: 'y',
      beamAxis: 'z',
      tiltMin: -60,
      tiltMax: 60,
      edgeSoftness: 0,
      lowPass: null,
      source: 'given',
      measuredFraction: 0.67
    },
    settings: { gamma: 1, step: 0.1, steps: 60, burnIn: 20, thin: 2, chains: 2, members: 3, mala: false, seed: 5 },
    chosen: [],
    device: 'cpu',
    tiles: 1,
    seconds: 12,
    misfitPerMeasuredVoxel: 1.02,
    diagnostics: { ess: 46, rHat: 1.02, acceptance: null, objective: null, weightEss: null },
    partial: false,
    warnings: [],
    startedAt: '2026-01-05T10:00:00.000Z',
    versions: { node: '20' }
  })
  await writeFile(join(run, 'run.json'), JSON.stringify(record))
  return tomogram
}
