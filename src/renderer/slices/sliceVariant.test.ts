import { describe, expect, test } from 'vitest'
import { sliceMaterial } from './sliceMaterial.ts'
import { sliceVariant } from './sliceVariant.ts'

const drawn = (edit: (uniforms: ReturnType<typeof sliceMaterial>['uniforms']) => void) => {
  const { uniforms } = sliceMaterial()
  uniforms.uHasBase.value = true
  uniforms.uVoxelsPerPixel.value.set(0.5, 0.5)
  edit(uniforms)
  return sliceVariant(uniforms)
}

describe('a picture is compiled with what it needs', () => {
  test('of a base alone: averaging where voxels are smaller than pixels, else blending where it is wanted', () => {
    expect(drawn(() => undefined)).toEqual(['BLENDS'])
    expect(drawn(({ uSmooth }) => (uSmooth.value = false))).toEqual([])
    expect(drawn(({ uVoxelsPerPixel }) => uVoxelsPerPixel.value.set(0.5, 1.01))).toEqual(['AVERAGES'])
  })

  test('a coarse slice is blended where exact ones beside it are averaged', () => {
    const features = drawn(({ uVoxelsPerPixel, uBaseLayer, uHasOverlay }) => {
      uVoxelsPerPixel.value.set(2, 2)
      uBaseLayer.value.texel.set(4, 4)
      uHasOverlay.value = true
    })
    expect(features).toEqual(['AVERAGES', 'BLENDS', 'OVERLAYS'])
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
