import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { preparedRecord } from '../../src/engine/derived/testing/prepared-files.ts'
import { plainHeader, writeFloats } from './volumes.ts'

/** Of the cube that holds the balls, in voxels of 10 Angstrom. */
export const side = 32
const size = { x: side, y: side, z: side }
/** Radius of each member's ball, in voxels: about one point, at least three cells apart. */
export const radii = [5, 8, 11, 14]

function ball(radius: number): Float32Array {
  const values = new Float32Array(side ** 3)
  let at = 0
  for (let z = 0; z < side; z++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        values[at++] = radius - Math.hypot(x + 0.5 - side / 2, y + 0.5 - side / 2, z + 0.5 - side / 2)
  return values
}

/** A run whose members are balls of different size, written without any network. Resolves to its tomogram's path. */
export async function writeBallRun(folder: string): Promise<string> {
  const path = join(folder, 'balls.mrc')
  const run = join(folder, 'balls.wedgeview', 'cryowgen-2-1')
  await mkdir(join(run, 'members'), { recursive: true })
  await writeFloats(path, ball(9), size, plainHeader)
  await writeFloats(join(run, 'mean.mrc'), ball(9.5), size, plainHeader)
  await writeFloats(join(run, 'std.mrc'), new Float32Array(side ** 3).fill(3.35), size, plainHeader)
  for (const [k, radius] of radii.entries())
    await writeFloats(join(run, 'members', `member-00${k + 1}.mrc`), ball(radius), size, plainHeader)
  const roi = { x: [0, side], y: [0, side], z: [0, side] } as const
  const record = preparedRecord(path)
  record.input = { ...record.input, size, roi: { x: [...roi.x], y: [...roi.y], z: [...roi.z] } }
  await writeFile(join(run, 'run.json'), JSON.stringify({ ...record, settings: { ...record.settings, members: 4 } }))
  return path
}
