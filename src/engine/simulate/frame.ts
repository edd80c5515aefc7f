import type { XYZ } from '../../shared/axes.ts'

/** The box that is simulated. Voxel (i, j, k) has its centre at (i, j, k) times the voxel size: the first one's is the origin. */
export interface Frame {
  readonly size: XYZ
  readonly voxelSizeAngstrom: number
}

/**
 * Everything is drawn as if seen through a Gaussian of this SD, in voxels, so that shapes hold no detail that the grid can't: its
 * transfer is 0.46 at Nyquist.
 */
const blurVoxels = 0.4

export function blurAngstrom({ voxelSizeAngstrom }: Frame): number {
  return blurVoxels * voxelSizeAngstrom
}

/** The box's length along each axis. */
export function extentAngstrom({ size, voxelSizeAngstrom }: Frame): XYZ {
  return { x: size.x * voxelSizeAngstrom, y: size.y * voxelSizeAngstrom, z: size.z * voxelSizeAngstrom }
}

export function volumeCubicAngstrom(frame: Frame): number {
  const { x, y, z } = extentAngstrom(frame)
  return x * y * z
}

/** A whole range of voxel indices that may be empty: within `reach` of a position along an axis, cut to the box. */
export function voxelRange(
  positionAngstrom: number,
  reachAngstrom: number,
  voxelSizeAngstrom: number,
  count: number
): readonly [from: number, to: number] {
  const from = Math.ceil((positionAngstrom - reachAngstrom) / voxelSizeAngstrom)
  const to = Math.floor((positionAngstrom + reachAngstrom) / voxelSizeAngstrom) + 1
  return [Math.max(0, from), Math.min(count, to)]
}
