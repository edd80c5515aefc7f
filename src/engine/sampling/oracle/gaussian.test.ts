import { beforeAll, describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import type { RequestedSettings } from '../../../shared/settings.ts'
import { inversePrecision, posteriorPrecision } from '../../graph/preconditioner.ts'
import type { FamilyMaps } from '../../posterior/family.ts'
import { wedgePlane } from '../../wedge/mask.ts'
import { stepAt } from '../langevin/schedule.ts'
import { expectedBias, varianceRatio } from '../langevin/step-bias.ts'
import type { Reconstruction } from '../index.ts'
import { compareFamily, meanOfChain, meanOfPairedChain, regions } from './agreement.ts'
import type { Agreement } from './agreement.ts'
import {
  colouredSpectrum,
  innerProducts,
  makeGaussianProblem,
  regionCounts,
  symmetricWedge
} from './gaussian-problem.ts'
import type { GaussianProblem } from './gaussian-problem.ts'
import { runMethod } from './run.ts'

/**
 * Oracle 8.1: the four methods against the closed form, measured frequencies and the wedge each on their own. Seeds are fixed; bounds are
 * five standard errors of the Monte-Carlo estimate, which are stated where they are used.
 */
const weights = { lambda: 2, beta: 0.5, gamma: 1 }
const boxes: { name: string; size: ZYX; tiltMin: number; steps: number }[] = [
  { name: '32 x 32 x 32', size: [32, 32, 32], tiltMin: -60, steps: 130 },
  { name: '15 x 21 x 27, tilts from -48', size: [15, 21, 27], tiltMin: -48, steps: 250 }
]

const familyOf = (result: Reconstruction): FamilyMaps => {
  if (!result.family) throw new Error('The method gave no family.')
  return result.family
}

describe.each(boxes)('oracle 8.1 on $name', ({ size, tiltMin, steps }) => {
  let problem: GaussianProblem
  beforeAll(async () => {
    problem = await makeGaussianProblem(size, colouredSpectrum, 0.5, { ...symmetricWedge, tiltMin })
  })

  /** Variance within five standard errors sqrt(2 / (frequencies * ESS)), slope within five of its own. */
  const expectAgreement = (agreement: Agreement, ratio: { measured: number; wedge: number }, ess: number): void => {
    const counts = regionCounts(problem.mask)
    for (const region of regions) {
      const error = 5 * Math.sqrt(2 / (counts[region] * ess))
      expect(Math.abs(agreement.variance[region] / ratio[region] - 1)).toBeLessThan(error)
      expect(Math.abs(agreement.slope[region] - 1)).toBeLessThan(5 * agreement.slopeError(ess)[region])
      // Unless the wedge's and the data's shift are seen at all, the slope says nothing.
      expect(5 * agreement.slopeError(ess)[region]).toBeLessThan(0.2)
    }
  }
  const langevin = (request: RequestedSettings): Promise<Reconstruction> =>
    runMethod(problem, 'cryowgen-2', {
      ...{ ...weights, integrator: 'euler', burnIn: 30, thin: 1, chains: 4, members: 2, seed: 7 },
      ...request
    })

  it('CryoGEN-I finds the mode', async () => {
    const exact = problem.posterior(weights)
    const result = await runMethod(problem, 'cryogen-1', { lambda: weights.lambda, beta: weights.beta })
    const map = result.map ?? new Float32Array(0)
    const error = map.map((value, i) => value - exact.mean[i])
    const [wrong, whole] = [innerProducts(problem, error, error), innerProducts(problem, exact.mean, exact.mean)]
    for (const region of regions) expect(Math.sqrt(wrong[region] / whole[region])).toBeLessThan(2e-3)
    expect(Math.abs(result.misfitPerMeasuredVoxel / exact.misfit.mean - 1)).toBeLessThan(1e-3)
    expect(result.diagnostics.objective).toBe(result.trace.potential.at(-1))
  })

  it('CryoGEN-II is the encoder’s answer', async () => {
    const result = await runMethod(problem, 'cryogen-2', {})
    result.map?.forEach((value, i) => expect(value).toBe(problem.centre[i]))
    expect(result.family).toBeNull()
  })

  it('CryoWGEN-I reweights to the posterior', async () => {
    // Importance weights of thousands of dimensions stay useful only near kappa: lambda and Q small against beta * gamma.
    const near = { lambda: 0.6, beta: 0.25, gamma: 1200 }
    const candidates = 600
    const exact = problem.posterior(near)
    const result = await runMethod(problem, 'cryowgen-1', { ...near, candidates, members: 3, seed: 11 })
    const ess = result.diagnostics.weightEss ?? 0
    expect(ess).toBeGreaterThan(0.1 * candidates)
    expect(ess).toBeLessThan(0.95 * candidates)
    const agreement = compareFamily(problem, exact, familyOf(result))
    const counts = regionCounts(problem.mask)
    for (const region of regions) {
      expect(Math.abs(agreement.variance[region] - 1)).toBeLessThan(5 * Math.sqrt(2 / (counts[region] * ess)))
      expect(Math.abs(agreement.slope[region] - 1)).toBeLessThan(5 * agreement.slopeError(ess)[region])
    }
    expect(result.trace.freeEnergy?.weightEss).toBe(ess)
    expect(familyOf(result).members.length).toBe(3)
    expect(result.barycentre).toEqual(familyOf(result).mean)
  })

  it('CryoWGEN-II with the Fourier preconditioner has the predicted bias', async () => {
    const exact = problem.posterior(weights)
    const step = 0.4
    const result = await langevin({ preconditioner: 'fourier', step, steps })
    const ratio = varianceRatio(step, 1)
    const n = steps - 30
    const perChain = meanOfChain(1 - step, n)
    const agreement = compareFamily(problem, exact, familyOf(result))
    expectAgreement(agreement, { measured: ratio, wedge: ratio }, 4 / perChain)
    for (const region of regions)
      expect(Math.abs(agreement.meanError[region] / ((ratio * perChain) / 4) - 1)).toBeLessThan(0.1)
    // Predicted and told.
    expect(result.warnings.find(({ code }) => code === 'step-bias')?.message).toContain('25 %')
    const ess = result.diagnostics.ess ?? 0
    expect(ess * (perChain / 4)).toBeGreaterThan(0.8)
    expect(ess * (perChain / 4)).toBeLessThan(1.25)
    // The family's misfit: the mean's, and the spread about it inside the measured region, which the step bias widens.
    const misfit = exact.misfit.mean + (exact.misfit.family - exact.misfit.mean) * ratio
    expect(Math.abs(result.misfitPerMeasuredVoxel / misfit - 1)).toBeLessThan(0.02)
  })

  it('CryoWGEN-II with Leimkuhler-Matthews noise has no step bias, and the predicted correlations', async () => {
    const exact = problem.posterior(weights)
    const step = 0.8
    const result = await langevin({ integrator: 'leimkuhler-matthews', preconditioner: 'fourier', step, steps })
    // An Euler step of this size would give 1.67 times the variance.
    expect(varianceRatio(step, 1)).toBeGreaterThan(1.6)
    const n = steps - 30
    const perChain = meanOfPairedChain(step, n)
    const agreement = compareFamily(problem, exact, familyOf(result))
    expectAgreement(agreement, { measured: 1, wedge: 1 }, 4 / perChain)
    for (const region of regions) expect(Math.abs(agreement.meanError[region] / (perChain / 4) - 1)).toBeLessThan(0.1)
    expect(result.warnings).toEqual([])
    const ess = result.diagnostics.ess ?? 0
    expect(ess * (perChain / 4)).toBeGreaterThan(0.8)
    expect(ess * (perChain / 4)).toBeLessThan(1.25)
    expect(Math.abs(result.misfitPerMeasuredVoxel / exact.misfit.family - 1)).toBeLessThan(0.02)
  })

  it('CryoWGEN-II with Leimkuhler-Matthews noise needs no preconditioner to be without bias', async () => {
    const exact = problem.posterior(weights)
    const step = 0.12
    const result = await langevin({ integrator: 'leimkuhler-matthews', preconditioner: 'none', step, steps })
    const slowest = exact.precision.reduce((a, b) => Math.min(a, b))
    const ess = 4 / meanOfPairedChain(step * slowest, steps - 30)
    expectAgreement(compareFamily(problem, exact, familyOf(result)), { measured: 1, wedge: 1 }, ess)
  })

  it('a step of 1 with Leimkuhler-Matthews noise gives independent draws at every second step', async () => {
    const exact = problem.posterior(weights)
    const request = { integrator: 'leimkuhler-matthews', preconditioner: 'fourier', step: 1, thin: 2 } as const
    const result = await langevin({ ...request, steps: 110, burnIn: 10 })
    const agreement = compareFamily(problem, exact, familyOf(result))
    expectAgreement(agreement, { measured: 1, wedge: 1 }, 200)
    for (const region of regions) expect(Math.abs(agreement.meanError[region] * 200 - 1)).toBeLessThan(0.1)
    expect(result.diagnostics.ess).toBeGreaterThan(160)
    expect(result.warnings).toEqual([])
  })

  it('CryoWGEN-II with decaying steps has the predicted bias, less than that of its first step', async () => {
    const exact = problem.posterior(weights)
    const request = { preconditioner: 'fourier', step: 0.9, decay: 0.6, decayDelay: 20, burnIn: 20 } as const
    const result = await langevin({ ...request, steps })
    const schedule = { step: 0.9, decay: 0.6, delay: 20 }
    let biased = 0
    let total = 0
    for (let t = 20; t < steps; t++) {
      const eta = stepAt(schedule, t)
      biased += eta * varianceRatio(eta, 1)
      total += eta
    }
    const ratio = biased / total
    expect(ratio).toBeGreaterThan(1.1)
    expect(ratio).toBeLessThan(0.8 * varianceRatio(0.9, 1))
    const { variance } = compareFamily(problem, exact, familyOf(result))
    const counts = regionCounts(problem.mask)
    const ess = result.diagnostics.ess ?? 0
    expect(ess).toBeGreaterThan(20)
    // A chain lags behind its step: 2 % beside five standard errors.
    for (const region of regions)
      expect(Math.abs(variance[region] / ratio - 1)).toBeLessThan(0.02 + 5 * Math.sqrt(2 / (counts[region] * ess)))
    const told = `${(100 * (ratio - 1)).toFixed(0)} %`
    expect(result.warnings.find(({ code }) => code === 'step-bias')?.message).toContain(told)
  })

  it('CryoWGEN-II without a preconditioner has the predicted bias', async () => {
    const exact = problem.posterior(weights)
    const step = 0.12
    const result = await langevin({ preconditioner: 'none', step, steps })
    // The bias differs by frequency, and so does the effective sample size; the slowest counts for the bounds.
    const slowest = exact.precision.reduce((a, b) => Math.min(a, b))
    const ess = 4 / meanOfChain(1 - step * slowest, steps - 30)
    const ratios = { measured: 0, wedge: 0 }
    const totals = { measured: 0, wedge: 0 }
    exact.precision.forEach((value, k) => {
      const region = problem.mask[k] > 0.5 ? 'measured' : 'wedge'
      ratios[region] += varianceRatio(step, value) / value
      totals[region] += 1 / value
    })
    const ratio = { measured: ratios.measured / totals.measured, wedge: ratios.wedge / totals.wedge }
    expect(ratio.measured).toBeGreaterThan(1.15)
    expectAgreement(compareFamily(problem, exact, familyOf(result)), ratio, ess)
    const told = expectedBias(step, exact.precision, null)
    expect(result.warnings.find(({ code }) => code === 'step-bias')?.message).toContain(`${(100 * told).toFixed(0)} %`)
  })

  it('CryoWGEN-II with the RMSprop preconditioner has the predicted bias', async () => {
    const exact = problem.posterior(weights)
    const step = 0.1
    const result = await langevin({ preconditioner: 'rmsprop', step, steps: 2 * steps, burnIn: steps })
    // Gradients have the covariance Lambda, the same in every voxel, so P is near 1 / sqrt(mean Lambda) everywhere.
    const scale = 1 / Math.sqrt(exact.precision.reduce((a, b) => a + b) / exact.precision.length)
    const slowest = exact.precision.reduce((a, b) => Math.min(a, b))
    const ess = 4 / meanOfChain(1 - step * scale * slowest, steps)
    const { variance } = compareFamily(problem, exact, familyOf(result))
    const counts = regionCounts(problem.mask)
    for (const region of regions) {
      let biased = 0
      let total = 0
      exact.precision.forEach((value, k) => {
        if ((problem.mask[k] > 0.5 ? 'measured' : 'wedge') !== region) return
        biased += varianceRatio(step * scale, value) / value
        total += 1 / value
      })
      // P varies by a few per cent from voxel to voxel, which the formula leaves out: a bound of 3 % beside the Monte-Carlo error.
      const bound = 0.03 + 5 * Math.sqrt(2 / (counts[region] * ess))
      expect(Math.abs(variance[region] / (biased / total) - 1)).toBeLessThan(bound)
    }
  })
})

describe('Metropolis correction (oracle 8.1)', () => {
  it.each([
    { preconditioner: 'fourier' as const, size: [12, 11, 13] as ZYX, steps: 1500 },
    { preconditioner: 'none' as const, size: [12, 11, 13] as ZYX, steps: 3000 }
  ])('removes the step bias, preconditioner $preconditioner', async ({ preconditioner, size, steps }) => {
    const problem = await makeGaussianProblem(size, colouredSpectrum, 0.5)
    const exact = problem.posterior(weights)
    const request: RequestedSettings = { ...weights, preconditioner, steps, burnIn: 300, thin: 2, chains: 4, seed: 3 }
    const result = await runMethod(problem, 'cryowgen-2', { ...request, mala: true })
    const acceptance = result.diagnostics.acceptance ?? 0
    expect(acceptance).toBeGreaterThan(0.45)
    expect(acceptance).toBeLessThan(0.7)
    const { step } = result.settings
    const told = result.chosen.find(({ setting }) => setting === 'step')
    expect(told?.value).toBe(step)
    const counts = regionCounts(problem.mask)
    const agreement = compareFamily(problem, exact, familyOf(result))
    const ess = result.diagnostics.ess ?? 0
    expect(ess).toBeGreaterThan(20)
    const precision = posteriorPrecision(wedgePlane(problem.wedge, size), size, weights, problem.priorPrecision)
    const bias = expectedBias(step, precision, preconditioner === 'fourier' ? inversePrecision(precision) : null)
    for (const region of regions) {
      const error = 5 * Math.sqrt(2 / (counts[region] * ess))
      expect(Math.abs(agreement.variance[region] - 1)).toBeLessThan(error)
      expect(Math.abs(agreement.slope[region] - 1)).toBeLessThan(5 * agreement.slopeError(ess)[region])
    }
    // The bias that the same step would have uncorrected is one that this test can see.
    expect(bias).toBeGreaterThan(5 * Math.sqrt(2 / (counts.measured * ess)))
  })
})
