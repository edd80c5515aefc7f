import { applyMultiplier } from '../../fourier/multiplier.ts'
import { inversePrecision } from '../../graph/preconditioner.ts'
import type { Box } from '../box.ts'
import { padByReflection } from '../padding.ts'
import type { Level } from './annealing.ts'

/**
 * Starts of chains, made in place of their standard normal noise, (chains, c, latent size): zbar and noise of the covariance 1 / Lambda
 * where that is known, else of kappa's or the prior's, whichever is narrower, or of the data's precision where beta is 0 and there is no prior.
 */
export function disperse({ conditioning, latent, size }: Box, level: Level, noise: Float32Array): Float32Array {
  const { beta, lambda, gamma } = level.weights
  const { centre, precision } = conditioning
  const { length } = latent
  const known = level.startPrecision ?? level.precision
  const spread = known && inversePrecision(known).map(Math.sqrt)
  const kappa = 1 / Math.sqrt(beta > 0 ? beta : lambda / gamma)
  const base = spread ? 1 : Math.min(kappa, level.startScale ?? Infinity)
  for (let start = 0; start < noise.length; start += length) {
    const one = noise.subarray(start, start + length)
    if (spread) one.set(applyMultiplier(one, size, spread))
    const isKappa = !spread && precision && beta > 0 && base === kappa
    for (let i = 0; i < length; i++) {
      const own = isKappa ? base / Math.sqrt(precision[i]) : base
      one[i] = centre[i] + own * one[i]
    }
  }
  return noise
}

/**
 * Places of the chains from `first` on where they start from volumes that are given: in turn, (chains, 1, D, H, W). Two chains that share a
 * start part at their first step.
 */
export function placeAt(
  { region, size, voxels, latent }: Box,
  starts: readonly Float32Array[],
  first: number,
  chains: number
): Float32Array {
  if (latent.length !== voxels) throw new RangeError('Volumes are no latents of this bundle.')
  const out = new Float32Array(chains * voxels)
  for (let b = 0; b < chains; b++)
    out.set(padByReflection(starts[(first + b) % starts.length], region, size), b * voxels)
  return out
}
