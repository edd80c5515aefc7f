import type { ZYX } from '../../shared/axes.ts'

/** A 3 x 3 matrix, row major: takes a place (z, y, x) of the turned box, from its centre, to the place it shows. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number]

/** A rotation of a box as a linear map of its voxels: each output voxel is a weighted sum of `taps` input voxels. */
export interface VoxelMap {
  taps: number
  /** Input voxel of each tap, (taps, voxels). */
  index: Int32Array
  /** (taps, voxels); 1 throughout for the rotations of the cube. */
  weight: Float32Array
}

/**
 * The rotations of the cube that map a box onto itself: 24 where it is cubic, 8 where two edges are equal, else 4.
 * The identity comes first.
 */
export function boxRotations(size: ZYX): Matrix3[] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0]
  ]
  const rotations: Matrix3[] = []
  for (const order of orders) {
    if (order.some((source, axis) => size[source] !== size[axis])) continue
    for (let signs = 0; signs < 8; signs++) {
      const entries = [0, 0, 0, 0, 0, 0, 0, 0, 0]
      order.forEach((source, axis) => (entries[3 * axis + source] = (signs >> axis) & 1 ? -1 : 1))
      const matrix = entries as unknown as Matrix3
      if (determinant(matrix) === 1) rotations.push(matrix)
    }
  }
  return rotations
}

function determinant([a, b, c, d, e, f, g, h, i]: Matrix3): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
}

/** A uniformly distributed rotation from three uniform numbers in (0, 1): Shoemake, Graphics Gems III (1992). */
export function randomRotation(u1: number, u2: number, u3: number): Matrix3 {
  const [a, b] = [Math.sqrt(1 - u1), Math.sqrt(u1)]
  const x = a * Math.sin(2 * Math.PI * u2)
  const y = a * Math.cos(2 * Math.PI * u2)
  const z = b * Math.sin(2 * Math.PI * u3)
  const w = b * Math.cos(2 * Math.PI * u3)
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y)
  ]
}

/** A rotation of the cube about the box's centre, exact: one tap of weight 1. */
export function permutationMap(matrix: Matrix3, size: ZYX): VoxelMap {
  const voxels = size[0] * size[1] * size[2]
  const index = new Int32Array(voxels)
  const strides = [size[1] * size[2], size[2], 1]
  // Along each output axis the input index moves by one step of one axis, forwards or from its end.
  const steps = [0, 1, 2].map((axis) => {
    const source = [0, 1, 2].find((candidate) => matrix[3 * candidate + axis] !== 0) ?? 0
    const isForward = matrix[3 * source + axis] > 0
    return {
      step: isForward ? strides[source] : -strides[source],
      start: isForward ? 0 : (size[source] - 1) * strides[source]
    }
  })
  let at = 0
  const [sz, sy, sx] = steps
  for (let z = 0; z < size[0]; z++)
    for (let y = 0; y < size[1]; y++) {
      let from = sz.start + sy.start + sx.start + z * sz.step + y * sy.step
      for (let x = 0; x < size[2]; x++, from += sx.step) index[at++] = from
    }
  return { taps: 1, index, weight: new Float32Array(voxels).fill(1) }
}

/** Any rotation about the box's centre by trilinear interpolation: eight taps, those outside the box of weight 0. */
export function trilinearMap(matrix: Matrix3, size: ZYX): VoxelMap {
  const voxels = size[0] * size[1] * size[2]
  const index = new Int32Array(8 * voxels)
  const weight = new Float32Array(8 * voxels)
  const centre = size.map((n) => (n - 1) / 2)
  const place = [0, 0, 0]
  let at = 0
  for (let z = 0; z < size[0]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < size[2]; x++, at++) {
        const [dz, dy, dx] = [z - centre[0], y - centre[1], x - centre[2]]
        for (let axis = 0; axis < 3; axis++)
          place[axis] = centre[axis] + matrix[3 * axis] * dz + matrix[3 * axis + 1] * dy + matrix[3 * axis + 2] * dx
        for (let corner = 0; corner < 8; corner++) {
          let from = 0
          let share = 1
          for (let axis = 0; axis < 3; axis++) {
            const lower = Math.floor(place[axis])
            const upper = (corner >> axis) & 1
            const position = lower + upper
            const fraction = place[axis] - lower
            share *= upper ? fraction : 1 - fraction
            if (position < 0 || position >= size[axis]) share = 0
            from = from * size[axis] + Math.min(size[axis] - 1, Math.max(0, position))
          }
          index[corner * voxels + at] = from
          weight[corner * voxels + at] = share
        }
      }
  return { taps: 8, index, weight }
}

/** The inverse of a permutation: its adjoint. */
export function inverseIndex(index: Int32Array): Int32Array {
  const out = new Int32Array(index.length)
  for (let i = 0; i < index.length; i++) out[index[i]] = i
  return out
}
