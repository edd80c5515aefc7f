import type { WedgeReport } from '../../shared/api.ts'
import { axisSchema, boxSize, planeAxes, toZYX, wholeBox } from '../../shared/axes.ts'
import type { Axis, Box, Plane, XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { defaultWedge, wedgeSchema } from '../../shared/wedge.ts'
import type { Wedge } from '../../shared/wedge.ts'
import type { Slice, Volume, ReadOptions } from './volume.ts'
import { cutBox } from './memory-volume.ts'
import { estimateFromPower } from '../wedge/estimate.ts'
import { measuredFraction } from '../wedge/fraction.ts'
import { axisIndex } from '../wedge/mask.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { angularSamples, planePower, powerByAngle, powerImage } from '../wedge/power.ts'

/** A Fourier pixel is then 0.004 cycles per voxel, half a degree where most frequencies lie. */
const planeEdge = 256
const voxelLimit = 1 << 21
/** Transformed in about 10 ms: this thread serves slices too. */
const turnVoxels = 1 << 17

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
  const power = await spectrumPower(volume, axes.tiltAxis, options)
  const angles = powerByAngle(angularSamples(power, axes))
  const report = (wedge: Wedge, source: WedgeReport['source'], uncertaintyDegrees: number | null): WedgeReport => ({
    wedge,
    source,
    uncertaintyDegrees,
    measuredFraction: measuredFraction(wedge, toZYX(size)),
    powerByAngle: angles
  })
  const range = (tiltMin: number, tiltMax: number): Wedge => wedgeSchema.parse({ ...axes, tiltMin, tiltMax })
  if (given.tiltMin !== undefined && given.tiltMax !== undefined)
    return report(range(given.tiltMin, given.tiltMax), 'given', null)
  if (tilt) return report(range(tilt.min, tilt.max), 'file', null)
  const estimate = estimateFromPower(power, axes)
  if (estimate) return report(range(estimate.tiltMin, estimate.tiltMax), 'estimated', estimate.uncertaintyDegrees)
  return report(range(defaultWedge.tiltMin, defaultWedge.tiltMax), 'default', null)
}

/** Log10 power of a plane, zero frequency in the centre; rows and columns as `planeAxes` has them. */
export async function spectrumImage(volume: Volume, plane: Plane, options: ReadOptions = {}): Promise<Slice> {
  const { rows, columns, values } = powerImage(await spectrumPower(volume, planeAxes[plane].normal, options))
  return { rows, columns, data: values }
}

/** Mean power of the slices perpendicular to `normal`, a few at a time, so that others are served in between. */
async function spectrumPower(volume: Volume, normal: Axis, options: ReadOptions): Promise<SpectralPlane> {
  const box = spectrumBox(volume.info.size, normal)
  const size = boxSize(box)
  const voxels = await volume.readBox(box, options)
  const slices = size[normal]
  const atOnce = Math.max(1, Math.floor(turnVoxels / (voxels.length / slices)))
  let mean: SpectralPlane | null = null
  for (let from = 0; from < slices; from += atOnce) {
    options.signal?.throwIfAborted()
    await new Promise(setImmediate)
    const to = Math.min(slices, from + atOnce)
    const part: Box = { ...wholeBox(size), [normal]: [from, to] }
    const power = planePower(cutBox(voxels, size, part), toZYX(boxSize(part)), axisIndex(normal))
    const weight = (to - from) / slices
    const before: Float64Array | null = mean && mean.values
    mean = { ...power, values: power.values.map((value, k) => value * weight + (before ? before[k] : 0)) }
  }
  if (!mean) throw new RangeError(`${volume.info.path} has no slices perpendicular to ${normal}`)
  return mean
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
