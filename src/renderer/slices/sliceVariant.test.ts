import { describe, expect, test } from 'vitest'
import { sliceMaterial } from './sliceMaterial.ts'
import { sliceVariant } from './sliceVariant.ts'

const drawn = (edit: (uniforms: ReturnType<typeof sliceMaterial>['uniforms']) => void) => {
  const { uniforms } = sliceMaterial()
  uniforms.uHasBase.value = true
  for (const layer of [uniforms.uBaseLayer, uniforms.uOtherLayer, uniforms.uOverlayLayer])
    layer.value.perPixel.set(0.5, 0.5)
  edit(uniforms)
  return sliceVariant(uniforms)
}

describe('a picture is compiled with what it needs', () => {
  test('of a base alone: averaging where voxels are smaller than pixels, else blending where it is wanted', () => {
    expect(drawn(() => undefined)).toEqual(['BLENDS'])
    expect(drawn(({ uSmooth }) => (uSmooth.value = false))).toEqual([])
    expect(drawn(({ uBaseLayer }) => uBaseLayer.value.perPixel.set(0.5, 1.01))).toEqual(['AVERAGES'])
  })

  test('a coarse slice is blended where exact ones beside it are averaged', () => {
    const features = drawn(({ uOverlayLayer, uHasOverlay }) => {
      uOverlayLayer.value.perPixel.set(2, 2)
      uHasOverlay.value = true
    })
    expect(features).toEqual(['AVERAGES', 'BLENDS', 'OVERLAYS'])
  })

  test('of greys without gamma neither table nor power; swapped axes where the pane swaps them', () => {
    expect(
      drawn(({ uGreys, uSmooth, uTransposed }) => {
        uGreys.value = true
        uSmooth.value = false
        uTransposed.value = true
      })
    ).toEqual(['GREYS', 'TRANSPOSED'])
    expect(drawn(({ uBaseLayer }) => (uBaseLayer.value.gamma = 1.5))).toEqual(['BLENDS', 'GAMMA'])
    // That of a volume which is not drawn.
    expect(drawn(({ uOtherLayer }) => (uOtherLayer.value.gamma = 1.5))).toEqual(['BLENDS'])
  })

  test('contours and the muting palette only with an overlay, the other volume only in a comparison', () => {
    expect(
      drawn(({ uContourCount, uTreeRows, uHasOther }) => {
        uContourCount.value = 2
        uTreeRows.value = 3
        uHasOther.value = true
      })
    ).toEqual(['BLENDS'])
    expect(
      drawn(({ uContourCount, uTreeRows, uHasOverlay, uCompare }) => {
        uContourCount.value = 2
        uTreeRows.value = 3
        uHasOverlay.value = true
        uCompare.value = 1
      })
    ).toEqual(['BLENDS', 'COMPARES', 'OVERLAYS', 'CONTOURS', 'SUPPRESSES'])
  })
})
