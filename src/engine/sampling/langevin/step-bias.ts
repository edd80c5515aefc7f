import type { Warning } from '../../../shared/runs.ts'
import type { Settings } from '../../../shared/settings.ts'
import { stepAt } from './schedule.ts'

/**
 * What an unadjusted step does to a Gaussian posterior (method.md 8.1): along a direction of precision Lambda that is
 * preconditioned by P the chain's variance is (1 / Lambda) / (1 - eta P Lambda / 2). Stable for eta P Lambda < 2.
 */
export function varianceRatio(step: number, preconditionedPrecision: number): number {
  const stiffness = (step * preconditionedPrecision) / 2
  return stiffness < 1 ? 1 / (1 - stiffness) : Infinity
}

/**
 * By how much of itself the mean voxel variance is too large, from the posterior's precision Lambda(k) and the
 * preconditioner P(k) over all frequencies. Infinity where the step is unstable.
 *
 * @param preconditioner null for P = 1
 */
export function expectedBias(step: number, precision: Float64Array, preconditioner: Float64Array | null): number {
  let biased = 0
  let exact = 0
  for (let i = 0; i < precision.length; i++) {
    if (!(precision[i] > 0)) continue
    const stiffness = precision[i] * (preconditioner ? preconditioner[i] : 1)
    exact += 1 / precision[i]
    biased += varianceRatio(step, stiffness) / precision[i]
  }
  return exact > 0 ? biased / exact - 1 : 0
}

/** Steps at which the bias of a decaying chain is looked at. */
const looks = 16

/**
 * The bias of a whole chain's variance: none with Leimkuhler and Matthews' noise, that of the step where it is constant, and where it decays
 * the mean over the counted draws, each with its step's weight (the chain is taken to follow its step at once).
 */
export function chainBias(settings: Settings, precision: Float64Array, preconditioner: Float64Array | null): number {
  const { integrator, step, decay, decayDelay: delay, burnIn, steps } = settings
  if (integrator === 'leimkuhler-matthews') return 0
  if (decay === 0) return expectedBias(step, precision, preconditioner)
  let sum = 0
  let weight = 0
  for (let look = 0; look < looks; look++) {
    const eta = stepAt({ step, decay, delay }, burnIn + ((look + 0.5) * (steps - burnIn)) / looks)
    sum += eta * expectedBias(eta, precision, preconditioner)
    weight += eta
  }
  return sum / weight
}

/** Bias of the variance worth telling about. */
const notable = 0.02

export function biasWarnings(bias: number): Warning[] {
  if (!(bias > notable)) return []
  const percent = (value: number): string => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`
  return [
    {
      code: 'step-bias',
      message:
        `A step bias expected of ${percent(bias)} in the variance (${percent(Math.sqrt(1 + bias) - 1)} in the standard deviation): ` +
        'the chain is not Metropolis-corrected. A smaller --step or --mala reduces it, --integrator leimkuhler-matthews has none for a ' +
        'Gaussian posterior.'
    }
  ]
}
