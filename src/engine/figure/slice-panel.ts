import { planeAxes } from '../../shared/axes.ts'
import type { SlicePanel } from '../../shared/figure.ts'
import { filteredSlice } from '../volume/filters/filtered-slice.ts'
import type { Slice } from '../volume/volume.ts'
import { cropPanel, cropSlice } from './crop-slice.ts'
import type { DrawnPanel } from './drawn-panel.ts'
import type { FigureSource } from './figure-svg.ts'
import { imageSvg, scaleBarSvg } from './panel-svg.ts'
import type { ColourBar } from './panel-svg.ts'
import { scaleBar } from './scale-bar.ts'
import { sliceRaster } from './slice-raster.ts'

/** Reads a slice and its overlay. @throws WedgeviewError `slice-outside`, and what opening and reading throws */
export async function readSlicePanel(given: SlicePanel, index: number, source: FigureSource): Promise<DrawnPanel> {
  const { volume, quantity } = await source.resolve(given.volume)
  const read = { signal: source.signal }
  const whole = given.filters
    ? await filteredSlice(volume, { plane: given.plane, index: given.index, filters: given.filters }, read)
    : await volume.readSlice(given.plane, given.index, read)
  const base = cropSlice(whole, given.crop ?? null)
  const voxel = volume.info.voxelSizeAngstrom
  const { column, row } = planeAxes[given.plane]
  const colourBars: ColourBar[] = []
  // Grey values are arbitrary and their bar says little; any other map is there to be read.
  if (given.colourMap !== 'grey') {
    const { colourMap, contrast: range } = given
    colourBars.push({ id: `base-${index}`, colourMap, range, quantity, threshold: null })
  }
  let overlay: Slice | null = null
  if (given.overlay) {
    overlay = await (
      await source.resolve(given.overlay.volume)
    ).volume.readSlice(given.plane, given.overlay.index, read)
    const { colourMap, contrast, threshold } = given.overlay
    colourBars.push({ id: `overlay-${index}`, colourMap, range: contrast, quantity: given.overlay.quantity, threshold })
  }
  const panel = cropPanel(given)
  const { columns, rows } = base
  return {
    title: panel.title,
    heightOverWidth: (rows / columns) * (voxel ? voxel[row] / voxel[column] : 1),
    colourBars,
    async draw(frame, drawing) {
      const pixels = (frame.width / 72) * drawing.dpi
      const raster = sliceRaster(panel, base, overlay, Math.max(1, Math.floor(columns / pixels)), drawing.part)
      const image = imageSvg(frame, raster, columns, rows)
      if (!drawing.scaleBar) return [image]
      return [image, scaleBarSvg(frame, scaleBar(columns, voxel && voxel[column], 0.3), columns)]
    }
  }
}
