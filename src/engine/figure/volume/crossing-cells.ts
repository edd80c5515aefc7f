import type { Box, XYZ } from '../../../shared/axes.ts'
import { crossingOfMembers, crossingOfProbability, probabilityAbove } from '../../../shared/level-crossing.ts'
import type { VolumePanel } from '../../../shared/figure.ts'
import { readBlock } from '../../volume/block.ts'
import type { Block } from '../../volume/block.ts'
import type { FigureSource } from '../figure-svg.ts'
import type { WorldBlock } from './volume-view.ts'

/** What the mode `crossing` marches through: the probability that a cell is crossed, and the mean whose slope light falls on. */
export interface CrossingBlocks {
  probability: WorldBlock
  relief: WorldBlock
}

/** All blocks together take no more than this many voxels. */
const voxelsAtOnce = 1 << 27

/**
 * Crossing probabilities of the panel's level, from what it names, as the window computes them (shared/level-crossing.ts).
 *
 * @param aspect lengths of a voxel in world units
 */
export async function crossingCells(
  panel: VolumePanel & { crossing: NonNullable<VolumePanel['crossing']> },
  box: Box,
  aspect: XYZ,
  source: FigureSource
): Promise<CrossingBlocks | null> {
  const { crossing, level } = panel
  const names =
    crossing.from === 'members'
      ? crossing.members
      : crossing.from === 'gaussian'
        ? [crossing.mean, crossing.std]
        : [panel.volume]
  const limit = Math.min(1 << 24, Math.floor(voxelsAtOnce / names.length))
  const blocks: Block[] = []
  for (const name of names) {
    const { volume } = await source.resolve(name)
    blocks.push(await readBlock(volume, [], box, limit, { signal: source.signal }))
  }
  const [first, second] = blocks
  const members = blocks.map(({ data }) => data)
  const cells =
    crossing.from === 'members'
      ? await crossingOfMembers(members, first.size, level, source.signal)
      : await crossingOfProbability(
          crossing.from === 'gaussian' ? probabilityAbove(first.data, second.data, level) : first.data,
          first.data,
          first.size,
          source.signal
        )
  source.signal?.throwIfAborted()
  if (!cells) return null
  const { low, high } = betweenMiddles(first, aspect)
  const every = (offset: 0 | 1): WorldBlock => {
    const data = new Float32Array(cells.values.length / 2)
    for (let i = 0; i < data.length; i++) data[i] = cells.values[2 * i + offset]
    return { data, size: cells.size, low, high }
  }
  return { probability: every(0), relief: every(1) }
}

/** Cells lie between the voxels' middles: half a voxel less on every side, where there is more than one. */
function betweenMiddles({ box, size }: Block, aspect: XYZ): { low: XYZ; high: XYZ } {
  const along = (axis: 'x' | 'y' | 'z', end: 0 | 1): number => {
    const [from, to] = box[axis]
    const half = size[axis] > 1 ? (to - from) / size[axis] / 2 : 0
    return (end === 0 ? from + half : to - half) * aspect[axis]
  }
  const corner = (end: 0 | 1): XYZ => ({ x: along('x', end), y: along('y', end), z: along('z', end) })
  return { low: corner(0), high: corner(1) }
}
