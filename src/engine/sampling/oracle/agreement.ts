import type { GaussianPosterior } from '../../bundle/gaussian/closed-form.ts'
import type { FamilyMaps } from '../../posterior/family.ts'
import { innerProducts, regionCounts } from './gaussian-problem.ts'
import type { GaussianProblem, RegionSums } from './gaussian-problem.ts'

export const regions = ['measured', 'wedge'] as const

/** How a family compares with the exact posterior, in each region of Fourier space. */
export interface Agreement {
  /**
   * Mean square of the draws about the exact mean, over the exact variance: 1 for an exact sampler however
   * few its draws, since the family's own variance and its mean's error add up to it.
   */
  variance: RegionSums
  /** Regression of the mean's shift from zbar on the exact one: 1 where the mean is right, 0 where it stayed at zbar. */
  slope: RegionSums
  /** Standard error of the slope for a given effective sample size of the draws. */
  slopeError(ess: number): RegionSums
  /** Square error of the mean over the exact variance: 1 / ESS. */
  meanError: RegionSums
}

export function compareFamily(problem: GaussianProblem, exact: GaussianPosterior, family: FamilyMaps): Agreement {
  const { mask, centre } = problem
  const counts = regionCounts(mask)
  const average = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0)
  const spread = { measured: average(family.measuredVariance), wedge: average(family.wedgeVariance) }
  const exactSpread = { measured: 0, wedge: 0 }
  exact.precision.forEach((value, k) => (exactSpread[mask[k] > 0.5 ? 'measured' : 'wedge'] += 1 / value))
  const error = family.mean.map((value, i) => value - exact.mean[i])
  const errorPower = innerProducts(problem, error, error)
  const errorShare = innerProducts(problem, error, error, (k) => exact.precision[k])
  const wanted = exact.mean.map((value, i) => value - centre[i])
  const got = family.mean.map((value, i) => value - centre[i])
  const along = innerProducts(problem, wanted, got)
  const power = innerProducts(problem, wanted, wanted)
  const noise = innerProducts(problem, wanted, wanted, (k) => 1 / exact.precision[k])
  const each = (value: (region: 'measured' | 'wedge') => number): RegionSums => ({
    measured: value('measured'),
    wedge: value('wedge')
  })
  return {
    variance: each((region) => (spread[region] + errorPower[region]) / exactSpread[region]),
    slope: each((region) => along[region] / power[region]),
    slopeError: (ess) => each((region) => Math.sqrt(noise[region] / ess) / power[region]),
    meanError: each((region) => errorShare[region] / counts[region])
  }
}

/**
 * Variance of the mean over n successive states of a stationary autoregression of correlation rho, over the states' variance.
 */
export function meanOfChain(rho: number, n: number): number {
  let sum = 1
  for (let lag = 1; lag < n; lag++) sum += 2 * (1 - lag / n) * rho ** lag
  return sum / n
}

/** The same for Leimkuhler and Matthews' chain that forgets a share a per step: correlations (1 - a)^(k - 1) (1 - a / 2) at lag k. */
export function meanOfPairedChain(a: number, n: number): number {
  let sum = 1
  for (let lag = 1; lag < n; lag++) sum += 2 * (1 - lag / n) * (1 - a) ** (lag - 1) * (1 - a / 2)
  return sum / n
}
