import type { Axis, Box } from '../../shared/axes.ts'
import type { PaneTransform } from './paneTransform.ts'

/** A half-open range of whole voxels. */
export type Range = readonly [number, number]
/** What can be seen along each axis; absent: everything. */
export type Field = Partial<Record<Axis, Range>>

/** The voxels that a pane shows, at least partly, along its two axes. */
export function fieldOfView({ axes, width, height, centre, pixelsPerVoxel }: PaneTransform): Field {
  const seen = (axis: Axis, pixels: number): Range => {
    const half = pixels / 2 / pixelsPerVoxel[axis]
    return [Math.floor(centre[axis] - half), Math.ceil(centre[axis] + half)]
  }
  return { [axes.right]: seen(axes.right, width), [axes.up]: seen(axes.up, height) }
}

export function fieldOfBox(box: Box): Field {
  return { x: box.x, y: box.y, z: box.z }
}

export function intersection(fields: readonly Field[]): Field {
  const common: Field = {}
  for (const field of fields)
    for (const axis of ['x', 'y', 'z'] as const) {
      const range = field[axis]
      if (!range) continue
      const before = common[axis]
      common[axis] = before ? [Math.max(before[0], range[0]), Math.min(before[1], range[1])] : range
    }
  return common
}

/** A range counted from `start` and cut to `extent` voxels; null where nothing is left. */
export function rangeWithin(range: Range | undefined, start: number, extent: number): [number, number] | null {
  const from = Math.max(0, (range?.[0] ?? start) - start)
  const to = Math.min(extent, (range?.[1] ?? start + extent) - start)
  return from < to ? [from, to] : null
}
