import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { figureSpecSchema } from '../../shared/figure.ts'
import type { Volume } from '../volume/volume.ts'
import { renderFigure } from './index.ts'
import { sourceOf, volumeOf } from './testing/figure-volumes.ts'

/** Balls of two sizes as members: the level 0 lies at 6 or at 10 voxels from the middle, each in half of them. */
const size = { x: 28, y: 28, z: 28 }
const ball = (radius: number): Volume => volumeOf(size, (x, y, z) => radius - Math.hypot(x - 13.5, y - 13.5, z - 13.5))
const source = sourceOf({ mean: ball(8), small: ball(6), large: ball(10), std: volumeOf(size, () => 2) })

/** How much of the light of the background is gone, from the middle to the right edge. */
async function profile(crossing: object): Promise<(radius: number) => number> {
  const spec = figureSpecSchema.parse({
    formatVersion: 1,
    widthMm: 28,
    dpi: 254,
    scaleBar: false,
    panels: [
      {
        kind: 'volume',
        volume: 'mean',
        mode: 'crossing',
        crossing,
        level: 0,
        contrast: { low: -1, high: 1 },
        depthCue: 0,
        camera: { rotation: [0, 0, 0, 1], target: { x: 14, y: 14, z: 14 }, height: 28 }
      }
    ]
  })
  const { width, height, channels, data } = decode(await renderFigure(spec, 'png', source))
  const scale = (width - 2 * (4 / 72) * 254) / 28
  return (radius) => {
    const x = Math.floor(width / 2 + radius * scale)
    return 255 - data[(Math.floor(height / 2) * width + x) * channels + 1]
  }
}

test('members alike make one closed surface, half of them half a surface', async () => {
  const alike = await profile({ from: 'members', members: ['small', 'small'] })
  const halves = await profile({ from: 'members', members: ['small', 'large', 'small', 'large'] })
  // Beyond the surfaces, and a cell for its blur, is the background.
  expect(alike(8)).toBe(0)
  expect(halves(12)).toBe(0)
  expect(alike(5)).toBeGreaterThan(25)
  // Between the two only half of the members have a surface: it can be seen through.
  expect(halves(8)).toBeGreaterThan(8)
  expect(alike(2)).toBeGreaterThan(8)
})

test('without members the Gaussian of mean and SD blurs the surface over its SD', async () => {
  const gaussian = await profile({ from: 'gaussian', mean: 'mean', std: 'std' })
  const sharp = await profile({ from: 'members', members: ['mean', 'mean'] })
  expect(sharp(10.5)).toBe(0)
  expect(gaussian(10.5)).toBeGreaterThan(5)
  expect(gaussian(13.9)).toBeLessThan(gaussian(10.5))
})
