import { wholeBox } from '../../shared/axes.ts'
import type { Box } from '../../shared/axes.ts'
import type { ScanHooks } from './scans/tasks.ts'
import type { Volume } from './volume.ts'

/** Voxels read at once where sections are small. */
const groupVoxels = 1 << 20

/**
 * The z sections of a volume, or of a box of it, in order, the next ones being read while the last ones are worked on. Each shares its memory
 * with its neighbours: keep a copy, not the section.
 */
export async function* sections(
  volume: Volume,
  hooks: Pick<ScanHooks, 'signal'> & Partial<Pick<ScanHooks, 'turn'>>,
  box: Box = wholeBox(volume.info.size)
): AsyncGenerator<Float32Array> {
  const area = (box.x[1] - box.x[0]) * (box.y[1] - box.y[0])
  const atOnce = Math.max(1, Math.floor(groupVoxels / area))
  const read = async (z: number): Promise<Float32Array> => {
    await hooks.turn?.()
    hooks.signal.throwIfAborted()
    return volume.readBox({ ...box, z: [z, Math.min(box.z[1], z + atOnce)] }, { signal: hooks.signal })
  }
  let ahead = read(box.z[0])
  for (let z = box.z[0]; z < box.z[1]; z += atOnce) {
    const group = await ahead
    if (z + atOnce < box.z[1]) {
      ahead = read(z + atOnce)
      // A failure is told when its turn comes.
      ahead.catch(() => undefined)
    }
    for (let at = 0; at < group.length; at += area) yield group.subarray(at, at + area)
  }
}
