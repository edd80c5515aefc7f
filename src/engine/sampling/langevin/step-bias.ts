import type { Warning } from '../../../shared/runs.ts'

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
        'the chain is not Metropolis-corrected. A smaller --step or --mala reduces it.'
    }
  ]
}
