import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { voxelCount } from '../fourier/field.ts'
import { testNoise } from '../fourier/fixtures/noise.ts'
import { applyMultiplier } from '../fourier/multiplier.ts'
import { frequency } from '../fourier/frequency.ts'
import { estimateTiltRange } from './estimate.ts'
import { readGoldenNoise } from './fixtures/golden.ts'
import { createWedgeOperator } from './operator.ts'

/** Noise whose power falls by 40 from the centre to Nyquist, a wedge cut out, and a little noise over everything. */
function tomogram(size: ZYX, wedge: typeof defaultWedge, seed: number): Float32Array {
  const falling = Float64Array.from({ length: voxelCount(size) }, (_, i) => {
    const k = [Math.floor(i / (size[1] * size[2])), Math.floor(i / size[2]) % size[1], i % size[2]]
    const squares = k.reduce((sum, index, axis) => sum + frequency(index, size[axis]) ** 2, 0)
    return 1 / Math.sqrt(1 + 160 * squares)
  })
  const field = applyMultiplier(testNoise(voxelCount(size), seed), size, falling)
  const cut = createWedgeOperator(wedge, size).apply(Float32Array.from(field))
  const over = testNoise(voxelCount(size), seed + 1)
  return cut.map((v, i) => v + 0.01 * over[i])
}

describe('estimateTiltRange', () => {
  it('finds +-60 within 1 degree in the golden file', () => {
    const { values, size } = readGoldenNoise()
    const found = estimateTiltRange(values, size, defaultWedge)!
    expect(Math.abs(found.tiltMin + 60)).toBeLessThan(1)
    expect(Math.abs(found.tiltMax - 60)).toBeLessThan(1)
    expect(found.uncertaintyDegrees).toBeLessThan(2)
  })

  it('finds the range of the real microtubule tomogram: half of it within 5 of 60, and that it is tilted', () => {
    const bytes = readFileSync(new URL('../../../resources/samples/microtubule-13pf.mrc', import.meta.url))
    const values = Float32Array.from({ length: 36 * 206 * 94 }, (_, i) => bytes.readInt16LE(1024 + 2 * i))
    const { tiltMin, tiltMax } = estimateTiltRange(values, [36, 206, 94], defaultWedge)!
    expect(Math.abs((tiltMax - tiltMin) / 2 - 60)).toBeLessThan(5)
    // Power ends at -66 on one side and at +57 on the other.
    expect((tiltMax + tiltMin) / 2).toBeLessThan(-2)
    expect((tiltMax + tiltMin) / 2).toBeGreaterThan(-7)
  })

  const shapes: ZYX[] = [
    [64, 40, 64],
    [40, 30, 110],
    [33, 50, 47]
  ]
  it.each([
    [-60, 60],
    [-48, 60],
    [-66, 45],
    [-70, 70],
    [-40, 40]
  ])('finds %i to %i within 1.5 degrees in simulated boxes of several shapes', (tiltMin, tiltMax) => {
    for (const size of shapes) {
      const found = estimateTiltRange(tomogram(size, { ...defaultWedge, tiltMin, tiltMax }, 3), size, defaultWedge)!
      expect(Math.abs(found.tiltMin - tiltMin)).toBeLessThan(1.5)
      expect(Math.abs(found.tiltMax - tiltMax)).toBeLessThan(1.5)
    }
  })

  it('works for other axes', () => {
    const wedge = { ...defaultWedge, tiltAxis: 'x' as const, beamAxis: 'z' as const, tiltMin: -51, tiltMax: 57 }
    const found = estimateTiltRange(tomogram([48, 52, 30], wedge, 9), [48, 52, 30], wedge)!
    expect(Math.abs(found.tiltMin + 51)).toBeLessThan(1.5)
    expect(Math.abs(found.tiltMax - 57)).toBeLessThan(1.5)
  })

  it('refuses white noise, falling noise without a wedge, constants and boxes too small to tell', () => {
    for (const size of [...shapes, [100, 20, 100] as ZYX]) {
      expect(estimateTiltRange(Float32Array.from(testNoise(voxelCount(size), 5)), size, defaultWedge)).toBeNull()
      const whole = { ...defaultWedge, tiltMin: -90, tiltMax: 90 }
      expect(estimateTiltRange(tomogram(size, whole, 6), size, defaultWedge)).toBeNull()
    }
    expect(estimateTiltRange(new Float32Array(16 ** 3).fill(2), [16, 16, 16], defaultWedge)).toBeNull()
    expect(estimateTiltRange(new Float32Array(161), [1, 1, 161], defaultWedge)).toBeNull()
    expect(estimateTiltRange(Float32Array.from(testNoise(64, 1)), [4, 4, 4], defaultWedge)).toBeNull()
  })
})
