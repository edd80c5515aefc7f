import { planeAxes, type Axis, type Box, type XYZ } from '../../shared/axes.ts'
import type { FigureSpec, SlicePanel } from '../../shared/figure.ts'
import type { SliceComparison } from '../../shared/figure-slice.ts'
import type { FigureVolumeRecipe } from '../../shared/figure-volumes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { previewOf, useFamilyBench } from '../family/familyStore.ts'
import { fieldOfBox, fieldOfView, intersection, rangeWithin, type Field } from '../geometry/fieldOfView.ts'
import { toVolume, type PaneTransform } from '../geometry/paneTransform.ts'
import { linesOf, useMeasure } from '../measure/measurements.ts'
import { differenceQuantity } from '../panes/differenceQuantity.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { paneGeometry } from '../panes/panePointer.ts'
import { isDifference, otherIndex } from '../slices/comparisonModel.ts'
import { paneModel, sliceIndex, type PaneModel } from '../slices/paneModel.ts'
import { useFlicker } from '../stores/comparison.ts'
import { displayOf, drawnRange, useContrast } from '../stores/contrast.ts'
import { filtersOf, useFilters } from '../stores/filters.ts'
import { useLayout } from '../stores/layout.ts'
import { overlayRange } from '../stores/overlay.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { useRegion } from '../stores/region.ts'
import { useView } from '../stores/view.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'

/** A panel, and the volumes that it needs made. */
export interface PaneFigure<Panel> {
  panel: Panel
  volumes: Record<string, FigureVolumeRecipe>
}

/** What a pane shows of its volume, along the axes of its tomogram. */
export function fieldOfPane(pane: PaneOf<'slice'>): Field {
  const geometry = paneGeometry(pane.id)
  if (!geometry) return {}
  const { base } = geometry.model
  return intersection([fieldOfView(geometry.transform), ...(base.region ? [fieldOfBox(base.region.box)] : [])])
}

/** A pane of slices as a figure's panel, of the part of it that `field` leaves; null while it shows nothing. */
export function slicePanel(pane: PaneOf<'slice'>, field: Field): PaneFigure<SlicePanel> | null {
  const model = paneModel(pane.id)
  if (!model) return null
  const { base, tomogram, view } = model
  const index = sliceIndex(base, view, pane.plane)
  if (index === null) return null
  const display = displayOf(useContrast.getState(), base, tomogram, model.contrastScope)
  const named = previewNames()
  const region = base.region ? null : (useRegion.getState().boxes[tomogram.id] ?? null)
  const crop = cropOf(pane, base, field)
  const panel: SlicePanel = {
    kind: 'slice',
    volume: named.of(base),
    plane: pane.plane,
    index,
    contrast: drawnRange(display),
    colourMap: display.colourMap,
    gamma: display.gamma,
    quantity: base.quantity,
    filters: filtersOf(useFilters.getState(), tomogram.id),
    crop,
    transposed: pane.transposed,
    smooth: useView.getState().smooth,
    title: `${layerTitle(base)}, ${pane.plane.toUpperCase()}`,
    overlay: overlayOf(model, named),
    comparison: comparisonOf(model, named),
    marks: {
      crosshair: null,
      region: region && framedRegion(movedBox(region, base), pane, crop),
      distances: linesOf(useMeasure.getState(), tomogram.id).map(({ from, to }) => ({
        from: movedPoint(from, base),
        to: movedPoint(to, base)
      }))
    }
  }
  return { panel, volumes: named.volumes }
}

/** Where the crosshair stands in a panel's volume; null where no pane shows that volume's tomogram. */
export function crosshairIn({ volume }: SlicePanel, { volumes: recipes }: Pick<FigureSpec, 'volumes'>): XYZ | null {
  const { volumes } = useVolumes.getState()
  const recipe = Object.hasOwn(recipes, volume) ? recipes[volume] : null
  const base = volumes[recipe?.kind === 'preview' ? recipe.of : volume]
  if (!base) return null
  for (const { id } of useLayout.getState().panes) {
    const model = paneModel(id)
    if (model && model.tomogram.id === tomogramOf(base)) return movedPoint(model.view.cursor, base)
  }
  return null
}

type Names = ReturnType<typeof previewNames>

/** Names of volumes as they are shown: a map shown for another temperature is a volume of the figure's own. */
function previewNames() {
  const volumes: Record<string, FigureVolumeRecipe> = {}
  const at = (volume: OpenVolume, gamma: number | null): string => {
    if (gamma === null) return volume.id
    const name = `${volume.id} at ${gamma}`
    volumes[name] = { kind: 'preview', of: volume.id, gamma }
    return name
  }
  return { volumes, at, of: (volume: OpenVolume): string => at(volume, previewOf(useFamilyBench.getState(), volume)) }
}

function cropOf(pane: PaneOf<'slice'>, base: OpenVolume, field: Field): SlicePanel['crop'] {
  const range = (axis: Axis) => rangeWithin(field[axis], startOf(base, axis), base.info.size[axis])
  const columns = range(planeAxes[pane.plane].column)
  const rows = range(planeAxes[pane.plane].row)
  return columns && rows ? { columns, rows } : null
}

/** Null where the panel shows nothing beyond the region: its frame would only be a border. */
function framedRegion(region: Box, pane: PaneOf<'slice'>, crop: SlicePanel['crop']): Box | null {
  const { column, row } = planeAxes[pane.plane]
  const holds = (axis: Axis, shown: readonly [number, number]): boolean =>
    region[axis][0] <= shown[0] && region[axis][1] >= shown[1]
  return crop && holds(column, crop.columns) && holds(row, crop.rows) ? null : region
}

function overlayOf(model: PaneModel, named: Names): SlicePanel['overlay'] {
  const { pane, base, tomogram, view, overlay } = model
  const index = overlay && sliceIndex(overlay.volume, view, pane.plane)
  if (!overlay || index === null) return null
  const { settings, volume } = overlay
  const { low, high } = displayOf(useContrast.getState(), base, tomogram, model.contrastScope)
  return {
    volume: named.of(volume),
    index,
    offset: offsetBetween(volume, base, pane),
    contrast: overlayRange(settings, volume, Math.abs(high - low)),
    colourMap: settings.colourMap,
    opacity: settings.opacity,
    opacityByValue: settings.opacityByValue,
    threshold: settings.threshold,
    contours: [...settings.contours],
    style: settings.style,
    treeRows: settings.treeRows,
    valueColours: settings.valueColours,
    quantity: volume.quantity
  }
}

function comparisonOf(model: PaneModel, named: Names): SliceComparison | null {
  const { comparison, pane, base, view } = model
  const transform = paneGeometry(pane.id)?.transform
  const index = comparison && otherIndex(comparison, view, pane.plane)
  if (!comparison || index === null || !transform) return null
  const { settings, other, otherTomogram, corner, spread, halfRange } = comparison
  const showsOther = useFlicker.getState().showsOther[pane.id] ?? false
  if (settings.mode === 'flicker' && !showsOther) return null
  const { column, row } = planeAxes[pane.plane]
  const display = displayOf(useContrast.getState(), other, otherTomogram, model.contrastScope)
  const spreadIndex = spread && sliceIndex(spread, view, pane.plane)
  const { right, up } = transform.axes
  const upperLeft = movedPoint(toVolume(transform, 0, 0, 0), base)
  return {
    mode: settings.mode === 'flicker' ? 'other' : settings.mode,
    // B is looked at at A's temperature.
    volume: named.at(other, previewOf(useFamilyBench.getState(), base)),
    index,
    offset: [corner[column] - startOf(base, column), corner[row] - startOf(base, row)],
    contrast: drawnRange(display),
    colourMap: display.colourMap,
    gamma: display.gamma,
    filters: filtersOf(useFilters.getState(), model.tomogram.id),
    at: alongRight(transform, settings.swipe * transform.width) - startOf(base, right),
    cell: settings.cell / transform.pixelsPerVoxel[right],
    corner: [upperLeft[right], upperLeft[up]],
    limit: halfRange,
    spread:
      spread && spreadIndex !== null && settings.mode === 'deviation'
        ? { volume: spread.id, index: spreadIndex, offset: offsetBetween(spread, base, pane) }
        : null,
    quantity: isDifference(settings) ? differenceQuantity(base, other, settings.mode === 'deviation') : 'A − B',
    names: [`A ${layerTitle(base)}`, `B ${layerTitle(other)}`]
  }
}

function alongRight(transform: PaneTransform, x: number): number {
  return toVolume(transform, x, 0, 0)[transform.axes.right]
}

/** Lower left corner of another slice in the base slice's pixels. */
function offsetBetween(other: OpenVolume, base: OpenVolume, pane: PaneOf<'slice'>): [number, number] {
  const { column, row } = planeAxes[pane.plane]
  return [startOf(other, column) - startOf(base, column), startOf(other, row) - startOf(base, row)]
}

/** Where a volume begins in its tomogram. */
export function startOf(volume: OpenVolume, axis: Axis): number {
  return volume.region?.box[axis][0] ?? 0
}

function movedPoint({ x, y, z }: XYZ, base: OpenVolume): XYZ {
  return { x: x - startOf(base, 'x'), y: y - startOf(base, 'y'), z: z - startOf(base, 'z') }
}

function movedBox(box: Box, base: OpenVolume): Box {
  const along = (axis: Axis): [number, number] => [
    box[axis][0] - startOf(base, axis),
    box[axis][1] - startOf(base, axis)
  ]
  return { x: along('x'), y: along('y'), z: along('z') }
}
