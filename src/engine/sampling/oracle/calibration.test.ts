import { expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { spectrumOf } from '../../bundle/gaussian/radial-spectrum.ts'
import { applyMultiplier } from '../../fourier/multiplier.ts'
import { posteriorPrecision } from '../../graph/preconditioner.ts'
import { chooseProbes, readProbes } from '../../posterior/probes.ts'
import { openModel, prepareBox } from '../box.ts'
import type { Box } from '../box.ts'
import { gaussianMalaStep } from '../langevin/metropolis.ts'
import { Sampler } from '../langevin/sampler.ts'
import { resolveSettings } from '../settings.ts'
import { colouredSpectrum, makeGaussianProblem, normalField } from './gaussian-problem.ts'

/**
 * Oracle 8.5, simulation-based calibration (Talts, Betancourt, Simpson, Vehtari and Gelman 2018): x from the prior, y from x, a family given
 * y; the rank of x in the family is uniform where the family is the posterior. Ranks are those of Fourier coefficients, which are independent
 * here, so that a chi-square may be taken over all of them; measured frequencies and the wedge each on their own.
 */
it('ranks the truth uniformly in the family (oracle 8.5)', async () => {
  const size: ZYX = [7, 6, 8]
  const sigma = 0.5
  const problem = await makeGaussianProblem(size, colouredSpectrum, sigma)
  const draws = 15
  const replicates = 160
  const request = {
    lambda: 1 / sigma ** 2,
    beta: 0,
    gamma: 1,
    preconditioner: 'fourier',
    mala: true,
    step: gaussianMalaStep(problem.volume.length),
    steps: 41,
    burnIn: 40,
    thin: 1,
    // Each chain gives one draw, so that draws are independent.
    chains: draws,
    members: 0
  } as const
  const { settings } = await resolveSettings(request, problem.bundle, { ...problem, method: 'cryowgen-2' })
  const box = await prepareBox({ ...problem, device: 'cpu', threads: 1 })
  const model = await openModel(box, { batch: draws, withPrior: true, withGradient: true, withFilter: true })
  const precision = posteriorPrecision(box.operator.plane, size, settings, problem.priorPrecision)
  const probes = chooseProbes(size, box.operator.plane)
  const roots = spectrumOf(colouredSpectrum, size).map(Math.sqrt)
  const ranks = { measured: new Array<number>(draws + 1).fill(0), wedge: new Array<number>(draws + 1).fill(0) }
  for (let replicate = 0; replicate < replicates; replicate++) {
    const truth = Float32Array.from(applyMultiplier(normalField(problem.volume.length, 1000 + replicate), size, roots))
    const noise = normalField(problem.volume.length, 5000 + replicate)
    const measuredData = box.operator.apply(truth.map((value, i) => value + sigma * noise[i]))
    // Starts lie about nothing at all, so that the burn-in has something to forget.
    const conditioning = { measuredData, centre: new Float32Array(truth.length), precision: null }
    const observed: Box = { ...box, volume: measuredData, conditioning }
    const plan = { settings: { ...settings, seed: replicate }, tunesStep: false }
    const levels = [{ from: 0, weights: settings, precision }]
    const sampler = await Sampler.start(model, observed, { ...plan, levels })
    while (sampler.stepsDone < settings.steps) await sampler.advance()
    const wanted = readProbes(probes, truth)
    probes.frequencies.forEach(({ group }, f) => {
      const i = probes.voxels.length + f
      const rank = sampler.records.filter(({ series }) => series[0][i] < wanted[i]).length
      ranks[group][rank]++
    })
  }
  await model.close()
  for (const counts of [ranks.measured, ranks.wedge]) {
    const expected = counts.reduce((a, b) => a + b) / counts.length
    expect(expected).toBeGreaterThan(100)
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // The 1 % point of chi-square with 15 degrees of freedom.
    expect(chiSquare).toBeLessThan(30.58)
  }
})
