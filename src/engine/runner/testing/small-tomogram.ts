import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMrc } from 'mrc-js'
import type { XYZ } from '../../../shared/axes.ts'
import type { ReconstructRequest } from '../../../shared/jobs.ts'
import { defaultWedge } from '../../../shared/wedge.ts'
import { writeScriptedBundle, type Script } from './scripted-bundle.ts'

/** Voxels whose value tells where they are: 10 x + 1000 y + 100000 z, shifted. */
export const tomogramSize: XYZ = { x: 7, y: 5, z: 4 }
export function greyValue(x: number, y: number, z: number): number {
  return 10 * x + 1000 * y + 100_000 * z - 50
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'wedgeview-'))
}

/** A small tomogram with a voxel size, an origin, start indices and a label of its own. */
export async function writeSmallTomogram(path: string, overwrite: { start?: XYZ; origin?: XYZ } = {}): Promise<void> {
  const writer = await createMrc(path, {
    size: tomogramSize,
    mode: 2,
    voxelSizeAngstrom: { x: 10, y: 11, z: 12 },
    origin: { x: 100, y: 0, z: -20 },
    start: { x: 3, y: 0, z: -2 },
    labels: ['made by a test'],
    ...overwrite
  })
  for (let z = 0; z < tomogramSize.z; z++) {
    const section = new Float32Array(tomogramSize.x * tomogramSize.y)
    for (let y = 0; y < tomogramSize.y; y++)
      for (let x = 0; x < tomogramSize.x; x++) section[y * tomogramSize.x + x] = greyValue(x, y, z)
    await writer.writeSection(section)
  }
  await writer.finish()
}

export function scriptedRequest(
  folder: string,
  name: string,
  script: Partial<Script> = {},
  rest: Partial<ReconstructRequest> = {}
): ReconstructRequest {
  return {
    volumePath: join(folder, 'tomogram.mrc'),
    bundlePath: writeScriptedBundle(folder, script),
    method: 'cryowgen-2',
    outPath: join(folder, name),
    wedge: defaultWedge,
    wedgeSource: 'given',
    roi: { x: [2, 6], y: [1, 4], z: [1, 4] },
    settings: {},
    device: 'auto',
    threads: null,
    ...rest
  }
}
