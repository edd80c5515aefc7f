import { beforeAll, describe, expect, it } from 'vitest'
import { colouredSpectrum, makeGaussianProblem } from './gaussian-problem.ts'
import type { GaussianProblem } from './gaussian-problem.ts'
import { runMethod } from './run.ts'

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt(mean(Array.from(a, (value, i) => (value - b[i]) ** 2)))

/** Oracle 8.2: gamma's two limits, and what lies between them. */
describe('temperature (oracle 8.2)', () => {
  let problem: GaussianProblem
  const base = { lambda: 2, beta: 0.5 }
  beforeAll(async () => {
    problem = await makeGaussianProblem([11, 14, 12], colouredSpectrum, 0.5)
  })
  const langevin = async (gamma: number) => {
    const result = await runMethod(problem, 'cryowgen-2', {
      ...base,
      gamma,
      preconditioner: 'fourier',
      integrator: 'euler',
      step: 0.3,
      steps: 110,
      burnIn: 30,
      thin: 1,
      chains: 3,
      seed: 5
    })
    if (!result.family) throw new Error('no family')
    return result.family
  }

  it('cools to the MAP and heats to kappa', async () => {
    // At gamma -> 0 the tether's share beta gamma vanishes: the limit is the MAP without it.
    const cold = await langevin(1e-8)
    const { map } = await runMethod(problem, 'cryogen-1', { ...base, beta: 0 })
    expect(Math.sqrt(mean(cold.variance))).toBeLessThan(1e-3)
    expect(distance(cold.mean, map ?? [])).toBeLessThan(2e-3)

    const hot = await langevin(1e8)
    // Step bias 1 / (1 - 0.15); 160 effective draws over 1848 voxels.
    expect(mean(hot.variance) * 0.85 * base.beta).toBeGreaterThan(0.95)
    expect(mean(hot.variance) * 0.85 * base.beta).toBeLessThan(1.05)
    expect(distance(hot.mean, problem.centre)).toBeLessThan(5 * Math.sqrt(1 / base.beta / 40))
  })

  it('widens the family with gamma at a fixed seed', async () => {
    let last: Float32Array | null = null
    for (const gamma of [0.01, 0.1, 0.5, 1, 2, 10, 100]) {
      const { variance, wedgeVariance, measuredVariance } = await langevin(gamma)
      for (const map of [wedgeVariance, measuredVariance]) expect(mean(map)).toBeGreaterThan(0)
      if (last) {
        const before = last
        expect(mean(variance)).toBeGreaterThan(mean(before))
        // Voxel by voxel, too, up to the few where the filtered noise happens to cancel.
        expect(variance.filter((value, i) => value < before[i]).length / variance.length).toBeLessThan(0.02)
      }
      last = variance
    }
  })

  it('turns weights from one candidate’s to everyone’s', async () => {
    const run = (gamma: number) =>
      runMethod(problem, 'cryowgen-1', { ...base, gamma, candidates: 64, members: 4, seed: 5 })
    const hot = await run(1e9)
    expect(hot.diagnostics.weightEss).toBeCloseTo(64, 3)
    expect(mean(hot.family?.variance ?? []) * base.beta).toBeGreaterThan(0.95)
    expect(hot.warnings).toEqual([])
    const cold = await run(1e-6)
    expect(cold.diagnostics.weightEss).toBeCloseTo(1, 6)
    expect(mean(cold.family?.variance ?? [])).toBeLessThan(1e-9)
    expect(cold.warnings.map(({ code }) => code)).toEqual(['weight-ess-low'])
    // All members are that one candidate, and it is the one of least potential.
    const [first, ...others] = cold.family?.members ?? []
    for (const member of others) expect(member).toEqual(first)
    const best = Math.min(...cold.trace.potential)
    expect(cold.trace.freeEnergy?.value).toBeCloseTo(best / 1e-6 + Math.log(64), -3)
  })
})
