import type { ZYX } from '../../shared/axes.ts'
import { fftPlan } from './plan.ts'

/** A complex field of shape (D, H, W) = (z, y, x), C order; a real one has im = 0 before its transform. */
export interface ComplexField {
  readonly size: ZYX
  readonly re: Float64Array
  readonly im: Float64Array
}

/** A volume axis by its place in (z, y, x). */
export type AxisIndex = 0 | 1 | 2
export type Direction = 'forward' | 'inverse'

/** Neighbouring lines moved together, so that strided axes read whole cache lines. */
const linesAtOnce = 8

export function voxelCount(size: ZYX): number {
  return size[0] * size[1] * size[2]
}

export function complexField(size: ZYX): ComplexField {
  return { size, re: new Float64Array(voxelCount(size)), im: new Float64Array(voxelCount(size)) }
}

/** A real volume as a complex field with no imaginary part. */
export function fieldOf(values: ArrayLike<number>, size: ZYX): ComplexField {
  if (values.length !== voxelCount(size))
    throw new RangeError(`${values.length} values do not fill a box of ${size.join(' x ')} voxels.`)
  return { size, re: Float64Array.from(values), im: new Float64Array(values.length) }
}

/** Transforms in place along one axis. */
export function transformAxis(field: ComplexField, axis: AxisIndex, direction: Direction): void {
  const { size, re, im } = field
  const n = size[axis]
  if (n === 1) return
  const plan = fftPlan(n)
  const stride = axis === 2 ? 1 : axis === 1 ? size[2] : size[1] * size[2]
  // Lines are numbered so that consecutive ones are neighbours in memory where the axis allows it.
  const inner = axis === 2 ? 1 : stride
  const lines = re.length / n
  const bufferRe = new Float64Array(n * linesAtOnce)
  const bufferIm = new Float64Array(n * linesAtOnce)
  const starts = new Int32Array(linesAtOnce)
  for (let first = 0; first < lines; first += linesAtOnce) {
    const batch = Math.min(linesAtOnce, lines - first)
    for (let b = 0; b < batch; b++) {
      const line = first + b
      starts[b] = Math.floor(line / inner) * inner * n + (line % inner)
    }
    for (let k = 0, i = 0; k < n; k++) {
      for (let b = 0; b < batch; b++, i++) {
        const at = starts[b] + k * stride
        bufferRe[i] = re[at]
        bufferIm[i] = im[at]
      }
    }
    if (direction === 'forward') plan.forward(bufferRe, bufferIm, batch)
    else plan.inverse(bufferRe, bufferIm, batch)
    for (let k = 0, i = 0; k < n; k++) {
      for (let b = 0; b < batch; b++, i++) {
        const at = starts[b] + k * stride
        re[at] = bufferRe[i]
        im[at] = bufferIm[i]
      }
    }
  }
}

/** Transforms in place along some axes (all by default), unnormalised forward, 1/N inverse. */
export function transform(field: ComplexField, direction: Direction, axes: readonly AxisIndex[] = [0, 1, 2]): void {
  for (const axis of axes) transformAxis(field, axis, direction)
}
