import { MrcError } from './error.ts'
import type { Xyz } from './interpret-cell.ts'

/** Half-open voxel ranges along x, y and z. */
export interface Box {
  x: [number, number]
  y: [number, number]
  z: [number, number]
}

/** Every n-th voxel along each axis; 1 reads all. */
export interface Stride {
  x?: number
  y?: number
  z?: number
}

export type Plane = 'xy' | 'xz' | 'yz'

const axes = ['x', 'y', 'z'] as const

/** Number of voxels a half-open range gives when every `stride`-th is taken. */
export function strideCount(range: readonly [number, number], stride: number): number {
  return Math.ceil((range[1] - range[0]) / stride)
}

/** Throws MrcError out-of-range or bad-option unless the box is inside the volume and the stride is whole and positive. */
export function checkBox(box: Box, stride: Required<Stride>, size: Xyz, name: string): void {
  for (const axis of axes) {
    const [from, to] = box[axis]
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > size[axis] || from >= to) {
      throw new MrcError(
        'out-of-range',
        `The range ${from}:${to} along ${axis} is not inside ${name}, which has ${size[axis]} voxels there.`,
        `Choose whole numbers with 0 <= from < to <= ${size[axis]}.`
      )
    }
    if (!Number.isInteger(stride[axis]) || stride[axis] < 1) {
      throw new MrcError('bad-option', `The stride ${stride[axis]} along ${axis} is not a whole number >= 1.`, 'Use 1.')
    }
  }
}

/** The box of one voxel thickness that a plane at an index shows. Throws MrcError out-of-range. */
export function boxOfSlice(plane: Plane, index: number, size: Xyz, name: string): Box {
  const across = plane === 'xy' ? 'z' : plane === 'xz' ? 'y' : 'x'
  if (!Number.isInteger(index) || index < 0 || index >= size[across]) {
    throw new MrcError(
      'out-of-range',
      `There is no ${plane} slice ${index} in ${name}: ${across} goes from 0 to ${size[across] - 1}.`,
      'Choose an index in that range.'
    )
  }
  const box: Box = { x: [0, size.x], y: [0, size.y], z: [0, size.z] }
  box[across] = [index, index + 1]
  return box
}
