import { WedgeviewError } from '../../shared/errors.ts'
import type { SlicePanel } from '../../shared/figure.ts'
import type { Slice } from '../volume/volume.ts'

type Crop = NonNullable<SlicePanel['crop']>

/**
 * The part of a slice that a panel shows, cut at the slice's edges.
 *
 * @throws WedgeviewError `crop-outside` where nothing is left of it
 */
export function cropSlice(slice: Slice, crop: Crop | null): Slice {
  if (!crop) return slice
  const [left, right] = within(crop.columns, slice.columns)
  const [bottom, top] = within(crop.rows, slice.rows)
  const columns = right - left
  const rows = top - bottom
  if (columns < 1 || rows < 1) {
    throw new WedgeviewError(
      'input',
      'crop-outside',
      `The crop ${crop.columns.join(':')}, ${crop.rows.join(':')} lies outside of a slice of ${slice.columns} x ${slice.rows}.`,
      'Give a crop inside the slice, or leave it out.'
    )
  }
  const data = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    const from = (bottom + row) * slice.columns + left
    data.set(slice.data.subarray(from, from + columns), row * columns)
  }
  return { rows, columns, data }
}

/** The panel as seen from its cropped slice: the overlay's offset counts from the crop's corner. */
export function cropPanel(panel: SlicePanel): SlicePanel {
  if (!panel.crop || !panel.overlay) return panel
  const [column, row] = panel.overlay.offset
  const offset: [number, number] = [column - panel.crop.columns[0], row - panel.crop.rows[0]]
  return { ...panel, overlay: { ...panel.overlay, offset } }
}

function within([from, to]: readonly [number, number], extent: number): [number, number] {
  return [Math.min(from, extent), Math.min(to, extent)]
}
