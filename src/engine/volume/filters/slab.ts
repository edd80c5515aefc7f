import { planeAxes, wholeBox } from '../../../shared/axes.ts'
import type { Plane } from '../../../shared/axes.ts'
import type { SliceFilters } from '../../../shared/slice-filters.ts'
import { sliceShape } from '../volume.ts'
import type { ReadOptions, Slice, Volume } from '../volume.ts'

/** Voxels read at once. */
const groupVoxels = 1 << 23

/**
 * Mean, greatest or least value of `slices` slices about `index` (one more below than above where the number is even; those there are at the
 * ends). Values that are not finite are left out; where there is no other, the result is NaN.
 */
export async function slabSlice(
  volume: Volume,
  plane: Plane,
  index: number,
  { kind, slices }: NonNullable<SliceFilters['slab']>,
  options: ReadOptions = {}
): Promise<Slice> {
  const { size } = volume.info
  const { normal } = planeAxes[plane]
  const { rows, columns } = sliceShape(size, plane)
  const from = Math.max(0, index - Math.floor(slices / 2))
  const to = Math.min(size[normal], index - Math.floor(slices / 2) + slices)
  const atOnce = Math.max(1, Math.floor(groupVoxels / (rows * columns)))
  const start = { mean: 0, max: -Infinity, min: Infinity }[kind]
  const combined = new Float64Array(rows * columns).fill(start)
  const counts = new Uint8Array(rows * columns)
  const add = (i: number, value: number): void => {
    if (value - value !== 0) return
    counts[i]++
    if (kind === 'mean') combined[i] += value
    else if (kind === 'max' ? value > combined[i] : value < combined[i]) combined[i] = value
  }
  for (let first = from; first < to; first += atOnce) {
    const end = Math.min(to, first + atOnce)
    const voxels = await volume.readBox({ ...wholeBox(size), [normal]: [first, end] }, options)
    const thick = end - first
    // The slab's own order is (z, y, x), whichever of them it is thin along.
    for (let s = 0; s < thick; s++) {
      for (let row = 0, i = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, i++) {
          const at =
            plane === 'xy'
              ? (s * rows + row) * columns + column
              : plane === 'xz'
                ? (row * thick + s) * columns + column
                : (row * columns + column) * thick + s
          add(i, voxels[at])
        }
      }
    }
  }
  const data = Float32Array.from(combined, (value, i) =>
    counts[i] === 0 ? Number.NaN : kind === 'mean' ? value / counts[i] : value
  )
  return { rows, columns, data }
}
