import { describe, expect, it } from 'vitest'
import { fillNormal } from '../noise/normal.ts'
import { bestAcceptance, gaussianMalaStep, logAcceptance, startTuning, tunedStep, tuneStep } from './metropolis.ts'
import type { ChainPoint } from './metropolis.ts'

/** A quartic potential with a diagonal preconditioner, in a few dimensions. */
const preconditioner = [0.5, 2, 1.3]
const logDensity = (z: ArrayLike<number>): number =>
  Array.from(z).reduce((sum, x, i) => sum - 0.25 * x ** 4 - (i + 1) * 0.5 * x * x + 0.3 * x, 0)
const gradient = (z: ArrayLike<number>): number[] => Array.from(z, (x, i) => -(x ** 3) - (i + 1) * x + 0.3)
const point = (z: Float32Array): ChainPoint => {
  const g = gradient(z)
  return {
    position: z,
    gradient: Float32Array.from(g),
    drift: Float32Array.from(g, (v, i) => preconditioner[i] * v),
    logDensity: logDensity(z)
  }
}

describe('Metropolis correction', () => {
  it('equals the textbook ratio of target times proposal densities', () => {
    for (const step of [0.01, 0.3, 1.7]) {
      const from = point(Float32Array.of(0.4, -0.7, 1.1))
      const to = point(Float32Array.of(0.1, 0.2, 0.9))
      const logProposal = (a: ChainPoint, b: ChainPoint): number =>
        preconditioner.reduce(
          (sum, p, i) => sum - (b.position[i] - a.position[i] - step * a.drift[i]) ** 2 / (4 * step * p),
          0
        )
      const textbook = to.logDensity - from.logDensity + logProposal(to, from) - logProposal(from, to)
      expect(logAcceptance(from, to, step)).toBeCloseTo(textbook, 5)
    }
  })

  it('accepts at the best rate with the Gaussian step in many dimensions', () => {
    const dimensions = 4096
    const step = gaussianMalaStep(dimensions)
    const standard = (z: Float32Array): ChainPoint => {
      const g = z.map((x) => -x)
      return { position: z, gradient: g, drift: g, logDensity: -0.5 * z.reduce((sum, x) => sum + x * x, 0) }
    }
    let accepted = 0
    const tries = 300
    const z = new Float32Array(dimensions)
    const xi = new Float32Array(dimensions)
    for (let n = 0; n < tries; n++) {
      fillNormal(z, 0, dimensions, 0, { seed: 3, chain: 0, step: n, purpose: 'start' })
      fillNormal(xi, 0, dimensions, 0, { seed: 3, chain: 0, step: n, purpose: 'langevin' })
      const to = z.map((x, i) => x - step * x + Math.sqrt(2 * step) * xi[i])
      accepted += Math.min(1, Math.exp(logAcceptance(standard(z), standard(to), step)))
    }
    // The spread of min(1, alpha) is below 0.5, so five standard errors are below 0.15; the limit's own error is smaller.
    expect(Math.abs(accepted / tries - bestAcceptance)).toBeLessThan(0.08)
  })
})

describe('step tuning', () => {
  it('finds the step with the wanted acceptance', () => {
    const acceptanceAt = (step: number): number => Math.exp(-2 * step)
    const wanted = -Math.log(bestAcceptance) / 2
    for (const start of [0.01, 5]) {
      const tuning = startTuning(start)
      let step = start
      for (let n = 0; n < 300; n++) step = tuneStep(tuning, acceptanceAt(step))
      expect(tunedStep(tuning) / wanted).toBeGreaterThan(0.9)
      expect(tunedStep(tuning) / wanted).toBeLessThan(1.1)
    }
  })

  it('treats a failed evaluation as a rejection', () => {
    const tuning = startTuning(1)
    expect(tuneStep(tuning, NaN)).toBeLessThan(1)
  })
})
