import { toZYX, type XYZ, type ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { applyMultiplier } from '../fourier/multiplier.ts'
import { fillNormal } from '../sampling/noise/normal.ts'
import { wedgeMask } from '../wedge/mask.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { streams } from './random.ts'
import { colouredPower, contrastTransfer, radialSymbol, type Ctf } from './transfer.ts'

export interface ImagingOptions {
  readonly size: XYZ
  readonly voxelSizeAngstrom: number
  readonly wedge: Wedge
  /** Variance of T_M(signal) over that of T_M(noise) in the tomogram. */
  readonly signalToNoise: number
  readonly noise: 'white' | 'coloured'
  readonly ctf: Ctf | null
  readonly seed: number
}

export interface Images {
  /** The mean of the two halves. */
  readonly tomogram: Float32Array
  readonly even: Float32Array
  readonly odd: Float32Array
  /** SD of the noise n of method.md section 1 in the tomogram. */
  readonly sigma: number
  readonly signalVariance: number
}

/** Noise is drawn in pieces of this many voxels, so that a cancel is heard in between. */
const piece = 2 ** 21

/**
 * y = T_M(C x) + T_M(n): the measured region of the phantom (through a contrast transfer function C, where one is asked for) with noise in
 * that region only; the missing wedge of the result is empty. Both halves see the same signal, each with noise of its own and of
 * twice the variance; the tomogram is their mean.
 *
 * sigma^2 = var(T_M C x) / (SNR * mean M^2), since T_M leaves noise of variance sigma^2 with sigma^2 * mean M^2 a voxel. Coloured noise
 * has the mean power sigma^2 over the measured region, so the ratio means the same.
 *
 * `breathe` is awaited between the steps and may throw to stop.
 */
export async function image(
  truth: Float32Array,
  options: ImagingOptions,
  breathe: (fraction: number) => Promise<void>
): Promise<Images> {
  const size = toZYX(options.size)
  const operator = createWedgeOperator(options.wedge, size)
  await breathe(0)
  const signal = operator.apply(seenThrough(truth, size, options))
  const signalVariance = varianceOf(signal)
  const { values } = operator.plane
  const meanSquare = values.reduce((sum, m) => sum + m * m, 0) / values.length
  const sigma = Math.sqrt(signalVariance / (options.signalToNoise * meanSquare))
  const spectrum = options.noise === 'white' ? null : colouredSymbol(size, options.wedge)

  const half = async (chain: number, start: number): Promise<Float32Array> => {
    const out = new Float32Array(truth.length)
    const key = { seed: options.seed, chain, step: 0, purpose: 'simulation' } as const
    for (let first = 0; first < out.length; first += piece) {
      await breathe(start + (0.25 * first) / out.length)
      fillNormal(out, first, Math.min(piece, out.length - first), first, key)
    }
    const coloured = spectrum ? Float32Array.from(applyMultiplier(out, size, spectrum)) : out
    await breathe(start + 0.25)
    const noise = operator.apply(coloured)
    const scale = Math.SQRT2 * sigma
    for (let i = 0; i < noise.length; i++) noise[i] = signal[i] + scale * noise[i]
    return noise
  }
  const even = await half(streams.even, 0.1)
  const odd = await half(streams.odd, 0.55)
  return { tomogram: even.map((value, i) => (value + odd[i]) / 2), even, odd, sigma, signalVariance }
}

function seenThrough(truth: Float32Array, size: ZYX, { ctf, voxelSizeAngstrom }: ImagingOptions): Float32Array {
  if (!ctf) return truth
  const symbol = radialSymbol(size, (cyclesPerVoxel) => contrastTransfer(ctf, cyclesPerVoxel / voxelSizeAngstrom))
  return Float32Array.from(applyMultiplier(truth, size, symbol))
}

/** Square root of the power, whose mean over the measured region (weighted by M^2) is 1. */
function colouredSymbol(size: ZYX, wedge: Wedge): Float64Array {
  const power = radialSymbol(size, colouredPower)
  const mask = wedgeMask(wedge, size)
  let total = 0
  let weight = 0
  for (let i = 0; i < power.length; i++) {
    const square = mask[i] * mask[i]
    total += square * power[i]
    weight += square
  }
  return power.map((value) => Math.sqrt((value * weight) / total))
}

/** Population variance, two passes in float64. */
export function varianceOf(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return squares / values.length
}
