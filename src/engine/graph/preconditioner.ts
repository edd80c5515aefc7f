import type { ZYX } from '../../shared/axes.ts'
import { broadcastPlane } from '../wedge/mask.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { splitSymbol } from '../wedge/symbol.ts'
import type { FilterPair, Weights } from './step-model.ts'

/** The least of Lambda relative to its largest value: an improper direction would otherwise get an endless step. */
const floor = 1e-4

/**
 * Curvature of -log q* at each frequency, Lambda(k) = (lambda M(k)^2 + Q(k)) / gamma + beta (method.md 8.1 with a = 1),
 * (D, H, W) in FFT order. For a binary mask M^2 = M.
 *
 * @param priorCurvature Q(k), same shape; null where the prior is flat or unknown
 */
export function posteriorPrecision(
  plane: SpectralPlane,
  size: ZYX,
  { lambda, beta, gamma }: Weights,
  priorCurvature: ArrayLike<number> | null
): Float64Array {
  const mask = broadcastPlane(plane, size)
  return Float64Array.from(mask, (m, i) => (lambda * m * m + (priorCurvature ? priorCurvature[i] : 0)) / gamma + beta)
}

/** P(k) = 1 / Lambda(k) and its square root, ready for the graph. */
export function fourierPreconditioner(precision: Float64Array, size: ZYX): FilterPair {
  const largest = precision.reduce((a, b) => Math.max(a, b), 0)
  const inverse = precision.map((value) => 1 / Math.max(value, floor * largest))
  return { full: splitSymbol(inverse, size), root: splitSymbol(inverse.map(Math.sqrt), size) }
}
