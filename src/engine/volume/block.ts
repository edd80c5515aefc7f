import { boxSize } from '../../shared/axes.ts'
import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import { binnedLength, binnedSections } from './filters/bin-mean.ts'
import { sections } from './sections.ts'
import { assertBox, voxelCount } from './volume.ts'
import type { CoarseLevel, ReadOptions, Volume } from './volume.ts'

/** A box of voxels as a 3-D view takes it: as fine as a number of voxels allows. */
export interface Block {
  /** C-ordered (z, y, x), the caller's own. Means of the voxels they cover. */
  data: Float32Array
  size: XYZ
  /** Voxels of the volume that one of the block covers, along each axis. */
  binning: XYZ
  /** What it covers, in the volume's voxels; whole bins only, so it may end a little before the box that was asked for. */
  box: Box
}

const axes: readonly Axis[] = ['x', 'y', 'z']

export interface BlockOptions extends ReadOptions {
  /** At most so many along any axis: what a 3-D texture may have. */
  maxSide?: number
}

/**
 * A box at the finest level that has at most `maxVoxels` in it, and at most `maxSide` along any axis: exact where that is few enough, else from the pyramid (its levels hold the
 * same means), else binned while it is read.
 *
 * @throws WedgeviewError `roi-outside`
 */
export async function readBlock(
  volume: Volume,
  levels: readonly CoarseLevel[],
  box: Box,
  maxVoxels: number,
  { signal = new AbortController().signal, maxSide = Infinity }: BlockOptions = {}
): Promise<Block> {
  assertBox(volume.info, box)
  const fits = (size: XYZ): boolean => voxelCount(size) <= maxVoxels && axes.every((axis) => size[axis] <= maxSide)
  if (fits(boxSize(box)))
    return { data: await volume.readBox(box, { signal }), size: boxSize(box), binning: { x: 1, y: 1, z: 1 }, box }
  const level = levels.find((candidate) => fits(sizeAt(candidate, box)))
  if (level) return blockOfLevel(level, volume.info.size, box, signal)
  return binnedBlock(volume, box, fits, signal)
}

/** The box in a level's own voxels: every one of them that the box touches. */
function boxAt({ size, binning }: CoarseLevel, box: Box): Box {
  const range = (axis: Axis): [number, number] => {
    const [from, to] = box[axis]
    const first = Math.min(size[axis] - 1, Math.floor(from / binning[axis]))
    return [first, Math.max(first + 1, Math.min(size[axis], Math.ceil(to / binning[axis])))]
  }
  return { x: range('x'), y: range('y'), z: range('z') }
}

function sizeAt(level: CoarseLevel, box: Box): XYZ {
  return boxSize(boxAt(level, box))
}

async function blockOfLevel(level: CoarseLevel, whole: XYZ, box: Box, signal: AbortSignal): Promise<Block> {
  const inLevel = boxAt(level, box)
  const size = boxSize(inLevel)
  const data = new Float32Array(voxelCount(size))
  for (let z = 0; z < size.z; z++) {
    const slice = await level.readSlice('xy', inLevel.z[0] + z, { signal })
    for (let y = 0; y < size.y; y++) {
      const from = (inLevel.y[0] + y) * slice.columns + inLevel.x[0]
      data.set(slice.data.subarray(from, from + size.x), (z * size.y + y) * size.x)
    }
  }
  const covered = { ...box }
  for (const axis of axes)
    covered[axis] = [
      inLevel[axis][0] * level.binning[axis],
      Math.min(whole[axis], inLevel[axis][1] * level.binning[axis])
    ]
  return { data, size, binning: level.binning, box: covered }
}

async function binnedBlock(
  volume: Volume,
  box: Box,
  fits: (size: XYZ) => boolean,
  signal: AbortSignal
): Promise<Block> {
  const { x: columns, y: rows, z: count } = boxSize(box)
  const binnedSize = (bin: number): XYZ => ({
    x: binnedLength(columns, bin),
    y: binnedLength(rows, bin),
    z: binnedLength(count, bin)
  })
  let bin = 2
  while (!fits(binnedSize(bin)) && bin < Math.max(columns, rows, count)) bin++
  const size = binnedSize(bin)
  const data = new Float32Array(voxelCount(size))
  let at = 0
  for await (const section of binnedSections(sections(volume, { signal }, box), { columns, rows, count }, bin)) {
    data.set(section, at)
    at += section.length
  }
  // An axis shorter than a bin is one bin.
  const binning = { x: Math.min(bin, columns), y: Math.min(bin, rows), z: Math.min(bin, count) }
  const covered = { ...box }
  for (const axis of axes) covered[axis] = [box[axis][0], box[axis][0] + size[axis] * binning[axis]]
  return { data, size, binning, box: covered }
}
