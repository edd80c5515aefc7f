import type { ZYX } from '../../shared/axes.ts'
import { forwardReal, inverseReal } from './real.ts'

/**
 * F^-1 [ S .* F x ] for a real symbol S (D, H, W) in FFT order with S(k) = S(-k): the volume filtered by S, real.
 * The symmetry is the caller's duty: only the half with kx >= 0 is read.
 */
export function applyMultiplier(values: ArrayLike<number>, size: ZYX, symbol: ArrayLike<number>): Float64Array {
  const spectrum = forwardReal(values, size)
  const { halfWidth, re, im } = spectrum
  const width = size[2]
  for (let row = 0, i = 0; row < size[0] * size[1]; row++) {
    for (let x = 0; x < halfWidth; x++, i++) {
      const s = symbol[row * width + x]
      re[i] *= s
      im[i] *= s
    }
  }
  return inverseReal(spectrum)
}
