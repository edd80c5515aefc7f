import { toZYX } from '../../shared/axes.ts'
import type { XYZ } from '../../shared/axes.ts'
import { angularBinDegrees } from '../../shared/directions.ts'
import type { Directions } from '../../shared/directions.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { wedgePlane } from '../wedge/mask.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { angularSamples } from '../wedge/power.ts'
import { balancedPowerByAngle } from './balanced-angles.ts'

/**
 * Power by direction, and its two parts: that of the frequencies outside and inside the assumed measured region M. With weights M and 1 - M
 * the two parts' sums make the whole, whatever the mask's edge.
 *
 * @param power over the two frequencies perpendicular to the wedge's tilt axis, of a box of `size`
 */
export function directionalPower(
  power: SpectralPlane,
  size: XYZ,
  wedge: Wedge
): Pick<Directions, 'bins' | 'wedge' | 'measured' | 'variance'> {
  const mask = wedgePlane(wedge, toZYX(size))
  if (mask.values.length !== power.values.length || mask.axes.join() !== power.axes.join())
    throw new RangeError('the power is not that of the plane perpendicular to the tilt axis')
  const count = power.values.length
  let inside = 0
  let total = 0
  let frequencies = 0
  for (let k = 0; k < count; k++) {
    const unmeasured = 1 - mask.values[k]
    inside += unmeasured * power.values[k]
    total += power.values[k]
    frequencies += unmeasured
  }
  const band = (sum: number, over: number): Directions['wedge'] => ({
    power: over > 0 ? sum / over : null,
    share: total > 0 ? sum / total : 0,
    frequencies: over / count
  })
  return {
    bins: balancedPowerByAngle(angularSamples(power, wedge), 1 / Math.min(...power.size), angularBinDegrees),
    wedge: band(inside, frequencies),
    measured: band(total - inside, count - frequencies),
    variance: total / count
  }
}
