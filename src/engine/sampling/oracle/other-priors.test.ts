import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { gaussianPosterior } from '../../bundle/gaussian/closed-form.ts'
import type { Manifest } from '../../bundle/manifest.ts'
import { boxRotations } from '../../graph/rotation.ts'
import { logDensity } from '../../graph/step-model.ts'
import { openModel, prepareBox } from '../box.ts'
import { inversePrecision, posteriorPrecision } from '../../graph/preconditioner.ts'
import { drawRotations } from '../prior-view.ts'
import { varianceRatio } from '../langevin/step-bias.ts'
import { compareFamily, regions } from './agreement.ts'
import { makeGaussianProblem, normalField, symmetricWedge, whiteSpectrum } from './gaussian-problem.ts'
import type { GaussianProblem } from './gaussian-problem.ts'
import { denoiserGraph, energyGraph, scoreGraph } from './prior-graphs.ts'
import { runMethod } from './run.ts'

const problemWith = (size: ZYX, spec: Manifest['prior'], graph: Uint8Array): Promise<GaussianProblem> =>
  makeGaussianProblem(size, whiteSpectrum, 0.5, symmetricWedge, { spec, graph })

describe('a denoiser prior', () => {
  const noiseLevels = [0.7, 2, 1.2]
  const spec = { kind: 'denoiser', domain: 'volume', rotations: 'none', noiseLevels } as const
  const weights = { lambda: 4, beta: 0.2, gamma: 1 }

  it('is annealed down to its lowest level, where the posterior is the exact one of that level', async () => {
    const size: ZYX = [12, 14, 13]
    const problem = await problemWith(size, spec, denoiserGraph())
    const s = 0.7
    const step = 0.25
    const result = await runMethod(problem, 'cryowgen-2', {
      ...weights,
      preconditioner: 'fourier',
      integrator: 'euler',
      step,
      steps: 460,
      burnIn: 60,
      thin: 2,
      chains: 4,
      seed: 3
    })
    // x_s ~ N(0, 1 + s^2), and the data are held to 1 / (sigma^2 + s^2).
    const atLevel = { lambda: 1 / (1 / weights.lambda + s * s), beta: weights.beta, gamma: 1 }
    const priorPrecision = new Float64Array(problem.volume.length).fill(1 / (1 + s * s))
    const { mask, volume, centre } = problem
    const exact = gaussianPosterior({ size, mask, priorPrecision, ...atLevel }, volume, centre)
    if (!result.family) throw new Error('no family')
    const agreement = compareFamily(problem, exact, result.family)
    const box = await prepareBox({ ...problem, device: 'cpu', threads: 1 })
    const stiffest = new Float64Array(volume.length).fill(s ** -2)
    const inverse = inversePrecision(posteriorPrecision(box.operator.plane, size, atLevel, stiffest))
    const ess = result.diagnostics.ess ?? 0
    expect(ess).toBeGreaterThan(50)
    for (const region of regions) {
      const k = mask.findIndex((m) => m > 0.5 === (region === 'measured'))
      const ratio = varianceRatio(step, inverse[k] * exact.precision[k])
      const counts = mask.filter((m) => m > 0.5 === (region === 'measured')).length
      expect(Math.abs(agreement.variance[region] / ratio - 1)).toBeLessThan(5 * Math.sqrt(2 / (counts * ess)))
      expect(Math.abs(agreement.slope[region] - 1)).toBeLessThan(5 * agreement.slopeError(ess)[region])
    }
  })

  it.each([1, 2.5])('is sampled exactly by split Gibbs, gamma %f', async (gamma) => {
    const size: ZYX = [12, 13, 11]
    const problem = await problemWith(size, spec, denoiserGraph())
    const request = { lambda: 4, beta: 0.2, gamma, steps: 12, members: 60, chains: 20, seed: 6 }
    const result = await runMethod(problem, 'cryowgen-2', request, 1, 'split-gibbs')
    if (!result.family) throw new Error('no family')
    const { mask, volume, centre } = problem
    const priorPrecision = new Float64Array(volume.length).fill(1)
    const exact = gaussianPosterior({ size, mask, priorPrecision, lambda: 4, beta: 0.2, gamma }, volume, centre)
    const agreement = compareFamily(problem, exact, result.family)
    expect(result.family.members.length).toBe(60)
    for (const region of regions) {
      const counts = mask.filter((m) => m > 0.5 === (region === 'measured')).length
      expect(Math.abs(agreement.variance[region] - 1)).toBeLessThan(5 * Math.sqrt(2 / (counts * 60)))
      expect(Math.abs(agreement.slope[region] - 1)).toBeLessThan(5 * agreement.slopeError(60)[region])
      // Independent draws: the mean's error is a sixtieth of the variance.
      expect(Math.abs(60 * agreement.meanError[region] - 1)).toBeLessThan(5 * Math.sqrt(2 / counts))
    }
    expect(Math.abs(result.misfitPerMeasuredVoxel / exact.misfit.family - 1)).toBeLessThan(0.03)
    // However the draws are batched.
    const other = await runMethod(problem, 'cryowgen-2', { ...request, members: 3, chains: 1 }, 1, 'split-gibbs')
    expect(other.family?.members).toEqual(result.family.members.slice(0, 3))
  })

  it('has a MAP, found without a value to search along', async () => {
    const size: ZYX = [8, 9, 10]
    const problem = await problemWith(size, spec, denoiserGraph())
    const result = await runMethod(problem, 'cryogen-1', { lambda: 4, beta: 0.2, steps: 200 })
    const s = 0.7
    const model = {
      size,
      mask: problem.mask,
      priorPrecision: new Float64Array(problem.volume.length).fill(1 / (1 + s * s)),
      lambda: 1 / (1 / 4 + s * s),
      beta: 0.2,
      gamma: 1
    }
    const exact = gaussianPosterior(model, problem.volume, problem.centre)
    result.map?.forEach((value, i) => expect(Math.abs(value - exact.mean[i])).toBeLessThan(2e-3))
    expect(result.warnings).toEqual([])
  })

  it('can’t weigh candidates or correct moves', async () => {
    const problem = await problemWith([6, 6, 6], spec, denoiserGraph())
    const refusal = { kind: 'input', code: 'prior-unsuitable' }
    await expect(runMethod(problem, 'cryowgen-1', weights)).rejects.toMatchObject(refusal)
    await expect(runMethod(problem, 'cryowgen-2', { ...weights, mala: true })).rejects.toMatchObject(refusal)
    const energetic = await makeGaussianProblem([6, 6, 6], whiteSpectrum, 0.5)
    await expect(runMethod(energetic, 'cryowgen-2', weights, 1, 'split-gibbs')).rejects.toMatchObject({
      code: 'sampler-unsuitable'
    })
  })
})

it('a score prior is sampled like the energy that it is the gradient of', async () => {
  const spec = { kind: 'score', domain: 'volume', rotations: 'none' } as const
  const size: ZYX = [8, 10, 9]
  const scored = await problemWith(size, spec, scoreGraph())
  const energetic = await makeGaussianProblem(size, whiteSpectrum, 0.5)
  const request = {
    lambda: 4,
    beta: 0.2,
    gamma: 1,
    step: 0.2,
    steps: 60,
    burnIn: 20,
    preconditioner: 'fourier'
  } as const
  const [a, b] = [await runMethod(scored, 'cryowgen-2', request), await runMethod(energetic, 'cryowgen-2', request)]
  // The same chains to rounding: same noise, same forces, same measured curvature.
  a.family?.mean.forEach((value, i) => expect(Math.abs(value - (b.family?.mean[i] ?? NaN))).toBeLessThan(1e-4))
})

describe('an energy in the observation domain', () => {
  it.each(['cube', 'so3', 'none'] as const)('has the exact gradient through T_M R, rotations %s', async (rotations) => {
    const size: ZYX = rotations === 'cube' ? [8, 6, 8] : [7, 8, 6]
    const spec = { kind: 'energy', domain: 'observation', rotations } as const
    const problem = await problemWith(size, spec, energyGraph(1, 0.1))
    const box = await prepareBox({ ...problem, device: 'cpu', threads: 1 })
    const model = await openModel(box, { batch: 2, withPrior: true, withGradient: true, withFilter: false })
    try {
      const weights = { lambda: 1e-6, beta: 0, gamma: 1 }
      const voxels = problem.volume.length
      const view = { rotations: drawRotations(box, 5, 0, 2, 3) }
      const still = new Float32Array(2 * voxels)
      const at = (position: Float32Array) =>
        model.step({ position, drift: still, noise: still, steps: [0, 0] }, box.conditioning, weights, undefined, view)
      const z = normalField(2 * voxels, 4)
      const direction = normalField(2 * voxels, 5)
      const { gradient } = await at(z)
      const h = 1e-2
      const [up, down] = [
        await at(z.map((v, i) => v + h * direction[i])),
        await at(z.map((v, i) => v - h * direction[i]))
      ]
      for (let b = 0; b < 2; b++) {
        let along = 0
        for (let i = b * voxels; i < (b + 1) * voxels; i++) along += gradient[i] * direction[i]
        const difference = (logDensity(up, weights, b) - logDensity(down, weights, b)) / (2 * h)
        expect(Math.abs(difference / along - 1)).toBeLessThan(3e-3)
      }
    } finally {
      await model.close()
    }
  })

  it('gives on average over the cube’s rotations the prior of the turned masks', async () => {
    const size: ZYX = [11, 11, 11]
    const strength = 2
    const spec = { kind: 'energy', domain: 'observation', rotations: 'cube' } as const
    const problem = await problemWith(size, spec, energyGraph(strength, 0))
    const { mask, volume, centre } = problem
    // R^T T_M R filters by the mask at turned frequencies.
    const turns = boxRotations(size)
    const priorPrecision = new Float64Array(volume.length)
    let at = 0
    for (let z = 0; z < 11; z++)
      for (let y = 0; y < 11; y++)
        for (let x = 0; x < 11; x++, at++)
          for (const m of turns) {
            const [a, b, c] = [0, 1, 2].map(
              (axis) => (m[3 * axis] * z + m[3 * axis + 1] * y + m[3 * axis + 2] * x + 11) % 11
            )
            priorPrecision[at] += (strength * mask[(a * 11 + b) * 11 + c]) / turns.length
          }
    const weights = { lambda: 2, beta: 1, gamma: 1 }
    const exact = gaussianPosterior({ size, mask, priorPrecision, ...weights }, volume, centre)
    const result = await runMethod(problem, 'cryowgen-2', {
      ...weights,
      preconditioner: 'fourier',
      step: 0.06,
      steps: 1600,
      burnIn: 60,
      thin: 4,
      chains: 4,
      seed: 2
    })
    if (!result.family) throw new Error('no family')
    const agreement = compareFamily(problem, exact, result.family)
    const ess = result.diagnostics.ess ?? 0
    // The step's own bias, and the random rotations' of the same order in the step, beside the Monte-Carlo error.
    for (const region of regions) {
      expect(Math.abs(agreement.variance[region] - 1)).toBeLessThan(0.06)
      expect(Math.abs(agreement.slope[region] - 1)).toBeLessThan(0.02 + 5 * agreement.slopeError(ess)[region])
    }
    const weighted = await runMethod(problem, 'cryowgen-1', { ...weights, gamma: 500, candidates: 64 })
    expect(weighted.diagnostics.weightEss).toBeGreaterThan(5)
    await expect(runMethod(problem, 'cryowgen-2', { ...weights, mala: true })).rejects.toMatchObject({
      code: 'prior-unsuitable'
    })
    const map = await runMethod(problem, 'cryogen-1', { lambda: 2, beta: 1, steps: 150 })
    const exactMap = gaussianPosterior({ size, mask, priorPrecision, ...weights }, volume, centre).mean
    const error = Math.sqrt(map.map?.reduce((sum, v, i) => sum + (v - exactMap[i]) ** 2, 0) ?? NaN)
    expect(error / Math.sqrt(exactMap.reduce((sum, v) => sum + v * v, 0))).toBeLessThan(0.05)
  })
})
