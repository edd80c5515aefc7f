import { describe, expect, it } from 'vitest'
import { fillNormal } from '../../sampling/noise/normal.ts'
import { normalDistribution } from './normal.ts'
import {
  chiSquare,
  correlation,
  errorSdCorrelation,
  fairCrpsSum,
  gaussianCrps,
  meanSquaredError,
  slope
} from './scores.ts'
import { spreadBins } from './spread.ts'

const voxels = 40_000

function noise(chain: number, scale = 1): Float32Array {
  const out = new Float32Array(voxels)
  fillNormal(out, 0, voxels, 0, { seed: 4, chain, step: 2, purpose: 'simulation' })
  return out.map((value) => scale * value)
}

describe('CRPS', () => {
  it('of a Gaussian is the integral of its definition', () => {
    // Integral of (F(x) - [x >= truth])^2.
    const integral = (truth: number, mean: number, sd: number): number => {
      const step = 1e-3
      let sum = 0
      for (let x = -12 + step / 2; x < 12; x += step)
        sum += (normalDistribution((x - mean) / sd) - (x >= truth ? 1 : 0)) ** 2 * step
      return sum
    }
    for (const [truth, mean, variance] of [
      [0.5, 0.25, 1],
      [-2, 0, 0.25],
      [0, 0, 4]
    ]) {
      const [t, m, v] = [truth, mean, variance].map((value) => Float32Array.of(value))
      expect(gaussianCrps(t, m, v)).toBeCloseTo(integral(truth, mean, Math.sqrt(variance)), 5)
    }
    expect(gaussianCrps(Float32Array.of(3), Float32Array.of(1), Float32Array.of(0))).toBe(2)
  })

  it.each([2, 5, 20])('of %d members of an exact sampler is sd / sqrt(pi), whatever their number', (count) => {
    const members = Array.from({ length: count }, (_, m) => noise(m + 1, 3))
    expect(fairCrpsSum(noise(0, 3), members) / voxels / (3 / Math.sqrt(Math.PI))).toBeCloseTo(1, 1.7)
  })

  it('of members agrees with the closed form for a wrong family too', () => {
    const members = Array.from({ length: 12 }, (_, m) => noise(m + 1, 0.5))
    const closed = gaussianCrps(noise(0), new Float32Array(voxels), new Float32Array(voxels).fill(0.25))
    expect(fairCrpsSum(noise(0), members) / voxels / closed).toBeCloseTo(1, 1.7)
  })
})

describe('chi-square', () => {
  const family = (draws: number, scale: number): { mean: Float32Array; variance: Float32Array } => {
    const members = Array.from({ length: draws }, (_, m) => noise(m + 1, scale))
    const mean = Float32Array.from(
      { length: voxels },
      (_, i) => members.reduce((sum, each) => sum + each[i], 0) / draws
    )
    const variance = mean.map((centre, i) => members.reduce((sum, each) => sum + (each[i] - centre) ** 2, 0) / draws)
    return { mean, variance }
  }

  it.each([10, 30])('is 1 for %d draws of an exact sampler', (draws) => {
    const { mean, variance } = family(draws, 2)
    expect(chiSquare(noise(0, 2), mean, variance, draws).value).toBeCloseTo(1, 1)
  })

  it('is 4 for exact maps too narrow by a factor 2', () => {
    const { value } = chiSquare(noise(0), new Float32Array(voxels), new Float32Array(voxels).fill(0.25), Infinity)
    expect(Math.abs((value ?? 0) - 4)).toBeLessThan(4 * 4 * Math.sqrt(2 / voxels))
  })

  it('is not defined for three draws, and leaves voxels without spread out', () => {
    const { mean, variance } = family(3, 1)
    expect(chiSquare(noise(0), mean, variance, 3).value).toBeNull()
    const truth = Float32Array.of(1, 5)
    expect(chiSquare(truth, Float32Array.of(0, 0), Float32Array.of(1, 0), Infinity)).toEqual({
      value: 1,
      withoutSpread: 1
    })
    expect(chiSquare(truth, truth, new Float32Array(2), Infinity).value).toBeNull()
  })
})

describe('agreement', () => {
  it('knows plain cases', () => {
    const a = Float32Array.of(1, 2, 3, 4)
    const b = Float32Array.of(2, 4, 6, 9)
    expect(meanSquaredError(a, b)).toBe((1 + 4 + 9 + 25) / 4)
    // Sums of squares 5, 26.75 and 11.5.
    expect(correlation(a, b)).toBeCloseTo(11.5 / Math.sqrt(5 * 26.75), 12)
    expect(slope(a, b)).toBeCloseTo(11.5 / 5, 12)
    expect(correlation(a, new Float32Array(4))).toBeNull()
    expect(slope(new Float32Array(4), a)).toBeNull()
  })

  it('of |error| with SD has its closed form where SD takes two values', () => {
    // SD 1 and 3 in equal shares, error SD |N|: E|e| = sqrt(2/pi) SD, so the correlation is sqrt(2/pi) / sqrt(E SD^2 - 2/pi (E SD)^2).
    const sd = Float32Array.from({ length: voxels }, (_, i) => (i % 2 === 0 ? 1 : 3))
    const truth = noise(0).map((value, i) => value * sd[i])
    const variance = sd.map((value) => value * value)
    const expected = Math.sqrt(2 / Math.PI) / Math.sqrt(5 - (2 / Math.PI) * 4)
    const found = errorSdCorrelation(truth, new Float32Array(voxels), variance)
    expect(Math.abs((found ?? 0) - expected)).toBeLessThan(0.02)
    const bins = spreadBins(truth, new Float32Array(voxels), variance, 4)
    expect(bins.map((bin) => bin.sd)).toEqual([1, 1, 3, 3])
    for (const { sd: spread, error } of bins) expect(error / spread).toBeCloseTo(1, 1)
  })
})
