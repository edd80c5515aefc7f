import type { Axis, Box, XYZ } from '../../shared/axes.ts'

const axes = ['x', 'y', 'z'] as const

/** Which sides of a box a drag moves: 0 the low, 1 the high side; 'all' moves the box. */
export type BoxGrip = 'all' | Partial<Record<Axis, 0 | 1>>

/** The box with both corners given in any order, rounded to whole voxels, inside the volume and not empty. */
export function boxFromCorners(a: XYZ, b: XYZ, size: XYZ): Box {
  const range = (axis: Axis): [number, number] => {
    const low = clamp(Math.round(Math.min(a[axis], b[axis])), 0, size[axis] - 1)
    return [low, clamp(Math.round(Math.max(a[axis], b[axis])), low + 1, size[axis])]
  }
  return { x: range('x'), y: range('y'), z: range('z') }
}

/** The box after a drag by `shift` voxels, kept inside the volume, at least one voxel long on each axis. */
export function dragBox(box: Box, grip: BoxGrip, shift: XYZ, size: XYZ): Box {
  const moved: Box = { x: [...box.x], y: [...box.y], z: [...box.z] }
  for (const axis of axes) {
    const by = Math.round(shift[axis])
    const [low, high] = box[axis]
    if (grip === 'all') {
      const kept = clamp(by, -low, size[axis] - high)
      moved[axis] = [low + kept, high + kept]
    } else if (grip[axis] === 0) moved[axis] = [clamp(low + by, 0, high - 1), high]
    else if (grip[axis] === 1) moved[axis] = [low, clamp(high + by, low + 1, size[axis])]
  }
  return moved
}

/** A box of about `edge` voxels around a voxel, cut at the volume's faces. */
export function boxAround(voxel: XYZ, edge: number, size: XYZ): Box {
  const range = (axis: Axis): [number, number] => {
    const length = Math.min(edge, size[axis])
    const low = clamp(voxel[axis] - Math.floor(length / 2), 0, size[axis] - length)
    return [low, low + length]
  }
  return { x: range('x'), y: range('y'), z: range('z') }
}

/** What is wrong with a typed box; null when it may be used. */
export function boxProblem(box: Box, size: XYZ): string | null {
  for (const axis of axes) {
    const [low, high] = box[axis]
    if (low < 0 || high > size[axis]) return `${axis} must stay within 0 and ${size[axis]}: the volume ends there.`
    if (high <= low) return `${axis} must run from a smaller to a larger number.`
  }
  return null
}

export function sameBox(a: Box | null, b: Box | null): boolean {
  if (!a || !b) return a === b
  return axes.every((axis) => a[axis][0] === b[axis][0] && a[axis][1] === b[axis][1])
}

export function intersects(box: Box, axis: Axis, index: number): boolean {
  return index >= box[axis][0] && index < box[axis][1]
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
