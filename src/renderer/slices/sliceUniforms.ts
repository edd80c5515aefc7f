import type { OpenVolume } from '../../shared/volumes.ts'
import { planeAxes } from '../../shared/axes.ts'
import { displayOf, drawnRange } from '../stores/contrast.ts'
import { layerName, useSlices, type LayerKind } from '../stores/slices.ts'
import type { Slice } from '../api/sliceCache.ts'
import { updateComparison } from './comparisonUniforms.ts'
import { drawnState } from './drawnState.ts'
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
  const { contrast, smooth } = model.fixed ?? drawnState()

  uniforms.uTransposed.value = pane.transposed
  uniforms.uSmooth.value = smooth
  const pixel = 1 / (view.scale * room.pixelRatio)
  const looking: Looking = {
    centre: { column: view.centre[column], row: view.centre[row] },
    pixel: { column: pixel / view.aspect[column], row: pixel / view.aspect[row] }
  }

  uniforms.uGreys.value = false
  uniforms.uHasBase.value = base !== null && base.volumeId === model.base.id
  if (uniforms.uHasBase.value && base) {
    const display = displayOf(contrast, model.base, model.tomogram, model.contrastScope)
    uniforms.uBase.value = textures.base.of(base)
    uniforms.uBaseColours.value = colourTexture(display.colourMap)
    uniforms.uGreys.value = display.colourMap === 'grey'
    placeLayer(uniforms.uBaseLayer.value, base, model.base, looking)
    const layer = uniforms.uBaseLayer.value
    const drawn = drawnRange(display)
    layer.range.set(drawn.low, drawn.high)
    layer.gamma = display.gamma
  }

  uniforms.uHasOverlay.value = overlay !== null && overlay.volumeId === model.overlay?.volume.id
  if (uniforms.uHasOverlay.value && overlay && model.overlay) {
    const { volume, settings } = model.overlay
    uniforms.uOverlay.value = textures.overlay.of(overlay)
    placeLayer(uniforms.uOverlayLayer.value, overlay, volume, looking)
    const { x, y } = uniforms.uBaseLayer.value.range
    const valueWindow = uniforms.uHasBase.value ? Math.abs(y - x) : null
    updateOverlay(uniforms, settings, volume, { pixelRatio: room.pixelRatio, valueWindow })
  }
  updateComparison(uniforms, textures, model, slices, { ...room, looking })
  return true
}

/** Where a pane looks, in voxels of the tomogram along the slice's columns and rows. */
export interface Looking {
  /** What is in the pane's middle; voxel i covers [i, i + 1). */
  centre: { column: number; row: number }
  /** How much a device pixel covers. */
  pixel: { column: number; row: number }
}

function placeLayer(layer: LayerUniform, slice: Slice, volume: OpenVolume, looking: Looking): void {
  const { column, row } = planeAxes[slice.plane]
  const box = volume.region?.box
  placeSlice(layer, slice, { column: box?.[column][0] ?? 0, row: box?.[row][0] ?? 0 }, looking)
}

/** Puts a slice's lower left corner at a column and row of the tomogram. */
export function placeSlice(
  layer: LayerUniform,
  slice: Slice,
  corner: { column: number; row: number },
  { centre, pixel }: Looking
): void {
  const { binning } = slice
  layer.size = [slice.columns, slice.rows]
  layer.middle.set((centre.column - corner.column) / binning.column, (centre.row - corner.row) / binning.row)
  layer.perPixel.set(pixel.column / binning.column, pixel.row / binning.row)
}
