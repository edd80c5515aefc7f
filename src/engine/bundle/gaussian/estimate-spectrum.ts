import type { ZYX } from '../../../shared/axes.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { columnWeight, forwardReal } from '../../fourier/real.ts'
import { wedgeMask } from '../../wedge/mask.ts'
import { cornerFrequency, radialFrequencies, type RadialSpectrum } from './radial-spectrum.ts'

export interface SpectrumEstimate {
  /** Signal spectrum S. */
  readonly spectrum: RadialSpectrum
  /** Noise standard deviation in the volume's units: the given one, or the estimate. */
  readonly sigma: number
  /** Radius beyond which all power counts as noise, cycles per voxel. */
  readonly noiseRadius: number
  /** Mean power of the measured region at the table's radial frequencies, before noise is taken off. */
  readonly measuredPower: Float64Array
}

/** Samples of the table; 64 over the radius keep a shell thinner than one Fourier pixel of a 64^3 box. */
const nodes = 64

/**
 * Beyond this radius (70 % of Nyquist) power is taken for noise. Reconstruction programs roll the signal off there, and
 * at usual voxel sizes a tomogram's signal has fallen below its noise well before.
 */
const usualNoiseRadius = 0.35

/** Signal power is at least this part of the noise power: less could not be told from none, and Q = 1 / S must stay finite. */
const leastSignalToNoise = 0.01

/** Noise power is at least this part of all power: a low-passed tomogram would otherwise look noise-free. */
const leastNoise = 0.01

/** Shells are widened until they hold this many measured frequencies (relative error of their mean power 1/sqrt of it). */
const fewestFrequencies = 32

/** Longest box side that is transformed at once; larger volumes are estimated from several boxes. */
const longestSide = 192
const mostBoxes = 8

interface Shells {
  /** Per node: summed hat-function weights and weighted power, and the same over all frequencies beyond each node. */
  readonly weight: Float64Array
  readonly power: Float64Array
}

/** Mean power |Y|^2 / N of measured frequencies against radius, by linear binning. k = 0 (the mean) is left out. */
function accumulate(box: Float32Array, size: ZYX, wedge: Wedge, shells: Shells): void {
  const spectrum = forwardReal(box, size)
  const mask = wedgeMask(wedge, size)
  const radius = radialFrequencies(size)
  const width = size[2]
  const { halfWidth, re, im } = spectrum
  for (let row = 0, i = 0; row < size[0] * size[1]; row++) {
    for (let x = 0; x < halfWidth; x++, i++) {
      const at = row * width + x
      // A soft edge mixes measured and unmeasured: only what is fully measured tells the spectrum.
      if (at === 0 || mask[at] < 1) continue
      const count = columnWeight(x, width)
      const power = (count * (re[i] * re[i] + im[i] * im[i])) / box.length
      const t = (radius[at] / cornerFrequency) * (nodes - 1)
      const below = Math.min(nodes - 2, Math.floor(t))
      const share = t - below
      shells.weight[below] += count * (1 - share)
      shells.weight[below + 1] += count * share
      shells.power[below] += power * (1 - share)
      shells.power[below + 1] += power * share
    }
  }
}

/** Starts of boxes that cover an axis evenly. */
function spread(length: number, side: number, count: number): number[] {
  if (count === 1) return [Math.floor((length - side) / 2)]
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)))
}

function* boxesOf(volume: Float32Array, size: ZYX): Generator<{ box: Float32Array; size: ZYX }> {
  const side = size.map((n) => Math.min(n, longestSide))
  if (side.every((n, axis) => n === size[axis])) {
    yield { box: volume, size }
    return
  }
  const perAxis = size.map((n) => (n > longestSide ? 2 : 1))
  const boxSize: ZYX = [side[0], side[1], side[2]]
  let made = 0
  for (const z of spread(size[0], side[0], perAxis[0])) {
    for (const y of spread(size[1], side[1], perAxis[1])) {
      for (const x of spread(size[2], side[2], perAxis[2])) {
        if (made++ === mostBoxes) return
        const box = new Float32Array(side[0] * side[1] * side[2])
        for (let k = 0, to = 0; k < side[0]; k++) {
          for (let j = 0; j < side[1]; j++, to += side[2]) {
            const from = ((z + k) * size[1] + y + j) * size[2] + x
            box.set(volume.subarray(from, from + side[2]), to)
          }
        }
        yield { box, size: boxSize }
      }
    }
  }
}

/** Mean power at every node, shells widened over empty or thin ones. */
function meanPower({ weight, power }: Shells): Float64Array {
  return Float64Array.from({ length: nodes }, (_, node) => {
    for (let reach = 0; reach < nodes; reach++) {
      let count = 0
      let sum = 0
      for (let i = Math.max(0, node - reach); i <= Math.min(nodes - 1, node + reach); i++) {
        count += weight[i]
        sum += power[i]
      }
      if (count >= fewestFrequencies || (reach === nodes - 1 && count > 0)) return sum / count
    }
    return 0
  })
}

/**
 * The largest sigma^2 for which a draw from the posterior fits the measured region with the misfit 1 per voxel. Under the model a
 * draw and the truth are exchangeable given y, and the truth's misfit is 1 on average, so this holds of the right sigma. Per
 * frequency a draw's expected misfit is sigma^2 P / (S + sigma^2)^2 (its mean's) + S / (S + sigma^2) (its own spread's).
 */
function calibratedVariance(
  signal: Float64Array,
  power: Float64Array,
  mean: (values: Float64Array) => number,
  least: number,
  largest: number
): number {
  const misfit = (variance: number): number =>
    mean(signal.map((s, node) => (variance * power[node]) / (s + variance) ** 2 + s / (s + variance)))
  let above = largest
  let below = largest
  while (misfit(below) < 1 && below > least) {
    above = below
    below = Math.max(least, below / 1.25)
  }
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(above * below)
    if (misfit(middle) < 1) above = middle
    else below = middle
  }
  return below
}

/**
 * Signal spectrum and noise of a normalised tomogram from its measured region, for the analytic prior: power P(r) in radial shells
 * of the measured frequencies, split into noise and signal, and the signal extended isotropically into the missing wedge. That
 * last step is the point: what is measured in some directions is assumed of the others.
 *
 *   N(r) = P(r) for r >= r0, and P(r0) below: all power beyond r0 is noise, and noise does not fall towards low frequencies
 *   S(r) = max(P(r) - N(r), mean of N over the measured region / 100)
 *
 * The noise of a reconstruction is not white, while the model has one sigma. It is chosen so that the posterior's draws fit the
 * data as closely as the truth would: expected misfit 1 per measured voxel (`calibratedVariance`). With a given sigma, N keeps its
 * shape and is scaled to the mean sigma^2. Volumes beyond 192 voxels a side are estimated from up to eight boxes. No window is
 * applied: the sampler's boxes are periodic too, and S must describe what it meets there.
 *
 * @param volume normalised to mean 0 and standard deviation 1 (or in the units that sigma is to have), (D, H, W)
 */
export function estimateSpectrum(
  volume: Float32Array,
  size: ZYX,
  wedge: Wedge,
  givenSigma: number | null = null
): SpectrumEstimate {
  const shells: Shells = { weight: new Float64Array(nodes), power: new Float64Array(nodes) }
  for (const part of boxesOf(volume, size)) accumulate(part.box, part.size, wedge, shells)
  const measuredPower = meanPower(shells)
  const total = shells.weight.reduce((sum, w) => sum + w, 0)
  if (total === 0)
    throw new RangeError('No frequency of this box is measured but the mean; there is no spectrum to estimate.')

  const outermost = shells.weight.findLastIndex((w) => w > 0)
  const step = cornerFrequency / (nodes - 1)
  const noiseRadius = Math.min(usualNoiseRadius, 0.7 * outermost * step)
  const knee = Math.round(noiseRadius / step)
  const noisePower = measuredPower.map((p, node) => (node >= knee ? p : measuredPower[knee]))
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value, node) => sum + value * shells.weight[node], 0) / total
  const meanPowerOfAll = mean(measuredPower)
  const leastVariance = leastNoise * meanPowerOfAll
  const meanNoise = Math.max(mean(noisePower), leastVariance)
  const scale = givenSigma === null ? 1 : (givenSigma * givenSigma) / meanNoise
  const signal = measuredPower.map((p, node) =>
    Math.max(p - scale * noisePower[node], leastSignalToNoise * scale * meanNoise)
  )
  const sigma =
    givenSigma ?? Math.sqrt(calibratedVariance(signal, measuredPower, mean, leastVariance, 4 * meanPowerOfAll))
  return { spectrum: { logPower: Float32Array.from(signal, Math.log) }, sigma, noiseRadius, measuredPower }
}
