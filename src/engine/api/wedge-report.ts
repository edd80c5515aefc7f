import type { WedgeReport } from '../../shared/api.ts'
import { axisSchema, planeAxes, toZYX } from '../../shared/axes.ts'
import type { Axis, Box, Plane, XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { defaultWedge, wedgeSchema } from '../../shared/wedge.ts'
import type { Wedge } from '../../shared/wedge.ts'
import type { Slice, Volume, ReadOptions } from '../volume/volume.ts'
import { estimateTiltRange } from '../wedge/estimate.ts'
import { measuredFraction } from '../wedge/fraction.ts'
import { angularSamples, logPowerImage, planePower, powerByAngle } from '../wedge/power.ts'
import { axisIndex } from '../wedge/mask.ts'

/** A Fourier pixel is then 0.004 cycles per voxel, half a degree where most frequencies lie. */
const planeEdge = 256
/** Transformed in about 0.1 s: this thread serves slices too. */
const voxelLimit = 1 << 21

export type WedgeAxes = Pick<Wedge, 'tiltAxis' | 'beamAxis'>

/**
 * The wedge to assume for a volume and the power that speaks for or against it. The range is that of a file beside the tomogram,
 * else estimated from the power spectrum, else the commonest.
 *
 * @param given axes a person chose; those not given are the file's, or tilt axis y and beam z
 */
export async function wedgeReport(
  volume: Volume,
  given: Partial<WedgeAxes>,
  options: ReadOptions = {}
): Promise<WedgeReport> {
  const { size, tilt } = volume.info
  const tiltAxis = given.tiltAxis ?? tilt?.axis ?? defaultWedge.tiltAxis
  const beamAxis = given.beamAxis ?? (tiltAxis === defaultWedge.beamAxis ? 'y' : defaultWedge.beamAxis)
  const axes = checkedAxes({ tiltAxis, beamAxis })
  const box = spectrumBox(size, axes.tiltAxis)
  const voxels = await volume.readBox(box, options)
  const boxSize = toZYX({ x: box.x[1] - box.x[0], y: box.y[1] - box.y[0], z: box.z[1] - box.z[0] })
  const power = powerByAngle(angularSamples(planePower(voxels, boxSize, axisIndex(axes.tiltAxis)), axes))
  const report = (wedge: Wedge, source: WedgeReport['source'], uncertaintyDegrees: number | null): WedgeReport => ({
    wedge,
    source,
    uncertaintyDegrees,
    measuredFraction: measuredFraction(wedge, toZYX(size)),
    powerByAngle: power
  })
  const range = (tiltMin: number, tiltMax: number): Wedge => wedgeSchema.parse({ ...axes, tiltMin, tiltMax })
  if (tilt) return report(range(tilt.min, tilt.max), 'file', null)
  const estimate = estimateTiltRange(voxels, boxSize, axes)
  if (estimate) return report(range(estimate.tiltMin, estimate.tiltMax), 'estimated', estimate.uncertaintyDegrees)
  return report(range(defaultWedge.tiltMin, defaultWedge.tiltMax), 'default', null)
}

/** Log10 power of a plane, zero frequency in the centre; rows and columns as `planeAxes` has them. */
export async function spectrumImage(volume: Volume, plane: Plane, options: ReadOptions = {}): Promise<Slice> {
  const box = spectrumBox(volume.info.size, planeAxes[plane].normal)
  const voxels = await volume.readBox(box, options)
  const size = toZYX({ x: box.x[1] - box.x[0], y: box.y[1] - box.y[0], z: box.z[1] - box.z[0] })
  const { rows, columns, values } = logPowerImage(voxels, size, plane)
  return { rows, columns, data: values }
}

/** The central part of a volume whose spectrum stands for it: whole planes before many of them. */
export function spectrumBox(size: XYZ, normal: Axis): Box {
  const lengths: Record<Axis, number> = { ...size }
  const inPlane = axisSchema.options.filter((axis) => axis !== normal)
  for (const axis of inPlane) lengths[axis] = Math.min(size[axis], planeEdge)
  const planeVoxels = inPlane.reduce((voxels, axis) => voxels * lengths[axis], 1)
  lengths[normal] = Math.min(size[normal], Math.max(1, Math.floor(voxelLimit / planeVoxels)))
  const centred = (axis: Axis): [number, number] => {
    const from = Math.floor((size[axis] - lengths[axis]) / 2)
    return [from, from + lengths[axis]]
  }
  return { x: centred('x'), y: centred('y'), z: centred('z') }
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
