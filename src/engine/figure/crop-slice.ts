import { WedgeviewError } from '../../shared/errors.ts'
import type { SlicePanel } from '../../shared/figure.ts'
import type { Slice } from '../volume/volume.ts'

type Crop = NonNullable<SlicePanel['crop']>

/**
 * The rows and columns that a panel shows of a slice, cut at the slice's edges.
 *
 * @throws WedgeviewError `crop-outside` where nothing is left
 */
export function cropRanges(slice: Pick<Slice, 'rows' | 'columns'>, crop: Crop | null): Crop {
  if (!crop) return { columns: [0, slice.columns], rows: [0, slice.rows] }
  const columns = within(crop.columns, slice.columns)
  const rows = within(crop.rows, slice.rows)
  if (columns[1] - columns[0] < 1 || rows[1] - rows[0] < 1) {
    throw new WedgeviewError(
      'input',
      'crop-outside',
      `The crop ${crop.columns.join(':')}, ${crop.rows.join(':')} lies outside of a slice of ${slice.columns} x ${slice.rows}.`,
      'Give a crop inside the slice, or leave it out.'
    )
  }
  return { columns, rows }
}

/** The part of a slice that a panel shows. @throws WedgeviewError `crop-outside` */
export function cropSlice(slice: Slice, crop: Crop | null): Slice {
  if (!crop) return slice
  const ranges = cropRanges(slice, crop)
  const [left, right] = ranges.columns
  const [bottom, top] = ranges.rows
  const columns = right - left
  const rows = top - bottom
  const data = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    const from = (bottom + row) * slice.columns + left
    data.set(slice.data.subarray(from, from + columns), row * columns)
  }
  return { rows, columns, data }
}

function within([from, to]: readonly [number, number], extent: number): [number, number] {
  return [Math.min(from, extent), Math.min(to, extent)]
}
