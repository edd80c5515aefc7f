import type { WedgeReport } from '../../shared/api.ts'
import { planeAxes, toZYX } from '../../shared/axes.ts'
import type { Plane } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { defaultWedge, wedgeSchema } from '../../shared/wedge.ts'
import type { Wedge } from '../../shared/wedge.ts'
import type { Slice, Volume, ReadOptions } from './volume.ts'
import { volumePower } from '../directions/volume-power.ts'
import { estimateFromPower } from '../wedge/estimate.ts'
import { measuredFraction } from '../wedge/fraction.ts'
import { angularSamples, powerByAngle, powerImage } from '../wedge/power.ts'

export type WedgeAxes = Pick<Wedge, 'tiltAxis' | 'beamAxis'>
/** What a person said about the wedge; the rest is found. */
export type GivenWedge = Partial<WedgeAxes & Pick<Wedge, 'tiltMin' | 'tiltMax'>>

/**
 * The wedge to assume for a volume and the power that speaks for or against it. The range is the given one, else that of a file
 * beside the tomogram, else estimated from the power spectrum, else the commonest. Axes not given are the file's, or tilt axis y and
 * beam z.
 *
 * @throws WedgeviewError usage / wedge-axes
 */
export async function wedgeReport(volume: Volume, given: GivenWedge, options: ReadOptions = {}): Promise<WedgeReport> {
  const { size, tilt } = volume.info
  const tiltAxis = given.tiltAxis ?? tilt?.axis ?? defaultWedge.tiltAxis
  const beamAxis = given.beamAxis ?? (tiltAxis === defaultWedge.beamAxis ? 'y' : defaultWedge.beamAxis)
  const axes = checkedAxes({ tiltAxis, beamAxis })
  const power = await volumePower(volume, axes.tiltAxis, options)
  const angles = powerByAngle(angularSamples(power, axes))
  const estimate = estimateFromPower(power, axes)
  const report = (wedge: Wedge, source: WedgeReport['source'], uncertaintyDegrees: number | null): WedgeReport => ({
    wedge,
    source,
    uncertaintyDegrees,
    measuredFraction: measuredFraction(wedge, toZYX(size)),
    estimate,
    powerByAngle: angles
  })
  const range = (tiltMin: number, tiltMax: number): Wedge => wedgeSchema.parse({ ...axes, tiltMin, tiltMax })
  if (given.tiltMin !== undefined && given.tiltMax !== undefined)
    return report(range(given.tiltMin, given.tiltMax), 'given', null)
  if (tilt) return report(range(tilt.min, tilt.max), 'file', null)
  if (estimate) return report(range(estimate.tiltMin, estimate.tiltMax), 'estimated', estimate.uncertaintyDegrees)
  return report(range(defaultWedge.tiltMin, defaultWedge.tiltMax), 'default', null)
}

/** Log10 power of a plane, zero frequency in the centre; rows and columns as `planeAxes` has them. */
export async function spectrumImage(volume: Volume, plane: Plane, options: ReadOptions = {}): Promise<Slice> {
  const { rows, columns, values } = powerImage(await volumePower(volume, planeAxes[plane].normal, options))
  return { rows, columns, data: values }
}

function checkedAxes(axes: WedgeAxes): WedgeAxes {
  if (axes.tiltAxis !== axes.beamAxis) return axes
  throw new WedgeviewError(
    'usage',
    'wedge-axes',
    `The tilt axis and the beam axis can't both be ${axes.tiltAxis}.`,
    'Choose two different axes.'
  )
}
