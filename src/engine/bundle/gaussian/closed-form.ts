import type { ZYX } from '../../../shared/axes.ts'
import { forwardReal, columnWeight, inverseReal } from '../../fourier/real.ts'

/** The linear-Gaussian posterior's parameters; arrays are (D, H, W) in FFT order with S(k) = S(-k). */
export interface GaussianModel {
  readonly size: ZYX
  /** M. */
  readonly mask: ArrayLike<number>
  /** Q: the energy is 1/2 sum Q(k) |Z(k)|^2 / N. */
  readonly priorPrecision: ArrayLike<number>
  /** a: the decoder is the convolution with this real, even response; absent = identity. */
  readonly response?: ArrayLike<number>
  readonly lambda: number
  readonly beta: number
  readonly gamma: number
}

export interface GaussianPosterior {
  /** Lambda(k). */
  readonly precision: Float64Array
  /** Posterior mean of z, (D, H, W) in real space. */
  readonly mean: Float64Array
  /** Variance of each voxel of A(z): the same everywhere. */
  readonly variance: number
  /** Variance of each voxel of (I - T_M) A(z), and of T_M A(z); they add up to `variance` for a binary mask. */
  readonly wedgeVariance: number
  readonly measuredVariance: number
  /** lambda |T_M(y - A(z))|^2 / (N measuredFraction): at z = mean, and its expectation over the family. */
  readonly misfit: { readonly mean: number; readonly family: number }
}

/** Lambda(k) = (lambda M^2 |a|^2 + Q) / gamma + beta, method.md 8.1; M^2 = M for a binary mask. */
export function posteriorPrecision(model: GaussianModel): Float64Array {
  const { mask, priorPrecision, response, lambda, beta, gamma } = model
  return Float64Array.from(
    priorPrecision,
    (q, i) => (lambda * mask[i] * mask[i] * (response ? response[i] * response[i] : 1) + q) / gamma + beta
  )
}

/** The exact posterior of method.md 8.1, oracle of the samplers. `zbar` may be absent where beta is 0. */
export function gaussianPosterior(
  model: GaussianModel,
  y: ArrayLike<number>,
  zbar?: ArrayLike<number>
): GaussianPosterior {
  const { size, mask, response, lambda, beta, gamma } = model
  if (beta > 0 && !zbar) throw new RangeError('A posterior with beta > 0 needs zbar.')
  const precision = posteriorPrecision(model)
  const count = precision.length
  const width = size[2]
  const data = forwardReal(y, size)
  const centre = zbar ? forwardReal(zbar, size) : null
  const solution = { ...data, re: new Float64Array(data.re.length), im: new Float64Array(data.im.length) }
  let meanMisfit = 0
  let measured = 0
  for (let row = 0, i = 0; row < size[0] * size[1]; row++) {
    for (let x = 0; x < data.halfWidth; x++, i++) {
      const at = row * width + x
      const a = response ? response[at] : 1
      const m = mask[at]
      const pull = (lambda / gamma) * m * m * a
      solution.re[i] = (pull * data.re[i] + (centre ? beta * centre.re[i] : 0)) / precision[at]
      solution.im[i] = (pull * data.im[i] + (centre ? beta * centre.im[i] : 0)) / precision[at]
      const residual = (data.re[i] - a * solution.re[i]) ** 2 + (data.im[i] - a * solution.im[i]) ** 2
      const weight = columnWeight(x, width)
      meanMisfit += (weight * lambda * m * m * residual) / count
      measured += weight * m
    }
  }
  let variance = 0
  let wedgeVariance = 0
  let measuredVariance = 0
  for (let i = 0; i < count; i++) {
    const spread = (response ? response[i] * response[i] : 1) / precision[i] / count
    variance += spread
    wedgeVariance += spread * (1 - mask[i]) ** 2
    measuredVariance += spread * mask[i] ** 2
  }
  const mean = meanMisfit / measured
  return {
    precision,
    mean: inverseReal(solution),
    variance,
    wedgeVariance,
    measuredVariance,
    misfit: { mean, family: mean + (lambda * measuredVariance * count) / measured }
  }
}
