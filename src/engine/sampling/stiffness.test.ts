import { beforeAll, describe, expect, it } from 'vitest'
import { openModel, prepareBox } from './box.ts'
import { meanCurvature } from './curvature.ts'
import { resolveSettings } from './index.ts'
import { makeDecoderBundle } from './oracle/decoder-bundle.ts'
import { colouredSpectrum, makeGaussianProblem, normalField, symmetricWedge } from './oracle/gaussian-problem.ts'
import type { GaussianProblem } from './oracle/gaussian-problem.ts'
import { measureStiffness } from './stiffness.ts'
import type { Stiffness } from './stiffness.ts'

const weights = { lambda: 4, beta: 0.5, gamma: 1.5 }
let problem: GaussianProblem
beforeAll(async () => {
  problem = await makeGaussianProblem([12, 14, 11], colouredSpectrum, 0.5)
})

const average = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length

describe('what is measured of a Gaussian posterior is that of its closed form', () => {
  const measure = (preconditioner: 'none' | 'rmsprop' | 'fourier'): Promise<Stiffness> =>
    measureStiffness({ ...problem, device: 'cpu', threads: 1 }, preconditioner, weights, problem.sigma)

  it.each(['none', 'rmsprop', 'fourier'] as const)('preconditioner %s', async (preconditioner) => {
    const { precision } = problem.posterior(weights)
    const groups = [true, false].map((measured) =>
      Array.from(precision).filter((_, k) => problem.mask[k] > 0.5 === measured)
    )
    const slowest = Math.min(...groups.map((group) => 1 / average(group.map((value) => 1 / value))))
    const largest = precision.reduce((a, b) => Math.max(a, b))
    const scale = preconditioner === 'rmsprop' ? 1 / Math.sqrt(average(precision)) : 1
    const wanted = preconditioner === 'fourier' ? [1, 1] : [scale * largest, scale * slowest]
    const found = await measure(preconditioner)
    expect(found.isGaussian).toBe(true)
    // The spectrum is averaged in shells a Fourier pixel thick: its extreme is met to a few per cent.
    expect(Math.abs(found.stiffest / wanted[0] - 1)).toBeLessThan(0.04)
    expect(Math.abs(found.slowest / wanted[1] - 1)).toBeLessThan(0.02)
  })

  it('mean curvature, with the data and without', async () => {
    const box = await prepareBox({ ...problem, device: 'cpu', threads: 1 })
    const model = await openModel(box, { batch: 1, withPrior: true, withGradient: true, withFilter: false })
    // One probe of n dimensions: a mean over the spectrum to sqrt(2 / n) of its spread.
    const { precision } = problem.posterior(weights)
    expect(Math.abs((await meanCurvature(model, box, weights)) / average(precision) - 1)).toBeLessThan(0.1)
    const unmeasured = average(problem.priorPrecision) / weights.gamma + weights.beta
    const found = await meanCurvature(model, box, { ...weights, lambda: 0 })
    await model.close()
    expect(Math.abs(found / unmeasured - 1)).toBeLessThan(0.1)
  })
})

it('tells of a latent that is no volume how far it is from mixing', async () => {
  const bundle = await makeDecoderBundle()
  const common = { bundle, wedge: symmetricWedge, volume: normalField(8 * 8 * 8, 3), size: [8, 8, 8] as const }
  const facts = { ...common, size: [8, 8, 8] as [number, number, number], method: 'cryowgen-2' as const }
  const { settings, chosen } = await resolveSettings({}, bundle, facts)
  const reasons = new Map(chosen.map(({ setting, reason }) => [setting, reason]))
  expect(reasons.get('step')).toContain('not Gaussian')
  expect(reasons.get('steps')).toContain('an effective sample size of 200 would take')
  expect(settings).toMatchObject({ preconditioner: 'none', steps: 2000, burnIn: 500, thin: 20 })
})
