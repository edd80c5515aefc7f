import { planeAxes } from '../../shared/axes.ts'
import type { SlicePanel } from '../../shared/figure.ts'
import { isFiltered } from '../../shared/slice-filters.ts'
import type { SliceFilters } from '../../shared/slice-filters.ts'
import { filteredSlice } from '../volume/filters/filtered-slice.ts'
import type { Slice, Volume } from '../volume/volume.ts'
import { colourBarLegend } from './colour-bar-legend.ts'
import { cropRanges, cropSlice } from './crop-slice.ts'
import type { DrawnPanel, Legend } from './drawn-panel.ts'
import type { FigureSource } from './figure-svg.ts'
import { paletteKeyLegend } from './palette-key.ts'
import { imageSvg, scaleBarSvg } from './panel-svg.ts'
import { transposedSlice } from './placed-slice.ts'
import type { PlacedSlice } from './placed-slice.ts'
import { scaleBar } from './scale-bar.ts'
import { slicePanelMarks } from './slice-marks.ts'
import type { ShownSlice } from './slice-marks.ts'
import { sliceRaster } from './slice-raster.ts'
import type { PanelSlices, Sampling } from './slice-raster.ts'

/** Reads a panel's slices. @throws WedgeviewError `slice-outside`, `crop-outside`, and what opening and reading throws */
export async function readSlicePanel(panel: SlicePanel, index: number, source: FigureSource): Promise<DrawnPanel> {
  const { volume, quantity: named } = await source.resolve(panel.volume)
  const quantity = panel.quantity ?? named
  const whole = await readSlice(volume, panel, source)
  const { slices, shown } = await placedSlices(panel, volume, whole, source)
  const { columns, rows } = shown
  const voxel = volume.info.voxelSizeAngstrom
  const voxelAspect = voxel ? voxel[shown.up] / voxel[shown.right] : 1
  const corner = shown.corner[0]
  const drawnPanel: SlicePanel = panel.comparison
    ? {
        ...panel,
        comparison: {
          ...panel.comparison,
          at: panel.comparison.at - corner,
          corner: [panel.comparison.corner[0] - corner, panel.comparison.corner[1] - shown.corner[1]]
        }
      }
    : panel
  return {
    title: panel.title,
    heightAt: (width) => width * (rows / columns) * voxelAspect,
    legends: legendsOf(panel, index, quantity),
    async draw(frame, drawing) {
      const sampling = samplingOf(panel, shown, voxelAspect, (frame.width / 72) * drawing.dpi)
      const background = drawing.ink.background === '#fff' ? 'white' : 'black'
      const raster = sliceRaster(drawnPanel, slices, sampling, background, drawing.part)
      const isFine = sampling.across !== sampling.up || !Number.isInteger(sampling.across)
      const image = isFine
        ? imageSvg(frame, { ...raster, voxelsPerPixel: 1 }, raster.width, raster.height)
        : imageSvg(frame, raster, columns, rows)
      const marks = slicePanelMarks(frame, drawnPanel, shown, slices.overlay, drawing)
      if (!(panel.scaleBar ?? drawing.scaleBar)) return [image, ...marks]
      const bar = scaleBar(columns, voxel && voxel[shown.right], 0.3, panel.scaleBarAngstrom)
      return [image, ...marks, scaleBarSvg(frame, bar, columns, drawing.type)]
    }
  }
}

/** The base as its pane shows it. */
async function readSlice(
  volume: Volume,
  { plane, index, filters }: { plane: SlicePanel['plane']; index: number; filters?: SliceFilters | undefined },
  { signal }: FigureSource
): Promise<Slice> {
  return filters && isFiltered(filters)
    ? filteredSlice(volume, { plane, index, filters }, { signal })
    : volume.readSlice(plane, index, { signal })
}

async function placedSlices(
  panel: SlicePanel,
  volume: Volume,
  whole: Slice,
  source: FigureSource
): Promise<{ slices: PanelSlices; shown: ShownSlice }> {
  const { transposed, plane, overlay, comparison } = panel
  const { column, row, normal } = planeAxes[plane]
  const ranges = cropRanges(whole, panel.crop ?? null)
  const corner: [number, number] = [ranges.columns[0], ranges.rows[0]]
  const turned = <T>([a, b]: readonly [T, T]): [T, T] => (transposed ? [b, a] : [a, b])
  const placed = (slice: Slice, offset: readonly [number, number]): PlacedSlice => ({
    slice: transposed ? transposedSlice(slice) : slice,
    offset: turned([offset[0] - corner[0], offset[1] - corner[1]])
  })
  const read = async (
    of: { volume: string; index: number; offset: [number, number]; filters?: SliceFilters | undefined } | null
  ): Promise<PlacedSlice | null> => {
    if (!of) return null
    const other = (await source.resolve(of.volume)).volume
    return placed(await readSlice(other, { plane, index: of.index, filters: of.filters }, source), of.offset)
  }
  const base = cropSlice(whole, panel.crop ?? null)
  const [right, up] = turned([column, row])
  const [columns, rows] = turned([base.columns, base.rows])
  const slices: PanelSlices = {
    base: placed(base, corner),
    overlay: await read(overlay),
    other: await read(comparison),
    spread: comparison?.mode === 'deviation' ? await read(comparison.spread) : null
  }
  return {
    slices,
    shown: {
      right,
      up,
      normal,
      index: panel.index,
      corner: turned(corner),
      columns,
      rows,
      voxelSizeAngstrom: volume.info.voxelSizeAngstrom
    }
  }
}

/**
 * One pixel a voxel, or one for a block of them where the figure is coarser. What lies between voxels (a swipe's edge, cells of a checkerboard,
 * interpolated values) is drawn in the figure's own pixels.
 */
function samplingOf(
  { smooth, comparison }: SlicePanel,
  { columns, rows }: ShownSlice,
  voxelAspect: number,
  pixels: number
): Sampling {
  const divided = comparison?.mode === 'swipe' || comparison?.mode === 'checkerboard'
  if (divided || (smooth && pixels > columns)) {
    const width = Math.max(1, Math.round(pixels))
    const height = Math.max(1, Math.round((pixels * rows * voxelAspect) / columns))
    return { width, height, across: columns / width, up: rows / height, voxelAspect }
  }
  const block = Math.max(1, Math.floor(columns / pixels))
  return {
    width: Math.ceil(columns / block),
    height: Math.ceil(rows / block),
    across: block,
    up: block,
    voxelAspect
  }
}

function legendsOf(panel: SlicePanel, index: number, quantity: string): Legend[] {
  const { overlay, comparison, contrast, colourMap, gamma = 1 } = panel
  if (panel.colourBar === false) return []
  if (comparison?.mode === 'difference' || comparison?.mode === 'deviation') {
    const range = { low: -comparison.limit, high: comparison.limit }
    const bar = { id: `difference-${index}`, colourMap: 'blue-red' as const, range, threshold: null }
    return [colourBarLegend({ ...bar, quantity: comparison.quantity })]
  }
  const legends: Legend[] = []
  if (overlay?.style === 'value-suppressing')
    return [
      paletteKeyLegend({
        colourMap: overlay.valueColours,
        rows: overlay.treeRows,
        value: { ...contrast, gamma, quantity },
        spread: { ...overlay.contrast, quantity: overlay.quantity }
      })
    ]
  // Grey values are arbitrary and their bar says little; any other map is there to be read.
  if (panel.colourBar || colourMap !== 'grey')
    legends.push(colourBarLegend({ id: `base-${index}`, colourMap, range: contrast, gamma, quantity, threshold: null }))
  if (overlay) {
    const { colourMap: colours, contrast: range, threshold, contours } = overlay
    const bar = { id: `overlay-${index}`, colourMap: colours, range, threshold, contours }
    legends.push(colourBarLegend({ ...bar, quantity: overlay.quantity }))
  }
  return legends
}
