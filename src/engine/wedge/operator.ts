import type { ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { voxelCount } from '../fourier/field.ts'
import { fftPlan } from '../fourier/plan.ts'
import { wedgePlane, wedgeAxes, type SpectralPlane } from './mask.ts'

/** T_M and its complement on boxes of one size. Real volumes in, real volumes out, float64 inside. */
export interface WedgeOperator {
  readonly wedge: Wedge
  readonly size: ZYX
  readonly plane: SpectralPlane
  /** Mean of M. */
  readonly measuredFraction: number
  /** T_M x = F^-1 [ M .* F x ], (D, H, W). The input is left alone. */
  apply(x: Float32Array): Float32Array
  /** (I - T_M) x: what the missing wedge hides. */
  complement(x: Float32Array): Float32Array
}

/** Planes gathered side by side: neighbours along the tilt axis, so that strided reads use whole cache lines. */
const planesAtOnce = 8

/**
 * T_M as a 2-D transform of each plane perpendicular to the tilt axis, since M depends on two frequencies only. Two real planes
 * travel as the real and imaginary part of one complex plane: M(k) = M(-k) keeps them apart.
 */
export function createWedgeOperator(wedge: Wedge, size: ZYX): WedgeOperator {
  const plane = wedgePlane(wedge, size)
  const fraction = plane.values.reduce((sum, v) => sum + v, 0) / plane.values.length
  const { tilt } = wedgeAxes(wedge)
  const [first, second] = plane.axes
  const [rows, columns] = plane.size
  const strides = [size[1] * size[2], size[2], 1]
  const rowStride = strides[first]
  const columnStride = strides[second]
  const tiltStride = strides[tilt]
  const planes = size[tilt]
  const area = rows * columns
  const complementary = plane.values.map((v) => 1 - v)

  const filtered = (x: Float32Array, symbol: Float64Array): Float32Array => {
    if (x.length !== voxelCount(size))
      throw new RangeError(`${x.length} values do not fill a box of ${size.join(' x ')} voxels.`)
    const out = new Float32Array(x.length)
    const re = new Float64Array(area * planesAtOnce)
    const im = new Float64Array(area * planesAtOnce)
    for (let start = 0; start < planes; start += 2 * planesAtOnce) {
      const pairs = Math.min(planesAtOnce, Math.ceil((planes - start) / 2))
      const last = planes - 1
      for (let i = 0, at = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const from = i * rowStride + j * columnStride
          for (let b = 0; b < pairs; b++, at++) {
            const a = start + 2 * b
            re[at] = x[from + a * tiltStride]
            im[at] = a < last ? x[from + (a + 1) * tiltStride] : 0
          }
        }
      }
      transformPlanes(re, im, rows, columns, pairs, 'forward')
      for (let k = 0, at = 0; k < area; k++) {
        const m = symbol[k]
        for (let b = 0; b < pairs; b++, at++) {
          re[at] *= m
          im[at] *= m
        }
      }
      transformPlanes(re, im, rows, columns, pairs, 'inverse')
      for (let i = 0, at = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const to = i * rowStride + j * columnStride
          for (let b = 0; b < pairs; b++, at++) {
            const a = start + 2 * b
            out[to + a * tiltStride] = re[at]
            if (a < last) out[to + (a + 1) * tiltStride] = im[at]
          }
        }
      }
    }
    return out
  }

  return {
    wedge,
    size,
    plane,
    measuredFraction: fraction,
    apply: (x) => filtered(x, plane.values),
    complement: (x) => filtered(x, complementary)
  }
}

/** 2-D transforms of `batch` interleaved planes (member (i, j) of plane b is at (i * columns + j) * batch + b), in place. */
function transformPlanes(
  re: Float64Array,
  im: Float64Array,
  rows: number,
  columns: number,
  batch: number,
  direction: 'forward' | 'inverse'
): void {
  // Along the rows' index every (column, plane) is a line of one interleaved batch.
  fftPlan(rows)[direction](re, im, columns * batch)
  const alongColumns = fftPlan(columns)
  const width = columns * batch
  for (let i = 0; i < rows; i++) {
    alongColumns[direction](re.subarray(i * width, (i + 1) * width), im.subarray(i * width, (i + 1) * width), batch)
  }
}
