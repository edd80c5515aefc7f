import type { ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { angularSamples, planePower, type AngularSample } from './power.ts'
import type { AxisIndex } from '../fourier/field.ts'
import { wedgeAxes, type SpectralPlane } from './mask.ts'

export interface TiltEstimate {
  readonly tiltMin: number
  readonly tiltMax: number
  /** One standard deviation, of the less certain limit. */
  readonly uncertaintyDegrees: number
  /** Mean log power ratio of measured to unmeasured frequencies, at each radius compared with its own kind. */
  readonly contrast: number
}

/** Below this the two sides of every candidate limit are too alike: e^1.1 is a factor of 3 in power. White noise reaches 0.1. */
const leastContrast = 1.1
/** Frequencies nearer to the centre are too few an angle, and the taper smears them. */
const innerRadius = 0.1
const outerRadius = 0.48
const rings = 24
/** Relative powers below this are as good as none; an exactly empty wedge must not outweigh everything else. */
const leastPower = 1e-3

/** Divides each sample's power by a high quantile of its ring, so that only the angle is left. */
function whitened(samples: readonly AngularSample[], inner: number): AngularSample[] {
  const byRing = Array.from({ length: rings }, (): AngularSample[] => [])
  for (const sample of samples) {
    if (sample.radius < inner || sample.radius > outerRadius) continue
    const ring = Math.min(rings - 1, Math.floor(((sample.radius - inner) / (outerRadius - inner)) * rings))
    byRing[ring].push(sample)
  }
  return byRing.flatMap((ring) => {
    const level = quantile(
      ring.map(({ power }) => power),
      0.6
    )
    return level > 0 ? ring.map((sample) => ({ ...sample, power: sample.power / level })) : []
  })
}

function quantile(values: number[], share: number): number {
  if (values.length === 0) return NaN
  values.sort((a, b) => a - b)
  return values[Math.min(values.length - 1, Math.floor(share * values.length))]
}

/** The two-level step in log power over whole degrees that explains most variance. */
function coarseStep(samples: readonly AngularSample[]): { min: number; max: number; contrast: number } | null {
  const logs = new Float64Array(181)
  const counts = new Float64Array(181)
  for (const { degrees, power } of samples) {
    const bin = Math.min(179, Math.floor(degrees + 90)) + 1
    logs[bin] += Math.log(Math.max(power, leastPower))
    counts[bin]++
  }
  for (let i = 1; i <= 180; i++) {
    logs[i] += logs[i - 1]
    counts[i] += counts[i - 1]
  }
  const fewest = Math.max(10, counts[180] / 50)
  let best: { min: number; max: number; contrast: number; explained: number } | null = null
  for (let from = 0; from <= 175; from++) {
    for (let to = from + 5; to <= 180; to++) {
      const inside = counts[to] - counts[from]
      const outside = counts[180] - inside
      if (inside < fewest || outside < fewest) continue
      const sum = logs[to] - logs[from]
      const contrast = sum / inside - (logs[180] - sum) / outside
      const explained = ((inside * outside) / (inside + outside)) * contrast * contrast
      if (contrast > 0 && explained > (best?.explained ?? 0))
        best = { min: from - 90, max: to - 90, contrast, explained }
    }
  }
  return best
}

/**
 * Standard deviation, in Fourier pixels, of what the Hann window of planePower makes of a sharp edge: the root of the mean square
 * frequency of the window's power, sqrt(integral w'^2 / integral w^2) / (2 pi) = sqrt(1/3) for w = sin^2.
 */
const windowBlurPixels = Math.sqrt(1 / 3)
/** Degrees on either side of a limit that its fit looks at: enough for two levels, little enough for them to be level. */
const fitDegrees = 9
/** Nothing in a spectrum tells a limit better than this part of a Fourier pixel: the edge lies between pixels. Held by simulation in the tests. */
const pixelShare = 0.25

interface Limit {
  degrees: number
  uncertaintyDegrees: number
}

/**
 * Fits one limit by least squares: two levels of power on either side of it, and between them the sharp edge of the measured region as the
 * window blurs it, which at a small radius is many degrees wide and at a large one few. The levels are those right beside the limit: a
 * specimen's power changes with the angle, and an edge taken at half of the mean level would move with it. `side` is +1 for the
 * upper limit.
 */
function fitted(samples: readonly AngularSample[], coarse: number, side: 1 | -1, pixels: EdgePixels): Limit {
  const near = samples
    .filter(({ degrees }) => Math.abs(degrees - coarse) <= fitDegrees)
    .map(({ degrees, radius, power }) => {
      const angle = (degrees * Math.PI) / 180
      const pixel = Math.hypot(Math.sin(angle) / pixels.across, Math.cos(angle) / pixels.beam)
      return { degrees, power, blurDegrees: ((windowBlurPixels * pixel) / radius) * (180 / Math.PI) }
    })
  let best = { degrees: coarse, error: Infinity, variance: Infinity }
  for (let tenth = -10 * fitShift; tenth <= 10 * fitShift; tenth++) {
    const degrees = coarse + tenth / 10
    const fit = twoLevels(near, degrees, side)
    if (fit && fit.error < best.error) best = { degrees, ...fit }
  }
  const radii = near.map(({ blurDegrees }) => blurDegrees)
  const pixelDegrees = (quantile(radii, 0.5) / windowBlurPixels) * pixelShare
  return {
    degrees: Math.min(90, Math.max(-90, best.degrees)),
    uncertaintyDegrees: Math.hypot(Number.isFinite(best.variance) ? Math.sqrt(best.variance) : fitShift, pixelDegrees)
  }
}

/** Degrees that a fit may move a limit from where it was first seen. */
const fitShift = 5

/** Lengths of the box along the beam and across, in voxels: a Fourier pixel is one over them. */
interface EdgePixels {
  beam: number
  across: number
}

/** Levels inside and outside a limit at `degrees` that fit best, the mean square left over, and the variance of the limit. */
function twoLevels(
  near: readonly { degrees: number; power: number; blurDegrees: number }[],
  limit: number,
  side: 1 | -1
): { error: number; variance: number } | null {
  let [n, s, ss, p, sp, pp, slopes] = [0, 0, 0, 0, 0, 0, 0]
  for (const { degrees, power, blurDegrees } of near) {
    const beyond = side * (degrees - limit)
    const inside = normalCumulative(-beyond / blurDegrees)
    n++
    s += inside
    ss += inside * inside
    p += power
    sp += inside * power
    pp += power * power
    slopes +=
      (Math.exp(-(beyond * beyond) / (2 * blurDegrees * blurDegrees)) / (Math.sqrt(2 * Math.PI) * blurDegrees)) ** 2
  }
  const spread = ss - (s * s) / n
  if (n < 6 || !(spread > 0)) return null
  const step = (sp - (s * p) / n) / spread
  // Power that grows outwards is no limit of a tilt range.
  if (step <= 0) return null
  const left = Math.max(0, pp - (p * p) / n - step * step * spread)
  return { error: left / n, variance: left / Math.max(1, n - 3) / (step * step * slopes) }
}

/** The normal distribution's cumulative function, to 1.5e-7 (Abramowitz & Stegun 7.1.26). */
function normalCumulative(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2)
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = 0.5 * series * Math.exp((-x * x) / 2)
  return x > 0 ? 1 - tail : tail
}

/**
 * Estimates the tilt range from the power spectrum perpendicular to the tilt axis: inside the measured region there is power,
 * outside there is nearly none. Each limit is found for itself, so that a tilted specimen shows. null where no wedge stands out, as
 * in white noise or a simulated volume without one. A central box of 256 voxels a side is enough.
 */
export function estimateTiltRange(
  volume: Float32Array,
  size: ZYX,
  axes: Pick<Wedge, 'tiltAxis' | 'beamAxis'>
): TiltEstimate | null {
  return estimateFromPower(planePower(volume, size, wedgeAxes(axes).tilt), axes)
}

/** The same from the power perpendicular to the tilt axis, where that is known already. */
export function estimateFromPower(
  power: SpectralPlane,
  axes: Pick<Wedge, 'tiltAxis' | 'beamAxis'>
): TiltEstimate | null {
  const shorter = Math.min(...power.size)
  if (shorter < 8) return null
  const inner = Math.max(innerRadius, 3 / shorter)
  const samples = whitened(angularSamples(power, axes), inner)
  const step = coarseStep(samples)
  if (!step || step.contrast < leastContrast) return null
  const { beam, across } = wedgeAxes(axes)
  const lengthAlong = (axis: AxisIndex): number => power.size[power.axes.indexOf(axis)]
  const pixels = { beam: lengthAlong(beam), across: lengthAlong(across) }
  const lower = fitted(samples, step.min, -1, pixels)
  const upper = fitted(samples, step.max, 1, pixels)
  if (lower.degrees >= upper.degrees) return null
  const tenths = (value: number): number => Math.round(value * 10) / 10
  return {
    tiltMin: tenths(lower.degrees),
    tiltMax: tenths(upper.degrees),
    uncertaintyDegrees: Math.max(0.1, tenths(Math.max(lower.uncertaintyDegrees, upper.uncertaintyDegrees))),
    contrast: step.contrast
  }
}
