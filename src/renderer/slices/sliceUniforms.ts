import type { OpenVolume } from '../../shared/volumes.ts'
import { planeAxes } from '../../shared/axes.ts'
import { displayOf, drawnRange, useContrast } from '../stores/contrast.ts'
import { layerName, useSlices, type LayerKind } from '../stores/slices.ts'
import { useView } from '../stores/view.ts'
import type { Slice } from '../api/sliceCache.ts'
import { updateComparison } from './comparisonUniforms.ts'
import { updateOverlay } from './overlayUniforms.ts'
import { paneModel, type PaneModel } from './paneModel.ts'
import { colourTexture, type LayerUniform, type SliceTexture, type SliceUniforms } from './sliceMaterial.ts'

/** The slices that a picture is made of. */
export type LayerSlices = Readonly<Record<LayerKind, Slice | null>>

/** Brings a pane's uniforms up to date with the stores; false where there is nothing to draw. */
export function updateSliceUniforms(
  uniforms: SliceUniforms,
  textures: Readonly<Record<LayerKind, SliceTexture>>,
  paneId: string,
  room: { width: number; pixelRatio: number }
): boolean {
  const model = paneModel(paneId)
  const { layers } = useSlices.getState()
  const shown = (kind: LayerKind): Slice | null => layers[layerName(paneId, kind)]?.slice ?? null
  const slices = { base: shown('base'), overlay: shown('overlay'), other: shown('other'), spread: shown('spread') }
  return model !== null && setSliceUniforms(uniforms, textures, model, slices, room)
}

/** The same for given slices: what a pane shows, or would show (src/renderer/movie). */
export function setSliceUniforms(
  uniforms: SliceUniforms,
  textures: Readonly<Record<LayerKind, SliceTexture>>,
  model: PaneModel,
  slices: LayerSlices,
  room: { width: number; pixelRatio: number }
): boolean {
  const { base, overlay } = slices
  if (!base && !overlay) return false
  const { pane, view } = model
  const { column, row } = planeAxes[pane.plane]

  uniforms.uTransposed.value = pane.transposed
  uniforms.uSmooth.value = useView.getState().smooth
  uniforms.uCentre.value.set(view.centre[column], view.centre[row])
  const perPixel = 1 / (view.scale * room.pixelRatio)
  uniforms.uVoxelsPerPixel.value.set(perPixel / view.aspect[column], perPixel / view.aspect[row])

  uniforms.uHasBase.value = base !== null && base.volumeId === model.base.id
  if (uniforms.uHasBase.value && base) {
    const display = displayOf(useContrast.getState(), model.base, model.tomogram, model.contrastScope)
    uniforms.uBase.value = textures.base.of(base)
    uniforms.uBaseColours.value = colourTexture(display.colourMap)
    placeLayer(uniforms.uBaseLayer.value, base, model.base)
    const layer = uniforms.uBaseLayer.value
    const drawn = drawnRange(display)
    layer.range.set(drawn.low, drawn.high)
    layer.gamma = display.gamma
  }

  uniforms.uHasOverlay.value = overlay !== null && overlay.volumeId === model.overlay?.volume.id
  if (uniforms.uHasOverlay.value && overlay && model.overlay) {
    const { volume, settings } = model.overlay
    uniforms.uOverlay.value = textures.overlay.of(overlay)
    placeLayer(uniforms.uOverlayLayer.value, overlay, volume)
    const { x, y } = uniforms.uBaseLayer.value.range
    const valueWindow = uniforms.uHasBase.value ? Math.abs(y - x) : null
    updateOverlay(uniforms, settings, volume, { pixelRatio: room.pixelRatio, valueWindow })
  }
  updateComparison(uniforms, textures, model, slices, room)
  return true
}

function placeLayer(layer: LayerUniform, slice: Slice, volume: OpenVolume): void {
  const { column, row } = planeAxes[slice.plane]
  const box = volume.region?.box
  placeSlice(layer, slice, box?.[column][0] ?? 0, box?.[row][0] ?? 0)
}

/** Puts a slice's lower left corner at a column and row of the tomogram. */
export function placeSlice(layer: LayerUniform, slice: Slice, column: number, row: number): void {
  layer.origin.set(column, row)
  layer.size = [slice.columns, slice.rows]
  layer.texel.set(slice.binning.column, slice.binning.row)
}
