import { planeAxes } from '../../shared/axes.ts'
import type { FigureSpec } from '../../shared/figure.ts'
import { filteredSlice } from '../volume/filters/filtered-slice.ts'
import { cropSlice } from './crop-slice.ts'
import type { FigureSource } from './figure-svg.ts'
import type { TiffPage } from './tiff.ts'

const angstromPerInch = 2.54e8

/** The values behind a figure: each panel's slice as it is before colours, one page each, the top row first; then its overlay's. */
export async function figureData(spec: FigureSpec, source: FigureSource): Promise<TiffPage[]> {
  const pages: TiffPage[] = []
  for (const panel of spec.panels) {
    // A view of a volume has no values of its own.
    if (panel.kind !== 'slice') continue
    const { volume, quantity: named } = await source.resolve(panel.volume)
    const quantity = panel.quantity ?? named
    const read = { signal: source.signal }
    const whole = panel.filters
      ? await filteredSlice(volume, { plane: panel.plane, index: panel.index, filters: panel.filters }, read)
      : await volume.readSlice(panel.plane, panel.index, read)
    const { column, row } = planeAxes[panel.plane]
    const voxel = volume.info.voxelSizeAngstrom
    // The length of a voxel itself: what measuring programs read.
    const pixelsPerInch = voxel ? { x: angstromPerInch / voxel[column], y: angstromPerInch / voxel[row] } : null
    const base = cropSlice(whole, panel.crop ?? null)
    const described = (what: string): string =>
      [panel.title, `${panel.plane.toUpperCase()} slice ${panel.index}`, what].filter(Boolean).join('\n')
    pages.push({
      width: base.columns,
      height: base.rows,
      samples: topRowFirst(base),
      pixelsPerInch,
      description: described(quantity)
    })
    if (!panel.overlay) continue
    const overlay = await (
      await source.resolve(panel.overlay.volume)
    ).volume.readSlice(panel.plane, panel.overlay.index, read)
    pages.push({
      width: overlay.columns,
      height: overlay.rows,
      samples: topRowFirst(overlay),
      pixelsPerInch,
      description: described(panel.overlay.quantity)
    })
  }
  return pages
}

function topRowFirst({ rows, columns, data }: { rows: number; columns: number; data: Float32Array }): Float32Array {
  const out = new Float32Array(data.length)
  for (let row = 0; row < rows; row++)
    out.set(data.subarray(row * columns, (row + 1) * columns), (rows - 1 - row) * columns)
  return out
}
