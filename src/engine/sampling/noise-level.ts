import type { ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { frequency } from '../fourier/frequency.ts'
import { columnWeight, forwardReal } from '../fourier/real.ts'
import { wedgePlane } from '../wedge/mask.ts'

/** Radial frequencies, in cycles per voxel, where noise is all that a tomogram holds in practice. */
const shell = { from: 0.4, to: 0.5 }

/**
 * Standard deviation of white noise from the power of the high-frequency shell of the measured region: an upper bound where signal
 * reaches that far. Too low where the tomogram was low-passed; null where the shell holds no measured frequency.
 *
 * @param volume normalised, (z, y, x)
 */
export function estimateNoise(volume: Float32Array, size: ZYX, wedge: Wedge): number | null {
  return measuredDeviation(volume, size, wedge, (radius) => radius >= shell.from && radius <= shell.to)
}

/**
 * Standard deviation of the noise of a tomogram that is the mean of two halves, from (even - odd) / 2: the signal cancels, and what is left has
 * the noise's own variance, since the halves' noise is independent. All measured frequencies count but the mean; null where there is none.
 *
 * @param halfDifference (even - odd) / 2, normalised as the tomogram is, (z, y, x)
 */
export function noiseOfDifference(halfDifference: Float32Array, size: ZYX, wedge: Wedge): number | null {
  return measuredDeviation(halfDifference, size, wedge, (radius) => radius > 0)
}

/** Square root of the mean power |Y|^2 / N of the fully measured frequencies with a wanted radius; null where it is nothing. */
function measuredDeviation(
  volume: Float32Array,
  size: ZYX,
  wedge: Wedge,
  isWanted: (radius: number) => boolean
): number | null {
  const plane = wedgePlane(wedge, size)
  const { halfWidth, re, im } = forwardReal(volume, size)
  let power = 0
  let weight = 0
  let index = 0
  const k = [0, 0, 0]
  for (k[0] = 0; k[0] < size[0]; k[0]++)
    for (k[1] = 0; k[1] < size[1]; k[1]++)
      for (k[2] = 0; k[2] < halfWidth; k[2]++, index++) {
        if (!isWanted(Math.hypot(frequency(k[0], size[0]), frequency(k[1], size[1]), frequency(k[2], size[2]))))
          continue
        const m = plane.values[k[plane.axes[0]] * plane.size[1] + k[plane.axes[1]]]
        if (m < 1) continue
        const share = columnWeight(k[2], size[2])
        power += share * (re[index] * re[index] + im[index] * im[index])
        weight += share
      }
  return weight > 0 && power > 0 ? Math.sqrt(power / weight / volume.length) : null
}
