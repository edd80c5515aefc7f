import type { Axis } from '../../shared/axes.ts'
import type { Volume } from '../volume/volume.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { combinedVolume } from './combined-volume.ts'
import { volumePower } from './volume-power.ts'
import type { VolumePowerOptions } from './volume-power.ts'

/**
 * Power of a family's deviations: the mean over its members of |F(member - mean)|^2, as `volumePower` gives it. For the posterior mean of
 * many draws this is the posterior variance per frequency, up to the members' finite number.
 *
 * @throws RangeError without members
 */
export async function deviationPower(
  mean: Volume,
  members: readonly Volume[],
  normal: Axis,
  options: VolumePowerOptions = {}
): Promise<SpectralPlane> {
  if (members.length === 0) throw new RangeError('a family without members has no deviations')
  let sum: SpectralPlane | null = null
  for (const member of members) {
    const deviation = combinedVolume([
      [1, member],
      [-1, mean]
    ])
    const power = await volumePower(deviation, normal, { ...options, about: 'zero' })
    const before: Float64Array | null = sum && sum.values
    sum = { ...power, values: power.values.map((value, k) => value / members.length + (before ? before[k] : 0)) }
  }
  return sum as SpectralPlane
}
