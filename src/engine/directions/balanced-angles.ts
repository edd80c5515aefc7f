import type { AngularSample } from '../wedge/power.ts'

/** Of the strongest ring's mean power. */
const leastRing = 1e-6

/**
 * Power against angle, as if every bin held frequencies of every radius.
 *
 * A narrow bin of a small box holds a few frequencies of radii that differ from its neighbours', and since power falls steeply with radius a plain
 * mean over the bin says more about those radii than about the direction. So the mean power R(r) of each ring of radii is taken out of
 * every frequency first, and put in again with the ring's own weight:
 *
 *   power(bin) = sum over rings in the bin  of  n_r R_r * mean of P / R_r  /  sum over rings in the bin of n_r R_r   *  mean power
 *
 * Where P(k) = f(|k|) g(angle) this is g up to a constant factor, nearly whatever frequencies a bin has (as nearly as rings cover all angles
 * evenly); where P has no direction it is the mean power; where P is zero it is zero. Rings six decades below the strongest count as
 * empty: rounding has directions, too. Bins without a frequency are left out.
 *
 * @param ringWidth in cycles per voxel; a Fourier pixel of the box's shorter axis
 */
export function balancedPowerByAngle(
  samples: readonly AngularSample[],
  ringWidth: number,
  binDegrees: number
): { degrees: number; power: number }[] {
  const rings = Math.ceil(0.5 / ringWidth) + 1
  const ringOf = ({ radius }: AngularSample): number => Math.min(rings - 1, Math.round(radius / ringWidth))
  const ringPower = new Float64Array(rings)
  const ringCount = new Float64Array(rings)
  let total = 0
  for (const sample of samples) {
    ringPower[ringOf(sample)] += sample.power
    ringCount[ringOf(sample)]++
    total += sample.power
  }
  const ringMean = ringPower.map((power, ring) => (ringCount[ring] > 0 ? power / ringCount[ring] : 0))
  const least = leastRing * ringMean.reduce((most, power) => Math.max(most, power), 0)
  const bins = Math.round(180 / binDegrees)
  // By bin and ring: sum of P / R_r, and how many frequencies.
  const relative = new Float64Array(bins * rings)
  const counts = new Float64Array(bins * rings)
  for (const sample of samples) {
    const ring = ringOf(sample)
    const bin = Math.min(bins - 1, Math.floor(((sample.degrees + 90) / 180) * bins))
    relative[bin * rings + ring] += least > 0 ? sample.power / (ringMean[ring] + least) : 0
    counts[bin * rings + ring]++
  }
  const meanPower = samples.length > 0 ? total / samples.length : 0
  const out: { degrees: number; power: number }[] = []
  for (let bin = 0; bin < bins; bin++) {
    let sum = 0
    let weight = 0
    let held = 0
    for (let ring = 0; ring < rings; ring++) {
      const count = counts[bin * rings + ring]
      if (count === 0) continue
      held += count
      const share = ringCount[ring] * (ringMean[ring] + least)
      sum += (share * relative[bin * rings + ring]) / count
      weight += share
    }
    if (held > 0)
      out.push({ degrees: -90 + ((bin + 0.5) * 180) / bins, power: weight > 0 ? (meanPower * sum) / weight : 0 })
  }
  return out
}
