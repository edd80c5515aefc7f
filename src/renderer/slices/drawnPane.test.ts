import { expect, test } from 'vitest'
import { drawnPart } from './drawnPane.ts'
import { sliceMaterial } from './sliceMaterial.ts'

/** A slice of 10 columns and 4 rows, three pixels a voxel, with its middle in the pane's middle. */
function small() {
  const { uniforms } = sliceMaterial()
  uniforms.uHasBase.value = true
  const layer = uniforms.uBaseLayer.value
  layer.size = [10, 4]
  layer.middle.set(5, 2)
  layer.perPixel.set(1 / 3, 1 / 3)
  return { uniforms, layer }
}

test('only the pixels that a slice covers are drawn', () => {
  const { uniforms } = small()
  expect(drawnPart(uniforms, [100, 50, 60, 40])).toEqual([115, 64, 30, 12])
  uniforms.uTransposed.value = true
  expect(drawnPart(uniforms, [100, 50, 60, 40])).toEqual([124, 55, 12, 30])
})

test('pixels that it covers in part count, those beyond the pane do not', () => {
  const { uniforms, layer } = small()
  layer.middle.set(5.1, 2)
  expect(drawnPart(uniforms, [0, 0, 61, 40])).toEqual([15, 14, 31, 12])
  layer.perPixel.set(0.01, 0.01)
  expect(drawnPart(uniforms, [7, 9, 61, 40])).toEqual([7, 9, 61, 40])
  layer.middle.set(900, 2)
  expect(drawnPart(uniforms, [7, 9, 61, 40])[2]).toBe(0)
})

test('an overlay beside the base is drawn, too; without any slice nothing is', () => {
  const { uniforms } = small()
  uniforms.uHasOverlay.value = true
  const overlay = uniforms.uOverlayLayer.value
  overlay.size = [10, 4]
  overlay.middle.set(0, 2)
  overlay.perPixel.set(1 / 3, 1 / 3)
  expect(drawnPart(uniforms, [0, 0, 100, 40])).toEqual([35, 14, 45, 12])
  uniforms.uHasOverlay.value = false
  uniforms.uHasBase.value = false
  expect(drawnPart(uniforms, [0, 0, 100, 40])).toEqual([0, 0, 0, 0])
})
