import type { ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { angularSamples, planePower, type AngularSample } from './power.ts'
import { wedgeAxes, type SpectralPlane } from './mask.ts'

export interface TiltEstimate {
  readonly tiltMin: number
  readonly tiltMax: number
  /** Of each limit: one Fourier pixel of the plane's shorter side at the radius where most frequencies lie. */
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

/** Moves one limit to where a sharp step fits the powers around it best, in tenths of a degree. `side` is +1 for the upper limit. */
function refined(samples: readonly AngularSample[], limit: number, side: 1 | -1): number {
  const outward = samples.map(({ degrees, power }) => ({ beyond: side * (degrees - limit), power }))
  const level = (from: number, to: number): number =>
    quantile(
      outward.filter(({ beyond }) => beyond >= from && beyond <= to).map(({ power }) => power),
      0.5
    )
  const high = level(-20, -3)
  const low = level(4, 20)
  // The window may end at 90 degrees, where nothing is left outside.
  const floor = Number.isFinite(low) ? low : 0
  if (!(high > floor)) return limit
  const near = outward
    .filter(({ beyond }) => Math.abs(beyond) <= 12)
    .map(({ beyond, power }) => ({ beyond, share: Math.min(1, Math.max(0, (power - floor) / (high - floor))) }))
  let best = { shift: 0, error: Infinity }
  for (let tenth = -100; tenth <= 100; tenth++) {
    const shift = tenth / 10
    let error = 0
    for (const { beyond, share } of near) error += (share - (beyond <= shift ? 1 : 0)) ** 2
    if (error < best.error) best = { shift, error }
  }
  return Math.min(90, Math.max(-90, limit + side * best.shift))
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
  const tiltMin = refined(samples, step.min, -1)
  const tiltMax = refined(samples, step.max, 1)
  if (tiltMin >= tiltMax) return null
  const uncertaintyDegrees = (Math.atan(1 / (0.35 * shorter)) * 180) / Math.PI
  const tenths = (value: number): number => Math.round(value * 10) / 10
  return {
    tiltMin: tenths(tiltMin),
    tiltMax: tenths(tiltMax),
    uncertaintyDegrees: tenths(uncertaintyDegrees),
    contrast: step.contrast
  }
}
