import type { ZYX } from '../../shared/axes.ts'
import { broadcastPlane } from '../wedge/mask.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { splitSymbol } from '../wedge/symbol.ts'
import type { FilterPair, Weights } from './step-model.ts'

/**
 * The least of Lambda relative to its largest value: an improper direction would otherwise get an endless step. Spectra of tomograms span
 * five orders of magnitude (the sample's 5e4), and those frequencies shall mix as fast as the others.
 */
const floor = 1e-5

/**
 * Precision of the Gaussian posterior of method.md 8.1 at each frequency, Lambda(k) = (lambda M^2 |a|^2 + Q) / gamma + beta,
 * (D, H, W) in FFT order. For a binary mask M^2 = M.
 *
 * @param prior Q(k), same shape; null where the prior is flat or unknown
 * @param gain |a(k)|^2, same shape; null where A is the identity
 */
export function posteriorPrecision(
  plane: SpectralPlane,
  size: ZYX,
  { lambda, beta, gamma }: Weights,
  prior: ArrayLike<number> | null,
  gain: ArrayLike<number> | null = null
): Float64Array {
  const mask = broadcastPlane(plane, size)
  return Float64Array.from(
    mask,
    (m, i) => (lambda * m * m * (gain ? gain[i] : 1) + (prior ? prior[i] : 0)) / gamma + beta
  )
}

/** P(k) = 1 / Lambda(k), kept finite where nothing holds a frequency. */
export function inversePrecision(precision: Float64Array): Float64Array {
  const largest = precision.reduce((a, b) => Math.max(a, b), 0)
  return precision.map((value) => 1 / Math.max(value, floor * largest))
}

/** P and its square root, ready for the graph. */
export function fourierPreconditioner(precision: Float64Array, size: ZYX): FilterPair {
  const inverse = inversePrecision(precision)
  return { full: splitSymbol(inverse, size), root: splitSymbol(inverse.map(Math.sqrt), size) }
}
