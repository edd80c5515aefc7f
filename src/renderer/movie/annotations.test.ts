import { expect, test } from 'vitest'
import type { Camera } from '../../shared/camera.ts'
import { barPlace } from './annotations.ts'
import { framedCamera, pixelsPerPanePixel } from './pictureScale.ts'

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
