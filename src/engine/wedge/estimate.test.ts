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

/** The middle of a box. */
function cropped(values: Float32Array, from: ZYX, to: ZYX): Float32Array {
  const corner = from.map((n, axis) => (n - to[axis]) >> 1)
  return Float32Array.from({ length: voxelCount(to) }, (_, i) => {
    const at = [Math.floor(i / (to[1] * to[2])), Math.floor(i / to[2]) % to[1], i % to[2]]
    const [z, y, x] = at.map((index, axis) => index + corner[axis])
    return values[(z * from[1] + y) * from[2] + x]
  })
}

describe('estimateTiltRange', () => {
  it('finds +-60 within 1 degree in the golden file', () => {
    const { values, size } = readGoldenNoise()
    const found = estimateTiltRange(values, size, defaultWedge)!
    expect(Math.abs(found.tiltMin + 60)).toBeLessThan(1)
    expect(Math.abs(found.tiltMax - 60)).toBeLessThan(1)
    expect(found.uncertaintyDegrees).toBeLessThan(2)
  })

  it('finds the range of the real microtubule tomogram: 60 either way, about a middle at -4.4 degrees', () => {
    const bytes = readFileSync(new URL('../../../resources/samples/microtubule-13pf.mrc', import.meta.url))
    const values = Float32Array.from({ length: 36 * 206 * 94 }, (_, i) => bytes.readInt16LE(1024 + 2 * i))
    const { tiltMin, tiltMax, uncertaintyDegrees } = estimateTiltRange(values, [36, 206, 94], defaultWedge)!
    // Where the power falls to half of what it is beside the edge, by numpy: -65.4 and 56.7, the same to 0.2 with a Hann window, a
    // Tukey window and the periodic part of each slice (Moisan 2011).
    expect(Math.abs(tiltMin + 65.4)).toBeLessThan(0.7)
    expect(Math.abs(tiltMax - 56.7)).toBeLessThan(0.7)
    expect(Math.abs((tiltMax - tiltMin) / 2 - 60)).toBeLessThan(2)
    expect(uncertaintyDegrees).toBeLessThan(1.5)
    // Either half of the tomogram says the same.
    const halves = [0, 103].map((y0) => {
      const half = new Float32Array(36 * 103 * 94)
      for (let z = 0; z < 36; z++)
        half.set(values.subarray((z * 206 + y0) * 94, (z * 206 + y0 + 103) * 94), z * 103 * 94)
      return estimateTiltRange(half, [36, 103, 94], defaultWedge)!
    })
    expect(Math.abs(halves[0].tiltMin - halves[1].tiltMin)).toBeLessThan(uncertaintyDegrees)
    expect(Math.abs(halves[0].tiltMax - halves[1].tiltMax)).toBeLessThan(uncertaintyDegrees)
  })

  it('says how sure it is: crops of larger boxes, whose faces do not meet, of several shapes and ranges', () => {
    const errors: number[] = []
    for (const size of [
      [33, 40, 47],
      [36, 30, 94]
    ] satisfies ZYX[]) {
      for (const [tiltMin, tiltMax] of [
        [-60, 60],
        [-48, 60],
        [-66, 45]
      ]) {
        const whole: ZYX = [2 * size[0], size[1], 2 * size[2]]
        const volume = cropped(tomogram(whole, { ...defaultWedge, tiltMin, tiltMax }, 4), whole, size)
        const found = estimateTiltRange(volume, size, defaultWedge)!
        expect(Math.abs(found.tiltMin - tiltMin)).toBeLessThan(3 * found.uncertaintyDegrees)
        expect(Math.abs(found.tiltMax - tiltMax)).toBeLessThan(3 * found.uncertaintyDegrees)
        errors.push(found.tiltMin - tiltMin, found.tiltMax - tiltMax)
      }
    }
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)).toBeLessThan(0.7)
    // Not to the wider or the narrower side.
    const outward = errors.reduce((sum, error, i) => sum + (i % 2 === 0 ? -error : error), 0) / errors.length
    expect(Math.abs(outward)).toBeLessThan(0.4)
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
