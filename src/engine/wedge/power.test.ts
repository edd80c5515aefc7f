import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { voxelCount } from '../fourier/field.ts'
import { testNoise } from '../fourier/fixtures/noise.ts'
import { angularSamples, logPowerImage, planePower, powerByAngle } from './power.ts'
import { createWedgeOperator } from './operator.ts'

const noise = (size: ZYX, seed: number): Float32Array =>
  Float32Array.from(testNoise(voxelCount(size), seed), (v) => v * Math.sqrt(3) + 5)

describe('planePower', () => {
  it.each([0, 1, 2] as const)('gives the variance for white noise, whatever the mean, normal to axis %i', (normal) => {
    const size: ZYX = [20, 31, 26]
    const { axes, size: area, values } = planePower(noise(size, 3), size, normal)
    expect(axes).toEqual([0, 1, 2].filter((axis) => axis !== normal))
    expect(area).toEqual(axes.map((axis) => size[axis]))
    // Each value averages over the slices; the mean of all of them has a relative error of about 1 %.
    expect(Math.abs(values.reduce((a, b) => a + b) / values.length - 1)).toBeLessThan(0.05)
    expect(values.every((v) => v >= 0)).toBe(true)
  })

  it('finds a plane wave where it is', () => {
    const size: ZYX = [32, 3, 48]
    const wave = Float32Array.from({ length: voxelCount(size) }, (_, i) => {
      const z = Math.floor(i / (3 * 48))
      return Math.cos(2 * Math.PI * ((5 * z) / 32 - (9 * (i % 48)) / 48))
    })
    const { values } = planePower(wave, size, 1)
    const largest = values.indexOf(Math.max(...values))
    expect([
      [Math.floor(largest / 48), largest % 48],
      [(32 - Math.floor(largest / 48)) % 32, (48 - (largest % 48)) % 48]
    ]).toContainEqual([5, 48 - 9])
    const image = logPowerImage(wave, size, 'xz')
    expect([image.rows, image.columns]).toEqual([32, 48])
    expect(image.values.indexOf(Math.max(...image.values))).toBeOneOf([(16 + 5) * 48 + 24 - 9, (16 - 5) * 48 + 24 + 9])
    const angle = (Math.atan(-(5 / 32) / (9 / 48)) * 180) / Math.PI
    const strongest = angularSamples({ axes: [0, 2], size: [32, 48], values }, defaultWedge).reduce((a, b) =>
      b.power > a.power ? b : a
    )
    expect(strongest.degrees).toBeCloseTo(angle, 8)
    expect(strongest.radius).toBeCloseTo(Math.hypot(5 / 32, 9 / 48), 10)
  })

  it('ignores voxels that are no numbers and accepts degenerate boxes', () => {
    const size: ZYX = [6, 7, 1]
    const values = noise(size, 1)
    values.set([NaN, Infinity], 3)
    for (const normal of [0, 1, 2] as const)
      expect(planePower(values, size, normal).values.every(Number.isFinite)).toBe(true)
    expect(logPowerImage(new Float32Array(42), size, 'xy').values.every(Number.isFinite)).toBe(true)
  })
})

describe('powerByAngle', () => {
  it('is flat inside the tilt range and low outside, for any axis pair', () => {
    const size: ZYX = [48, 44, 52]
    for (const axes of [
      { tiltAxis: 'y', beamAxis: 'z' },
      { tiltAxis: 'x', beamAxis: 'y' },
      { tiltAxis: 'z', beamAxis: 'x' }
    ] as const) {
      const wedge = { ...defaultWedge, ...axes, tiltMin: -40, tiltMax: 62 }
      const volume = createWedgeOperator(wedge, size).apply(noise(size, 7))
      const tilt = 'zyx'.indexOf(axes.tiltAxis) as 0 | 1 | 2
      const bins = powerByAngle(
        angularSamples(planePower(volume, size, tilt), wedge).filter(({ radius }) => radius > 0.15)
      )
      // Bins of 2 degrees; a few hold no frequency of so small a box.
      expect(bins.every(({ degrees }) => Math.abs(degrees % 2) === 1 && Math.abs(degrees) < 90)).toBe(true)
      expect(bins.length).toBeGreaterThan(80)
      for (const { degrees, power } of bins) {
        if (degrees > -34 && degrees < 56) expect(power).toBeGreaterThan(0.6)
        if (degrees < -48 || degrees > 70) expect(power).toBeLessThan(0.05)
      }
    }
  })
})
