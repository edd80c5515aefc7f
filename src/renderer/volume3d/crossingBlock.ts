import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import {
  crossingOfMembers,
  crossingOfProbability,
  probabilityAbove,
  type CrossingCells
} from '../../shared/level-crossing.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { LoadedBlock } from './loadBlock.ts'
import { worldCorners } from './volumeModel.ts'
import { floatsOf } from './voxels/codes.ts'

/** What tells where a surface may lie. */
export type CrossingSource =
  | { from: 'members'; members: readonly OpenVolume[] }
  /** For runs that kept no members. */
  | { from: 'gaussian'; mean: OpenVolume; std: OpenVolume }
  /** P(x > t), whose t is the level. */
  | { from: 'probability'; map: OpenVolume }

/** Crossing probabilities of a level, and where they lie in the world. */
export interface CrossingBlock {
  cells: CrossingCells
  low: XYZ
  high: XYZ
  source: CrossingSource['from']
}

const axes: readonly Axis[] = ['x', 'y', 'z']

/** What tells where a surface of `base` may lie, best first; null for what is of no family. */
export function crossingSource(base: OpenVolume, volumes: Readonly<Record<string, OpenVolume>>): CrossingSource | null {
  if (base.role === 'probability') return { from: 'probability', map: base }
  if (base.runId === null || base.derived || (base.role !== 'mean' && base.role !== 'member')) return null
  const maps = Object.values(volumes).filter(({ runId, derived }) => runId === base.runId && !derived)
  const members = maps.filter(({ role }) => role === 'member')
  if (members.length > 1) return { from: 'members', members }
  const mean = maps.find(({ role }) => role === 'mean')
  const std = maps.find(({ role }) => role === 'std')
  return mean && std ? { from: 'gaussian', mean, std } : null
}

/** The volumes that a source reads, in order. */
export function volumesOf(source: CrossingSource): readonly OpenVolume[] {
  if (source.from === 'members') return source.members
  return source.from === 'gaussian' ? [source.mean, source.std] : [source.map]
}

/** @param blocks of `volumesOf`, all of one size; @returns null where `signal` was aborted on the way */
export async function crossingBlock(
  source: CrossingSource,
  blocks: readonly LoadedBlock[],
  level: number,
  aspect: XYZ,
  signal: AbortSignal
): Promise<CrossingBlock | null> {
  const [first, second] = blocks
  const { size, box } = first
  const values = floatsOf(first.voxels)
  const cells =
    source.from === 'members'
      ? await crossingOfMembers(
          blocks.map(({ voxels }) => floatsOf(voxels)),
          size,
          level,
          signal
        )
      : await crossingOfProbability(
          source.from === 'gaussian' ? probabilityAbove(values, floatsOf(second.voxels), level) : values,
          values,
          size,
          signal
        )
  return (
    cells && { cells, source: source.from, ...worldCorners(betweenMiddles(box, size), volumesOf(source)[0], aspect) }
  )
}

/** Cells lie between the voxels' middles: half a voxel less on every side, where there is more than one. */
function betweenMiddles(box: Box, size: XYZ): Box {
  const inside: Box = { ...box }
  for (const axis of axes) {
    const [from, to] = box[axis]
    const half = size[axis] > 1 ? (to - from) / size[axis] / 2 : 0
    inside[axis] = [from + half, to - half]
  }
  return inside
}
