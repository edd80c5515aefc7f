import type { ZYX } from '../../shared/axes.ts'
import { transform, voxelCount, type ComplexField } from './field.ts'
import { mirrored } from './frequency.ts'
import { fftPlan } from './plan.ts'

/**
 * The transform of a real volume: half of it, because X(-k) = conj X(k). Shape (D, H, floor(W/2) + 1); `size` is the
 * volume's. Unnormalised.
 */
export interface HalfSpectrum {
  readonly size: ZYX
  readonly halfWidth: number
  readonly re: Float64Array
  readonly im: Float64Array
}

/** How often a stored column kx stands in the full spectrum: sums over k weigh it by this. */
export function columnWeight(kx: number, width: number): 1 | 2 {
  return kx === 0 || 2 * kx === width ? 1 : 2
}

const linesAtOnce = 8

/** Half spectrum of a real volume: two real lines travel as one complex line along x, then y and z follow. */
export function forwardReal(values: ArrayLike<number>, size: ZYX): HalfSpectrum {
  const [depth, height, width] = size
  if (values.length !== voxelCount(size))
    throw new RangeError(`${values.length} values do not fill a box of ${size.join(' x ')} voxels.`)
  const halfWidth = Math.floor(width / 2) + 1
  const half: ComplexField = {
    size: [depth, height, halfWidth],
    re: new Float64Array(depth * height * halfWidth),
    im: new Float64Array(depth * height * halfWidth)
  }
  const plan = fftPlan(width)
  const lines = depth * height
  const re = new Float64Array(width * linesAtOnce)
  const im = new Float64Array(width * linesAtOnce)
  for (let first = 0; first < lines; first += 2 * linesAtOnce) {
    const pairs = Math.min(linesAtOnce, Math.ceil((lines - first) / 2))
    for (let b = 0; b < pairs; b++) {
      const a = (first + 2 * b) * width
      const hasPartner = first + 2 * b + 1 < lines
      for (let x = 0; x < width; x++) {
        re[x * pairs + b] = values[a + x]
        im[x * pairs + b] = hasPartner ? values[a + width + x] : 0
      }
    }
    plan.forward(re, im, pairs)
    for (let b = 0; b < pairs; b++) {
      const a = (first + 2 * b) * halfWidth
      const hasPartner = first + 2 * b + 1 < lines
      for (let k = 0; k < halfWidth; k++) {
        const i = k * pairs + b
        const j = mirrored(k, width) * pairs + b
        half.re[a + k] = (re[i] + re[j]) / 2
        half.im[a + k] = (im[i] - im[j]) / 2
        if (hasPartner) {
          half.re[a + halfWidth + k] = (im[i] + im[j]) / 2
          half.im[a + halfWidth + k] = (re[j] - re[i]) / 2
        }
      }
    }
  }
  transform(half, 'forward', [1, 0])
  return { size, halfWidth, re: half.re, im: half.im }
}

/**
 * The real volume of a half spectrum (1/N). The spectrum must be a real volume's; what is not conjugate-symmetric on
 * the kx = 0 and Nyquist planes is dropped. The spectrum's arrays are used as work space and hold nothing useful after.
 */
export function inverseReal(spectrum: HalfSpectrum): Float64Array {
  const { size, halfWidth } = spectrum
  const [depth, height, width] = size
  transform({ size: [depth, height, halfWidth], re: spectrum.re, im: spectrum.im }, 'inverse', [0, 1])
  const out = new Float64Array(voxelCount(size))
  const plan = fftPlan(width)
  const lines = depth * height
  const re = new Float64Array(width * linesAtOnce)
  const im = new Float64Array(width * linesAtOnce)
  for (let first = 0; first < lines; first += 2 * linesAtOnce) {
    const pairs = Math.min(linesAtOnce, Math.ceil((lines - first) / 2))
    for (let b = 0; b < pairs; b++) {
      const a = (first + 2 * b) * halfWidth
      const c = a + halfWidth
      const hasPartner = first + 2 * b + 1 < lines
      for (let k = 0; k < width; k++) {
        const stored = k < halfWidth ? k : width - k
        const sign = k < halfWidth ? 1 : -1
        const edge = stored === 0 || 2 * stored === width
        const ar = spectrum.re[a + stored]
        const ai = edge ? 0 : sign * spectrum.im[a + stored]
        const br = hasPartner ? spectrum.re[c + stored] : 0
        const bi = hasPartner && !edge ? sign * spectrum.im[c + stored] : 0
        re[k * pairs + b] = ar - bi
        im[k * pairs + b] = ai + br
      }
    }
    plan.inverse(re, im, pairs)
    for (let b = 0; b < pairs; b++) {
      const a = (first + 2 * b) * width
      const hasPartner = first + 2 * b + 1 < lines
      for (let x = 0; x < width; x++) {
        out[a + x] = re[x * pairs + b]
        if (hasPartner) out[a + width + x] = im[x * pairs + b]
      }
    }
  }
  return out
}

/** All of the spectrum, (D, H, W) in FFT order. */
export function fullSpectrum(half: HalfSpectrum): ComplexField {
  const { size, halfWidth } = half
  const [depth, height, width] = size
  const re = new Float64Array(voxelCount(size))
  const im = new Float64Array(voxelCount(size))
  for (let z = 0, to = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const row = (z * height + y) * halfWidth
      const mirrorRow = (mirrored(z, depth) * height + mirrored(y, height)) * halfWidth
      for (let x = 0; x < width; x++, to++) {
        const stored = x < halfWidth
        const from = stored ? row + x : mirrorRow + width - x
        re[to] = half.re[from]
        im[to] = stored ? half.im[from] : -half.im[from]
      }
    }
  }
  return { size, re, im }
}
