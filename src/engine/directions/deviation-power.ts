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
  const [first, ...rest] = members
  if (!first) throw new RangeError('a family without members has no deviations')
  const powerOf = (member: Volume): Promise<SpectralPlane> => {
    const terms = [[1, member] as const, [-1, mean] as const]
    return volumePower(combinedVolume(terms), normal, { ...options, about: 'zero' })
  }
  const sum = await powerOf(first)
  for (const member of rest) {
    const { values } = await powerOf(member)
    for (let k = 0; k < values.length; k++) sum.values[k] += values[k]
  }
  return { ...sum, values: sum.values.map((value) => value / members.length) }
}
