import { planeAxes } from '../../shared/axes.ts'
import type { Slice } from '../api/sliceCache.ts'
import type { CompareMode } from '../stores/comparison.ts'
import { displayOf, drawnRange } from '../stores/contrast.ts'
import { drawnState } from './drawnState.ts'
import type { PaneModel } from './paneModel.ts'
import { colourTexture, type SliceTexture, type SliceUniforms } from './sliceMaterial.ts'
import { placeSlice, type Looking } from './sliceUniforms.ts'

/** As slice.frag.glsl counts them. */
const modes: Readonly<Record<CompareMode, number>> = {
  swipe: 1,
  checkerboard: 2,
  flicker: 3,
  difference: 4,
  deviation: 5
}

/** What is drawn of a comparison; a pane whose two volumes can't be compared draws the first alone. */
export function updateComparison(
  uniforms: SliceUniforms,
  textures: { other: SliceTexture; spread: SliceTexture },
  model: PaneModel,
  slices: { other: Slice | null; spread: Slice | null },
  room: { width: number; pixelRatio: number; looking: Looking }
): void {
  const { comparison, pane } = model
  const alone = comparison === null || comparison.relation.kind === 'different'
  uniforms.uCompare.value = alone ? 0 : modes[comparison.settings.mode]
  uniforms.uHasOther.value = false
  uniforms.uHasSpread.value = false
  if (alone) return
  const { settings, other, otherTomogram, corner, spread, halfRange } = comparison
  const { contrast, showsOther } = model.fixed ?? drawnState()
  const { column, row } = planeAxes[pane.plane]
  const sliceOf = (kind: 'other' | 'spread', id: string | undefined): Slice | null => {
    const slice = slices[kind]
    return slice && slice.volumeId === id ? slice : null
  }

  const otherSlice = sliceOf('other', other.id)
  if (otherSlice) {
    const display = displayOf(contrast, other, otherTomogram, model.contrastScope)
    const drawn = drawnRange(display)
    uniforms.uHasOther.value = true
    uniforms.uOther.value = textures.other.of(otherSlice)
    uniforms.uOtherColours.value = colourTexture(display.colourMap)
    placeSlice(uniforms.uOtherLayer.value, otherSlice, { column: corner[column], row: corner[row] }, room.looking)
    uniforms.uGreys.value &&= display.colourMap === 'grey'
    uniforms.uOtherLayer.value.range.set(drawn.low, drawn.high)
    uniforms.uOtherLayer.value.gamma = display.gamma
  }
  const spreadSlice = sliceOf('spread', spread?.id)
  if (spreadSlice && spread) {
    uniforms.uHasSpread.value = true
    uniforms.uSpread.value = textures.spread.of(spreadSlice)
    const box = spread.region?.box
    placeSlice(
      uniforms.uSpreadLayer.value,
      spreadSlice,
      { column: box?.[column][0] ?? 0, row: box?.[row][0] ?? 0 },
      room.looking
    )
  }
  uniforms.uSwipe.value = settings.swipe * room.width * room.pixelRatio
  uniforms.uCell.value = settings.cell * room.pixelRatio
  uniforms.uShowsOther.value = showsOther[pane.id] ?? false
  uniforms.uDifferenceColours.value = colourTexture('blue-red')
  uniforms.uDifference.value.range.set(-halfRange, halfRange)
}
