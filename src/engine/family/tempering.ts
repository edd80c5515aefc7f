import type { Tempering } from '../../shared/directions.ts'

/** What is known of a family when another temperature is asked for. */
export interface FamilySpread {
  /** Temperature it was drawn at. */
  readonly gamma: number
  /** Tether, in normalised units; 0 without one. */
  readonly beta: number
  /** SD of the normalisation: grey values per normalised unit. */
  readonly greyPerUnit: number
  /** Posterior variance per frequency in squares of grey values, `deviationPower`. */
  readonly variance: ArrayLike<number>
  /** M at the same frequencies. */
  readonly measured: ArrayLike<number>
}

/** Both parts by the same factor: exact for a Gaussian posterior without a tether. */
export function plainTempering(gamma: number, to: number, reason: string): Tempering {
  const factor = Math.sqrt(to / gamma)
  return { gamma, to, wedge: factor, measured: factor, kind: 'plain', reason }
}

/**
 * The SD of a Gaussian family at another temperature, as factors of what it has now.
 *
 * method.md section 8.1 has the posterior precision Lambda = (lambda M |a|^2 + Q) / gamma + beta. What the tether holds, the share
 * c = beta / Lambda of it, does not change with gamma; the rest goes with 1 / gamma. With the sampled variance D = 1 / Lambda, so c = beta D, the
 * variance at `to` is D s^2 with
 *
 *   s^2 = 1 / ((1 - c) gamma / to + c)
 *
 * and no curvature has to be known. s^2 is averaged over the frequencies of the wedge, and over the measured ones, each weighted by its
 * variance: the total variance of each part is then what Lambda predicts, its distribution over the frequencies of a part stays. Without a tether
 * s^2 = to / gamma everywhere.
 */
export function temper(spread: FamilySpread, to: number): Tempering {
  const { gamma, beta, greyPerUnit, variance, measured } = spread
  if (!(beta > 0)) return plainTempering(gamma, to, 'There is no tether: every SD goes with the square root of γ.')
  const unit = greyPerUnit * greyPerUnit
  const now = { wedge: 0, measured: 0 }
  const then = { wedge: 0, measured: 0 }
  for (let k = 0; k < variance.length; k++) {
    const held = Math.min(1, (beta * variance[k]) / unit)
    const after = variance[k] / ((1 - held) * (gamma / to) + held)
    now.wedge += (1 - measured[k]) * variance[k]
    now.measured += measured[k] * variance[k]
    then.wedge += (1 - measured[k]) * after
    then.measured += measured[k] * after
  }
  const plain = Math.sqrt(to / gamma)
  const factor = (part: 'wedge' | 'measured'): number => (now[part] > 0 ? Math.sqrt(then[part] / now[part]) : plain)
  return {
    gamma,
    to,
    wedge: factor('wedge'),
    measured: factor('measured'),
    kind: 'tether',
    reason:
      'The tether β holds a part of each frequency’s precision, which does not change with γ; one factor for the wedge, one for the measured region.'
  }
}
