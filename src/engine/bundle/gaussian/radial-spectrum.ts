import type { ZYX } from '../../../shared/axes.ts'
import { frequency } from '../../fourier/frequency.ts'

/** The largest radial frequency of a box, cycles per voxel: the corner at (1/2, 1/2, 1/2). */
export const cornerFrequency = Math.sqrt(3) / 2

/**
 * An isotropic, positive power spectrum S(|k|): ln S at evenly spaced radial frequencies from 0 to the corner, linear in between.
 * Power is |X(k)|^2 / N of the unnormalised transform, so white noise of variance v has S = v in a box of any size.
 */
export interface RadialSpectrum {
  readonly logPower: Float32Array
}

/** S at a radial frequency in cycles per voxel. */
export function powerAt({ logPower }: RadialSpectrum, radius: number): number {
  const intervals = logPower.length - 1
  const t = Math.min(intervals, (Math.max(0, radius) / cornerFrequency) * intervals)
  const i = Math.min(intervals - 1, Math.floor(t))
  return Math.exp(logPower[i] + (t - i) * (logPower[i + 1] - logPower[i]))
}

/** |k| of every frequency of a box, (D, H, W) in FFT order, cycles per voxel. */
export function radialFrequencies(size: ZYX): Float64Array {
  const squares = size.map((n) => Float64Array.from({ length: n }, (_, k) => frequency(k, n) ** 2))
  const out = new Float64Array(size[0] * size[1] * size[2])
  let at = 0
  for (const z of squares[0]) for (const y of squares[1]) for (const x of squares[2]) out[at++] = Math.sqrt(z + y + x)
  return out
}

/** S(|k|) at every frequency of a box, (D, H, W) in FFT order. */
export function spectrumOf(spectrum: RadialSpectrum, size: ZYX): Float64Array {
  return radialFrequencies(size).map((radius) => powerAt(spectrum, radius))
}
