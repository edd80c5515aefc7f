import type { ZYX } from '../../shared/axes.ts'
import { voxelCount, type AxisIndex } from '../fourier/field.ts'
import { mirrored } from '../fourier/frequency.ts'
import type { SpectralPlane } from './mask.ts'

/**
 * Filters as real matrix products, for graphs that have no complex numbers.
 *
 * The cas (Hartley) kernel cas(t) = cos t + sin t along each axis, H = (Cas x Cas x Cas) x / sqrt(N), is real, symmetric and
 * its own inverse. A real symbol S with S(k) = S(-k) splits by parity in each axis into a part even in all three and at most three
 * parts odd in two axes. The even part multiplies H; a part odd in axes a, b exchanges the cosine and sine terms of both, which
 * in H is a flip of those two axes and a change of sign:
 *
 *   cas transform of F^-1[S F x]  =  even .* H  -  sum over odd parts of  values .* flip_{a,b} H,      flip: k -> -k mod n
 */
export interface SplitSymbol {
  readonly size: ZYX
  /** (D, H, W), FFT order. */
  readonly even: Float32Array
  /** Only the parts that are not zero. */
  readonly odd: readonly { readonly axes: readonly [AxisIndex, AxisIndex]; readonly values: Float32Array }[]
}

/** The same for a symbol of two frequencies: one even part and at most one odd part (which flips both axes). */
export interface SplitPlane {
  readonly axes: readonly [AxisIndex, AxisIndex]
  readonly size: readonly [number, number]
  readonly even: Float32Array
  readonly odd: Float32Array | null
}

/** The orthonormal cas matrix of length n, row major, symmetric: C C = I. */
export function casMatrix(n: number): Float32Array {
  const out = new Float32Array(n * n)
  const scale = 1 / Math.sqrt(n)
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (2 * Math.PI * ((k * j) % n)) / n
      out[k * n + j] = scale * (Math.cos(angle) + Math.sin(angle))
    }
  }
  return out
}

const oddPairs: readonly (readonly [AxisIndex, AxisIndex])[] = [
  [0, 1],
  [0, 2],
  [1, 2]
]

/** Index of each frequency with the given axes negated, (D, H, W). */
function flippedIndex(size: ZYX, axes: readonly AxisIndex[]): Int32Array {
  const out = new Int32Array(voxelCount(size))
  const order = ([0, 1, 2] as const).map((axis) =>
    Int32Array.from({ length: size[axis] }, (_, k) => (axes.includes(axis) ? mirrored(k, size[axis]) : k))
  )
  let at = 0
  for (const z of order[0])
    for (const y of order[1]) for (const x of order[2]) out[at++] = (z * size[1] + y) * size[2] + x
  return out
}

/**
 * Splits a real symbol (D, H, W), FFT order. Throws RangeError where S(k) differs from S(-k) by more than rounding: such a filter
 * would turn real volumes complex.
 */
export function splitSymbol(symbol: ArrayLike<number>, size: ZYX): SplitSymbol {
  const count = voxelCount(size)
  if (symbol.length !== count)
    throw new RangeError(`${symbol.length} values do not fill a box of ${size.join(' x ')} frequencies.`)
  let largest = 0
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(symbol[i]))
  const rounding = 1e-6 * largest
  const opposite = flippedIndex(size, [0, 1, 2])
  for (let i = 0; i < count; i++) {
    if (!(Math.abs(symbol[i] - symbol[opposite[i]]) <= rounding))
      throw new RangeError(
        `The symbol differs between frequency ${i} and its opposite; a filter of real volumes may not.`
      )
  }
  // With S(k) = S(-k) flipping one axis is the same as flipping the other two, so four flips hold all eight.
  const z = flippedIndex(size, [0])
  const y = flippedIndex(size, [1])
  const x = flippedIndex(size, [2])
  const even = new Float32Array(count)
  const parts = oddPairs.map((axes) => ({ axes, values: new Float32Array(count), most: 0 }))
  for (let i = 0; i < count; i++) {
    const s = symbol[i]
    const sz = symbol[z[i]]
    const sy = symbol[y[i]]
    const sx = symbol[x[i]]
    even[i] = (s + sz + sy + sx) / 4
    const odd = [s - sz - sy + sx, s - sz + sy - sx, s + sz - sy - sx]
    for (let part = 0; part < 3; part++) {
      parts[part].values[i] = odd[part] / 4
      parts[part].most = Math.max(parts[part].most, Math.abs(odd[part] / 4))
    }
  }
  return { size, even, odd: parts.filter(({ most }) => most > rounding).map(({ axes, values }) => ({ axes, values })) }
}

/** Splits a symbol of two frequencies, the wedge's mask above all. A symmetric tilt range has no odd part. */
export function splitPlane(plane: SpectralPlane): SplitPlane {
  const [rows, columns] = plane.size
  const split = splitSymbol(plane.values, [1, rows, columns])
  return {
    axes: plane.axes,
    size: plane.size,
    even: split.even,
    odd: split.odd.length > 0 ? split.odd[0].values : null
  }
}
