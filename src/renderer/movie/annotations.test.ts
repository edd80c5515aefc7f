import { expect, test } from 'vitest'
import type { Camera } from '../../shared/camera.ts'
import { barPlace } from './annotations.ts'
import { wholeBox } from '../../shared/axes.ts'
import { slicePane } from '../stores/paneKinds.ts'
import { testVolume } from '../stores/testVolume.ts'
import { framedCamera, pixelsPerPanePixel, sliceExtent, wholeView } from './pictureScale.ts'

test('a bar is as long as its label says, to half a pixel', () => {
  for (const [angstromPerPixel, width, height] of [
    [5.4, 1920, 1080],
    [13.7, 1280, 720],
    [0.9, 333, 777],
    [2.25, 96, 64]
  ]) {
    const bar = barPlace({ voxelsPerPixel: 1, angstromPerPixel, inMiddle: false }, { width, height })
    expect(bar).not.toBeNull()
    if (!bar) continue
    expect(Math.abs(bar.width - bar.lengthAngstrom / angstromPerPixel)).toBeLessThanOrEqual(0.5)
    expect(bar.x + bar.width).toBeLessThan(width / 2)
    expect(bar.y + bar.height).toBeLessThan(height)
    expect(Number.isInteger(bar.x) && Number.isInteger(bar.y)).toBe(true)
  }
})

test('without a voxel size it counts voxels, in perspective it says where it holds', () => {
  const size = { width: 640, height: 480 }
  const bar = barPlace({ voxelsPerPixel: 0.5, angstromPerPixel: null, inMiddle: false }, size)
  expect(bar?.label).toBe('50 voxels')
  expect(bar?.width).toBe(100)
  expect(barPlace({ voxelsPerPixel: 1, angstromPerPixel: 10, inMiddle: true }, size)?.label).toMatch(/ at the middle$/)
})

test('all that the pane shows is in the movie', () => {
  expect(pixelsPerPanePixel({ width: 400, height: 300 }, { width: 1920, height: 1080 })).toBe(3.6)
  expect(pixelsPerPanePixel({ width: 400, height: 300 }, { width: 400, height: 1080 })).toBe(1)
  const camera: Camera = { rotation: [0, 0, 0, 1], target: { x: 0, y: 0, z: 0 }, height: 100, perspective: false }
  expect(framedCamera(camera, { width: 400, height: 300 }, { width: 1920, height: 1080 }).height).toBe(100)
  // A narrower picture shows the same width.
  const narrow = framedCamera(camera, { width: 400, height: 200 }, { width: 300, height: 300 })
  expect(narrow.height).toBe(200)
})

test('a whole slice fills the picture, with voxels that are longer along z, transposed, of a part of the tomogram', () => {
  const size = { x: 30, y: 20, z: 10 }
  const volume = testVolume('v')
  const part = {
    ...volume,
    info: { ...volume.info, size },
    region: { tomogram: 't', box: { x: [5, 35], y: [2, 22], z: [7, 17] } }
  } satisfies typeof volume
  const view = {
    size: { x: 100, y: 100, z: 100 },
    voxelSizeAngstrom: { x: 10, y: 10, z: 20 },
    aspect: { x: 1, y: 1, z: 2 },
    cursor: { x: 0, y: 0, z: 0 },
    centre: { x: 1, y: 1, z: 1 },
    scale: 3,
    fit: null,
    framed: wholeBox(size)
  }
  const model = { pane: slicePane('p', { plane: 'yz', transposed: true }), base: part, view }
  // Beside XY: z to the right, y up.
  expect(sliceExtent(model)).toEqual({ width: 20, height: 20 })
  const whole = wholeView(model, { width: 400, height: 300 }, 2)
  expect(whole.scale * 2).toBe(15)
  expect(whole.centre).toEqual({ x: 20, y: 12, z: 12 })
})
