import { WedgeviewError } from '../../../shared/errors.ts'
import { axisSchema, type XYZ } from '../../../shared/axes.ts'
import type { VolumeInfo } from '../../../shared/volumes.ts'
import { memoryVolume } from '../memory-volume.ts'
import { voxelCount, type Volume } from '../volume.ts'
import { resampled, type TargetGrid } from './resample.ts'

/** The copy is made in memory, as float32. */
const maxBytes = 1 << 30

/**
 * A volume with cubic voxels of another size, for networks that were trained on those: as many whole voxels as fit into the old
 * extent, in its middle, so that nothing is made up at the rim. Linear interpolation, smoothed first where the new grid is coarser.
 *
 * @throws WedgeviewError usage / `voxel-size-unknown`, `resample-too-large`
 */
export async function atVoxelSize(
  volume: Volume,
  name: string,
  voxelSizeAngstrom: number,
  signal?: AbortSignal
): Promise<Volume> {
  const { info } = volume
  const old = info.voxelSizeAngstrom
  if (!old)
    throw new WedgeviewError(
      'usage',
      'voxel-size-unknown',
      `${name} does not tell its voxel size, so it can't be brought to ${voxelSizeAngstrom} Å.`,
      'Write the voxel size into its header first.'
    )
  const grid = gridOf(info.size, old, voxelSizeAngstrom)
  if (4 * voxelCount(grid.size) > maxBytes)
    throw new WedgeviewError(
      'usage',
      'resample-too-large',
      `${name} at ${voxelSizeAngstrom} Å a voxel would take ${((4 * voxelCount(grid.size)) / 2 ** 30).toFixed(1)} GiB of memory; 1 GiB is the limit.`,
      'Save a part of it first, or a binned copy, with wedgeview convert.'
    )
  const values = await resampled(volume, grid, signal)
  return memoryVolume(values, infoOf(info, old, grid, voxelSizeAngstrom))
}

function gridOf(size: XYZ, old: XYZ, voxel: number): TargetGrid {
  const grid: TargetGrid = { size: { ...size }, start: { ...size }, step: { ...size } }
  for (const axis of axisSchema.options) {
    grid.step[axis] = voxel / old[axis]
    // A voxel more or less must not hang on the last bit of a quotient.
    grid.size[axis] = Math.max(1, Math.floor(size[axis] / grid.step[axis] + 1e-6))
    grid.start[axis] = (size[axis] - grid.size[axis] * grid.step[axis]) / 2
  }
  return grid
}

function infoOf(info: VolumeInfo, old: XYZ, { size, start, step }: TargetGrid, voxel: number): VolumeInfo {
  const along = (value: (axis: 'x' | 'y' | 'z') => number): XYZ => ({ x: value('x'), y: value('y'), z: value('z') })
  const { x, y, z } = old
  const label = `wedgeview linear resampling from ${x === y && y === z ? x : `${x} x ${y} x ${z}`} A to ${voxel} A a voxel`
  return {
    ...info,
    format: 'memory',
    mode: 2,
    dtype: 'float32',
    size,
    voxelSizeAngstrom: { x: voxel, y: voxel, z: voxel },
    // Where the first voxel begins, in the coordinates of the old header.
    origin: along((axis) => info.origin[axis] + start[axis] * old[axis]),
    start: along((axis) => Math.round(info.start[axis] / step[axis])),
    labels: [...info.labels, label.slice(0, 80)].slice(-10),
    extendedHeader: { type: '', bytes: 0 },
    repairs: [],
    compressed: 'none',
    partial: undefined
  }
}
