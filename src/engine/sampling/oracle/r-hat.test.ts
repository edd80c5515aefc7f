import { expect, it } from 'vitest'
import type { RequestedSettings } from '../../../shared/settings.ts'
import { colouredSpectrum, makeGaussianProblem } from './gaussian-problem.ts'
import { runMethod } from './run.ts'

const weights = { lambda: 2, beta: 0.5, gamma: 1 }
const request: RequestedSettings = {
  ...{ ...weights, integrator: 'leimkuhler-matthews', preconditioner: 'fourier', members: 2, seed: 7 },
  ...{ step: 1, thin: 2, steps: 50, burnIn: 10, chains: 4 }
}

it('is that of so many independent draws where the chains agree', async () => {
  const problem = await makeGaussianProblem([24, 21, 22], colouredSpectrum, 0.5)
  const { family } = await runMethod(problem, 'cryowgen-2', request)
  const squares = (family?.rHat ?? new Float32Array(0)).map((value) => value ** 2)
  expect(squares.length).toBe(24 * 21 * 22)
  const [n, chains] = [20, 4]
  // For independent normal draws R^2 = (n - 1)/n + F/n, F distributed as F(C - 1, C (n - 1)).
  const [d1, d2] = [chains - 1, chains * (n - 1)]
  const expected = (n - 1) / n + d2 / (d2 - 2) / n
  const variance = (2 * d2 ** 2 * (d1 + d2 - 2)) / (d1 * (d2 - 2) ** 2 * (d2 - 4)) / n ** 2
  // Voxels are correlated: squares of a field with power 1 / precision are worth (sum p)^2 / sum p^2 independent ones.
  const power = problem.posterior(weights).precision.map((value) => 1 / value)
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0)
  const independent = sum(power) ** 2 / sum(power.map((value) => value ** 2))
  const mean = sum(squares) / squares.length
  expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / independent))
  expect(5 * Math.sqrt(variance / independent)).toBeLessThan(0.005)
  expect(sum(squares.map((value) => (value - mean) ** 2)) / squares.length / variance).toBeCloseTo(1, 0.7)
  expect(sum(squares.map(Math.sqrt)) / squares.length).toBeCloseTo(1, 1.7)
})

it('is large where chains that started apart have not met', async () => {
  const problem = await makeGaussianProblem([10, 9, 11], colouredSpectrum, 0.5)
  const few = { ...request, step: 0.01, steps: 20, burnIn: 0, thin: 1 }
  const { family } = await runMethod(problem, 'cryowgen-2', few)
  const rHat = [...(family?.rHat ?? [])].sort((a, b) => a - b)
  expect(rHat.length).toBe(990)
  // Nearly every voxel: by chance four starts lie close together in a few.
  expect(rHat[Math.floor(0.02 * rHat.length)]).toBeGreaterThan(1.2)
  expect(rHat[Math.floor(rHat.length / 2)]).toBeGreaterThan(2)
})

it('is none where there is one chain, nor for candidates', async () => {
  const problem = await makeGaussianProblem([6, 6, 6], colouredSpectrum, 0.5)
  const one = await runMethod(problem, 'cryowgen-2', { ...request, chains: 1, steps: 20 })
  expect(one.family?.rHat).toBeNull()
  const weighted = await runMethod(problem, 'cryowgen-1', { ...weights, candidates: 4, members: 1, seed: 1 })
  expect(weighted.family?.rHat).toBeNull()
})
