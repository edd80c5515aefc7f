import type { Settings } from '../../../shared/settings.ts'

/** Step sizes over a chain: constant, or Welling and Teh's (2011) polynomial decay a (b + t)^-c. */
export interface StepSchedule {
  /** Step at t = 0. */
  step: number
  /** c; 0 keeps the step constant. Convergence of the decaying chain needs 1/2 < c <= 1. */
  decay: number
  /** b: the step has fallen to 2^-c of its start after b steps. */
  delay: number
}

/** eta at step t, scaled so that eta(0) is `step`: a = step * b^c. */
export function stepAt({ step, decay, delay }: StepSchedule, t: number): number {
  return decay === 0 ? step : step * (1 + t / delay) ** -decay
}

/**
 * Effective draws that one step is worth, in a Gaussian direction of which it forgets a share a = eta P Lambda. Correlations at lag k are
 * (1 - a)^k for Euler, and (1 - a)^(k-1) (1 - a/2) for Leimkuhler and Matthews, so integrated times (2 - a) / a and 2 / a.
 */
export function drawsPerStep(a: number, integrator: Settings['integrator']): number {
  return integrator === 'euler' ? a / (2 - a) : a / 2
}
