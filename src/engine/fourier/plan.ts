import { chirpTransform } from './chirp.ts'
import { radicesOf } from './factor.ts'
import { stockhamTransform } from './stockham.ts'

/**
 * A discrete Fourier transform of one length, any length >= 1, in double precision:
 *
 *   forward:  X[k] = sum_n x[n] exp(-2 pi i k n / N)            (unnormalised)
 *   inverse:  x[n] = 1/N sum_k X[k] exp(+2 pi i k n / N)
 */
export interface FftPlan {
  readonly length: number
  /**
   * In place, for `batch` interleaved lines: member k of line b is at k * batch + b. Arrays may be longer than
   * length * batch; the rest is left alone.
   */
  forward(re: Float64Array, im: Float64Array, batch?: number): void
  inverse(re: Float64Array, im: Float64Array, batch?: number): void
}

const plans = new Map<number, FftPlan>()
/** Plans hold work arrays; a viewer that meets many box sizes must not keep them all. */
const keptPlans = 32

function makePlan(length: number): FftPlan {
  if (!Number.isInteger(length) || length < 1)
    throw new RangeError(`A transform's length must be an integer >= 1, not ${length}.`)
  const radices = radicesOf(length)
  const forward = radices ? stockhamTransform(length, radices) : chirpTransform(length)
  return {
    length,
    forward: (re, im, batch = 1) => forward(re, im, batch),
    inverse: (re, im, batch = 1) => {
      // Exchanging real and imaginary parts before and after turns the forward transform into the inverse one.
      forward(im, re, batch)
      const scale = 1 / length
      for (let i = 0; i < length * batch; i++) {
        re[i] *= scale
        im[i] *= scale
      }
    }
  }
}

/** The plan for a length; twiddle factors and work arrays are kept and used again. */
export function fftPlan(length: number): FftPlan {
  let plan = plans.get(length)
  if (!plan) {
    plan = makePlan(length)
    if (plans.size >= keptPlans) {
      const oldest = plans.keys().next().value
      if (oldest !== undefined) plans.delete(oldest)
    }
    plans.set(length, plan)
  }
  return plan
}
