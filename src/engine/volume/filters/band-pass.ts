import { cosineTransform } from './cosine-transform.ts'
import { withoutGaps } from './gaussian.ts'

/** Limits of a band in cycles per voxel; null is open. */
export interface Band {
  low: number | null
  high: number | null
}

/**
 * How much of frequency f passes: a raised cosine in log2 f, one octave wide, through 1/2 at each limit, so that a limit rings as little at low
 * frequencies as at high ones. f = 0 passes whole: grey values stay where the contrast expects them.
 */
export function bandResponse(f: number, { low, high }: Band): number {
  if (f === 0) return 1
  const above = low === null ? 1 : rise(Math.log2(f / low))
  const below = high === null ? 1 : 1 - rise(Math.log2(f / high))
  return above * below
}

function rise(octaves: number): number {
  const t = Math.min(1, Math.max(0, octaves + 0.5))
  return 0.5 - 0.5 * Math.cos(Math.PI * t)
}

/**
 * Band-passes a raster (rows x columns), mirrored at its edges, in float64. `pitch`: length of a voxel along rows' and columns' directions in
 * units of that which the band's voxel is. Values that are not finite count as the mean of the others and stay what they are. A new array.
 */
export function bandPass(
  raster: Float32Array,
  rows: number,
  columns: number,
  band: Band,
  pitch: { row: number; column: number } = { row: 1, column: 1 }
): Float32Array {
  const { values, gaps } = withoutGaps(raster)
  let field = Float64Array.from(values)
  cosineTransform(field, rows, columns, 'forward')
  field = transposed(field, rows, columns)
  cosineTransform(field, columns, rows, 'forward')
  for (let kx = 0, at = 0; kx < columns; kx++) {
    const fx = kx / (2 * columns * pitch.column)
    for (let ky = 0; ky < rows; ky++, at++) field[at] *= bandResponse(Math.hypot(fx, ky / (2 * rows * pitch.row)), band)
  }
  cosineTransform(field, columns, rows, 'inverse')
  field = transposed(field, columns, rows)
  cosineTransform(field, rows, columns, 'inverse')
  const out = Float32Array.from(field)
  for (const i of gaps) out[i] = raster[i]
  return out
}

function transposed(field: Float64Array<ArrayBuffer>, rows: number, columns: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(field.length)
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++) out[column * rows + row] = field[at]
  return out
}
