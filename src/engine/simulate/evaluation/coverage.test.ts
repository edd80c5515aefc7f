import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../posterior/normal-quantile.ts'
import { fillNormal } from '../../sampling/noise/normal.ts'
import { gaussianCoverage, intervalSource, levels, probabilityOf, rankCoverage, Ranks } from './coverage.ts'
import { normalDensity, normalDistribution } from './normal.ts'

const voxels = 40_000

function noise(chain: number, scale = 1): Float32Array {
  const out = new Float32Array(voxels)
  fillNormal(out, 0, voxels, 0, { seed: 9, chain, step: 1, purpose: 'simulation' })
  return out.map((value) => scale * value)
}

function ranksOf(truth: Float32Array, members: number, scale = 1): Float64Array {
  const ranks = new Ranks(truth)
  for (let m = 0; m < members; m++) ranks.add(noise(m + 1, scale))
  return ranks.counts()
}

/** Four standard errors of a share of independent voxels. */
function error(share: number): number {
  return 4 * Math.sqrt((share * (1 - share)) / voxels)
}

/**
 * Exact: a truth t ~ N(0, 1) has a rank ~ Binomial(L, Phi(t / scale)) among members ~ N(0, scale^2). The interval ends at the k-th smallest
 * and the k-th largest member, k the whole number below (L + 1) (1 - level) / 2 or the one above, in proportion.
 */
function narrowCoverage(members: number, level: number, scale: number): number {
  const end = ((members + 1) * (1 - level)) / 2
  const below = Math.floor(end + 1e-12)
  const inside = (k: number): number => {
    let sum = 0
    const step = 0.01
    for (let t = -8 + step / 2; t < 8; t += step) {
      const p = normalDistribution(t / scale)
      let share = 0
      for (let rank = k; rank <= members - k; rank++)
        share += binomial(members, rank) * p ** rank * (1 - p) ** (members - rank)
      sum += normalDensity(t) * share * step
    }
    return sum
  }
  const part = end - below
  return part < 1e-9 ? inside(below) : (1 - part) * inside(below) + part * inside(below + 1)
}

function binomial(n: number, k: number): number {
  let product = 1
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i
  return product
}

describe('order statistics', () => {
  it.each([3, 4, 8, 9, 10, 19, 39, 63])(
    'cover exactly what they should for an exact sampler: %d members',
    (members) => {
      const counts = ranksOf(noise(0), members)
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(voxels)
      for (const level of levels) {
        const share = probabilityOf(level)
        expect(Math.abs(rankCoverage(counts, share) - share)).toBeLessThan(error(share))
      }
    }
  )

  it.each([3, 8, 19, 39])('give the known coverage of a family too narrow by a factor 2: %d members', (members) => {
    const counts = ranksOf(noise(0), members, 0.5)
    for (const level of levels) {
      const expected = narrowCoverage(members, probabilityOf(level), 0.5)
      expect(Math.abs(rankCoverage(counts, probabilityOf(level)) - expected)).toBeLessThan(error(expected))
    }
  })

  it('show a narrow family with as few members as they are used for', () => {
    expect(levels.map((level) => intervalSource(level, 2))).toEqual(Array(4).fill('gaussian'))
    expect(levels.map((level) => intervalSource(level, 3))).toEqual(['members', 'gaussian', 'gaussian', 'gaussian'])
    expect(levels.map((level) => intervalSource(level, 19))).toEqual(['members', 'members', 'members', 'gaussian'])
    expect(levels.map((level) => intervalSource(level, 39))).toEqual(Array(4).fill('members'))
    const counts = ranksOf(noise(0), 19, 0.5)
    expect(rankCoverage(counts, 0.9)).toBeLessThan(0.68)
  })

  it('count members that all are the truth as in the middle', () => {
    const truth = noise(0)
    const ranks = new Ranks(truth)
    for (let m = 0; m < 9; m++) ranks.add(truth)
    expect(rankCoverage(ranks.counts(), 0.8)).toBe(1)
  })
})

describe('mean and SD', () => {
  const stack = (draws: number, scale = 1): { mean: Float32Array; variance: Float32Array } => {
    const mean = new Float32Array(voxels)
    const square = new Float64Array(voxels)
    for (let m = 0; m < draws; m++)
      noise(m + 1, scale).forEach((value, i) => {
        mean[i] += value / draws
        square[i] += (value * value) / draws
      })
    return { mean, variance: Float32Array.from(square, (value, i) => value - mean[i] ** 2) }
  }

  it.each([2, 3, 8, 40])('cover exactly what they should for %d draws of a Gaussian', (draws) => {
    const { mean, variance } = stack(draws)
    for (const level of levels) {
      const share = probabilityOf(level)
      const found = gaussianCoverage(noise(0), mean, variance, draws, share)
      expect(Math.abs(found - share)).toBeLessThan(error(share))
    }
  })

  it('give the known coverage of the exact maps of a family too narrow by a factor 2', () => {
    const zero = new Float32Array(voxels)
    const quarter = new Float32Array(voxels).fill(0.25)
    for (const level of levels) {
      const share = probabilityOf(level)
      const expected = 2 * normalDistribution(normalQuantile((1 + share) / 2) / 2) - 1
      const found = gaussianCoverage(noise(0), zero, quarter, Infinity, share)
      expect(Math.abs(found - expected)).toBeLessThan(error(expected))
    }
  })
})
