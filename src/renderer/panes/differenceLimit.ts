import { planeAxes } from '../../shared/axes.ts'
import { isExact, type Slice } from '../api/sliceCache.ts'
import type { PaneModel } from '../slices/paneModel.ts'

interface ComparedSlices {
  a: Slice | null
  b: Slice | null
  /** Where the difference is in standard deviations. */
  spread: Slice | null
}

/** The 99th percentile of |A - B| (or of |A - B| / SD) over the voxels that both slices have; null where there are none. */
export function differenceLimit(model: PaneModel, { a, b, spread }: ComparedSlices): number | null {
  const { comparison, base, pane } = model
  if (!comparison || !a || !b || !isExact(a) || !isExact(b)) return null
  const { column, row } = planeAxes[pane.plane]
  const start = (axis: 'x' | 'y' | 'z'): number => base.region?.box[axis][0] ?? 0
  const shift = { column: start(column) - comparison.corner[column], row: start(row) - comparison.corner[row] }
  const sdBox = comparison.spread?.region?.box
  const sdShift = { column: start(column) - (sdBox?.[column][0] ?? 0), row: start(row) - (sdBox?.[row][0] ?? 0) }
  const limits: number[] = []
  for (let y = 0; y < a.rows; y++)
    for (let x = 0; x < a.columns; x++) {
      const other = valueIn(b, x + shift.column, y + shift.row)
      const sd = spread ? valueIn(spread, x + sdShift.column, y + sdShift.row) : 1
      const difference = Math.abs(a.values[y * a.columns + x] - other) / sd
      if (Number.isFinite(difference)) limits.push(difference)
    }
  if (limits.length === 0) return null
  limits.sort((one, two) => one - two)
  const limit = limits[Math.min(limits.length - 1, Math.floor(limits.length * 0.99))]
  return limit > 0 ? Number(limit.toPrecision(3)) : null
}

function valueIn(slice: Slice, x: number, y: number): number {
  return x < 0 || y < 0 || x >= slice.columns || y >= slice.rows ? Number.NaN : slice.values[y * slice.columns + x]
}
