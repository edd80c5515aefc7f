import type { Axis, Box, Plane, XYZ } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'

/**
 * Where a point of the volume falls in a pane. Volume coordinates are continuous voxels: voxel i
 * covers [i, i + 1), so half-open boxes need no conversion and the middle of voxel i is i + 0.5.
 * Pane coordinates are CSS pixels from the pane's upper left corner. Row 0 is at the bottom (IMOD).
 */
export interface PaneAxes {
  right: Axis
  up: Axis
  normal: Axis
  /** True where the pane's right axis is the slice's row axis (YZ beside XY, so that y stays aligned). */
  transposed: boolean
}

export function axesOfPane(plane: Plane, transposed: boolean): PaneAxes {
  const { normal, column, row } = planeAxes[plane]
  return transposed ? { right: row, up: column, normal, transposed } : { right: column, up: row, normal, transposed }
}

export interface PaneTransform {
  axes: PaneAxes
  width: number
  height: number
  /** The volume point in the middle of the pane. */
  centre: XYZ
  /** CSS pixels per voxel along each axis. */
  pixelsPerVoxel: XYZ
}

export function toPane(transform: PaneTransform, point: XYZ): { x: number; y: number } {
  const { axes, width, height, centre, pixelsPerVoxel } = transform
  return {
    x: width / 2 + (point[axes.right] - centre[axes.right]) * pixelsPerVoxel[axes.right],
    y: height / 2 - (point[axes.up] - centre[axes.up]) * pixelsPerVoxel[axes.up]
  }
}

/** The volume point under a pane position; along the normal it keeps `normal`. */
export function toVolume(transform: PaneTransform, x: number, y: number, normal: number): XYZ {
  const { axes, width, height, centre, pixelsPerVoxel } = transform
  const point: XYZ = { ...centre }
  point[axes.right] = centre[axes.right] + (x - width / 2) / pixelsPerVoxel[axes.right]
  point[axes.up] = centre[axes.up] - (y - height / 2) / pixelsPerVoxel[axes.up]
  point[axes.normal] = normal
  return point
}

/** The voxel that contains a point, or null outside. */
export function voxelAt(point: XYZ, size: XYZ): XYZ | null {
  const voxel: XYZ = { x: Math.floor(point.x), y: Math.floor(point.y), z: Math.floor(point.z) }
  return inside(voxel, size) ? voxel : null
}

export function inside(voxel: XYZ, size: XYZ): boolean {
  return (['x', 'y', 'z'] as const).every((axis) => voxel[axis] >= 0 && voxel[axis] < size[axis])
}

/** The nearest voxel that exists. */
export function clampVoxel(point: XYZ, size: XYZ): XYZ {
  const clamp = (axis: Axis): number => Math.min(size[axis] - 1, Math.max(0, Math.floor(point[axis])))
  return { x: clamp('x'), y: clamp('y'), z: clamp('z') }
}

export function voxelMiddle(voxel: XYZ): XYZ {
  return { x: voxel.x + 0.5, y: voxel.y + 0.5, z: voxel.z + 0.5 }
}

/** Length of a voxel along each axis relative to x, so that anisotropic voxels are drawn true. */
export function voxelAspect(voxelSizeAngstrom: XYZ | null): XYZ {
  if (!voxelSizeAngstrom || !(voxelSizeAngstrom.x > 0)) return { x: 1, y: 1, z: 1 }
  const ratio = (length: number): number => (length > 0 ? length / voxelSizeAngstrom.x : 1)
  return { x: 1, y: ratio(voxelSizeAngstrom.y), z: ratio(voxelSizeAngstrom.z) }
}

/** The centre that keeps `anchor` in place when the scale is multiplied by `factor`. */
export function zoomedCentre(centre: XYZ, anchor: XYZ, factor: number): XYZ {
  const along = (axis: Axis): number => anchor[axis] + (centre[axis] - anchor[axis]) / factor
  return { x: along('x'), y: along('y'), z: along('z') }
}

/** The largest scale (CSS pixels per x voxel) at which `box` fits every pane, with a thin margin. */
export function fitScale(
  box: Box,
  aspect: XYZ,
  panes: readonly { axes: PaneAxes; width: number; height: number }[]
): number {
  const margin = 8
  const extent = (axis: Axis): number => Math.max(1, box[axis][1] - box[axis][0]) * aspect[axis]
  const scales = panes.map(({ axes, width, height }) =>
    Math.min(Math.max(16, width - 2 * margin) / extent(axes.right), Math.max(16, height - 2 * margin) / extent(axes.up))
  )
  return scales.length === 0 ? 1 : Math.min(...scales)
}

export function boxMiddle(box: Box): XYZ {
  const middle = (axis: Axis): number => (box[axis][0] + box[axis][1]) / 2
  return { x: middle('x'), y: middle('y'), z: middle('z') }
}
