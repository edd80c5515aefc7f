import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { applyMultiplier } from '../fourier/multiplier.ts'
import { fillNormal } from '../sampling/noise/normal.ts'
import { openModel, prepareBox } from '../sampling/box.ts'
import { colouredSpectrum, makeGaussianProblem, symmetricWedge } from '../sampling/oracle/gaussian-problem.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { fourierPreconditioner, inversePrecision, posteriorPrecision } from './preconditioner.ts'
import { logDensity } from './step-model.ts'

const field = (length: number, step: number): Float32Array => {
  const out = new Float32Array(length)
  fillNormal(out, 0, length, 0, { seed: 9, chain: 0, step, purpose: 'start' })
  return out
}

const closeTo = (got: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void => {
  expect(got.length).toBe(expected.length)
  let worst = 0
  let largest = 0
  for (let i = 0; i < got.length; i++) {
    worst = Math.max(worst, Math.abs(got[i] - expected[i]))
    largest = Math.max(largest, Math.abs(expected[i]))
  }
  expect(worst / largest).toBeLessThan(bound)
}

const weights = { lambda: 3, beta: 0.4, gamma: 0.8 }
const cases: { size: ZYX; wedge: Wedge }[] = [
  { size: [8, 8, 8], wedge: symmetricWedge },
  { size: [7, 10, 9], wedge: { ...symmetricWedge, tiltMin: -42 } },
  { size: [9, 6, 11], wedge: { ...symmetricWedge, tiltAxis: 'x', tiltMin: -48, edgeSoftness: 2 } }
]

describe.each(cases)('the whole step against the closed form (oracle 8.4), $size', ({ size, wedge }) => {
  it('moves, evaluates and differentiates as method.md says', async () => {
    const problem = await makeGaussianProblem(size, colouredSpectrum, 0.6, wedge)
    const box = await prepareBox({ ...problem, device: 'cpu', threads: 1 })
    const model = await openModel(box, { batch: 2, withPrior: true, withGradient: true, withFilter: true })
    try {
      const { mask, priorPrecision, volume, centre } = problem
      const voxels = volume.length
      const precision = posteriorPrecision(box.operator.plane, size, weights, priorPrecision)
      const inverse = inversePrecision(precision)
      const filter = fourierPreconditioner(precision, size)
      const [position, drift, noise] = [field(2 * voxels, 0), field(2 * voxels, 1), field(2 * voxels, 2)]
      const steps = [0.3, 0]
      const stepped = await model.step({ position, drift, noise, steps }, box.conditioning, weights, filter)
      const operator = createWedgeOperator(wedge, size)
      for (let b = 0; b < 2; b++) {
        const part = (values: Float32Array): Float32Array => values.slice(b * voxels, (b + 1) * voxels)
        const shaped = applyMultiplier(part(noise), size, inverse.map(Math.sqrt))
        const moved = part(position).map((z, i) => z + steps[b] * part(drift)[i] + Math.sqrt(2 * steps[b]) * shaped[i])
        closeTo(part(stepped.position), moved, 1e-5)

        // grad log q* = F^-1 [ (lambda / gamma) M^2 (Y - Z) - Q Z / gamma - beta (Z - Zbar) ].
        const data = applyMultiplier(
          volume.map((y, i) => y - moved[i]),
          size,
          mask.map((m) => m * m)
        )
        const prior = applyMultiplier(moved, size, priorPrecision)
        const gradient = moved.map(
          (z, i) => (weights.lambda * data[i] - prior[i]) / weights.gamma - weights.beta * (z - centre[i])
        )
        closeTo(part(stepped.gradient), gradient, 2e-5)
        closeTo(part(stepped.drift), applyMultiplier(gradient, size, inverse), 2e-5)
        closeTo(part(stepped.measured), operator.apply(moved), 1e-5)

        const square = (values: ArrayLike<number>): number =>
          Array.from(values).reduce((sum, value) => sum + value * value, 0)
        const misfit = square(operator.apply(volume.map((y, i) => y - moved[i])))
        const energy = moved.reduce((sum, z, i) => sum + 0.5 * z * prior[i], 0)
        const tether = square(moved.map((z, i) => z - centre[i]))
        expect(stepped.misfit[b] / misfit).toBeCloseTo(1, 5)
        expect(stepped.energy[b] / energy).toBeCloseTo(1, 5)
        expect(stepped.tether[b] / tether).toBeCloseTo(1, 5)
        const density = -(energy + 0.5 * weights.lambda * misfit) / weights.gamma - 0.5 * weights.beta * tether
        expect(logDensity(stepped, weights, b) / density).toBeCloseTo(1, 5)
      }
    } finally {
      await model.close()
    }
  })
})
