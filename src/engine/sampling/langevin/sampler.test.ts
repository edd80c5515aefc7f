import { expect, it } from 'vitest'
import { openModel, prepareBox } from '../box.ts'
import { colouredSpectrum, makeGaussianProblem } from '../oracle/gaussian-problem.ts'
import { resolveSettings } from '../settings.ts'
import { membersOf } from './chains.ts'
import { Sampler } from './sampler.ts'

it('gives the same chains whatever the batch they go through the networks in (oracle 8.6)', async () => {
  const problem = await makeGaussianProblem([9, 8, 10], colouredSpectrum, 0.5)
  const request = { preconditioner: 'fourier', step: 0.2, steps: 20, burnIn: 5, thin: 1, chains: 4 } as const
  const { settings } = await resolveSettings(request, problem.bundle, { ...problem, method: 'cryowgen-2' })
  const box = await prepareBox({ ...problem, device: 'cpu', threads: 1 })
  const { precision } = problem.posterior(settings)
  const runs = []
  for (const batch of [1, 2, 3, 4]) {
    const model = await openModel(box, { batch, withPrior: true, withGradient: true, withFilter: true })
    const sampler = await Sampler.start(model, box, {
      settings,
      levels: [{ from: 0, weights: settings, precision }],
      tunesStep: false
    })
    for (let t = 0; t < settings.steps; t++) {
      const { potential, chainPotentials } = await sampler.advance()
      const known = chainPotentials.filter((value) => value !== null)
      expect(known.length).toBe(4)
      expect(known.reduce((sum, value) => sum + value, 0) / 4).toBeCloseTo(potential, 6)
    }
    runs.push(sampler.records.map(({ family, series }) => ({ mean: family.volume.mean, series })))
    await model.close()
  }
  for (const run of runs) expect(run).toEqual(runs[0])
})

it('weighs the draws of a decaying chain by their step (Welling and Teh)', async () => {
  const problem = await makeGaussianProblem([6, 6, 6], colouredSpectrum, 0.5)
  const request = {
    preconditioner: 'fourier',
    step: 0.3,
    decay: 0.6,
    steps: 40,
    burnIn: 10,
    thin: 1,
    chains: 1,
    members: 30
  } as const
  const { settings } = await resolveSettings(request, problem.bundle, { ...problem, method: 'cryowgen-2' })
  const box = await prepareBox({ ...problem, device: 'cpu', threads: 1 })
  const { precision } = problem.posterior(settings)
  const model = await openModel(box, { batch: 1, withPrior: true, withGradient: true, withFilter: true })
  const sampler = await Sampler.start(model, box, {
    settings,
    levels: [{ from: 0, weights: settings, precision }],
    tunesStep: false
  })
  const steps: number[] = []
  for (let t = 0; t < settings.steps; t++) steps.push((await sampler.advance()).step)
  await model.close()
  expect(steps[0]).toBeCloseTo(0.3, 10)
  expect(steps[39]).toBeCloseTo(0.3 * (1 + 39 / 10) ** -0.6, 10)
  const { members, volume } = sampler.records[0].family
  expect(members.length).toBe(30)
  const counted = steps.slice(10)
  const total = counted.reduce((a, b) => a + b)
  const mean = members.reduce((sum, member, i) => sum + (counted[i] / total) * member[100], 0)
  expect(volume.mean[100]).toBeCloseTo(mean, 5)
})

it('deals members out to chains, spread over their draws', async () => {
  const problem = await makeGaussianProblem([4, 4, 4], colouredSpectrum, 0.5)
  const request = { steps: 110, burnIn: 10, thin: 10, chains: 3, members: 8 }
  const { settings } = await resolveSettings(request, problem.bundle, { ...problem, method: 'cryowgen-2' })
  expect([0, 1, 2].map((chain) => membersOf(chain, settings))).toEqual([
    [2, 5, 9],
    [2, 5, 9],
    [4, 9]
  ])
  expect(membersOf(0, { ...settings, members: 1000 }).length).toBe(10)
})
