import { axisSchema, boxSize, toZYX, wholeBox } from '../../shared/axes.ts'
import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import { cutBox } from '../volume/memory-volume.ts'
import type { ReadOptions, Volume } from '../volume/volume.ts'
import { axisIndex } from '../wedge/mask.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { planePower } from '../wedge/power.ts'
import type { PlanePowerOptions } from '../wedge/power.ts'

/** A Fourier pixel is then 0.004 cycles per voxel, half a degree where most frequencies lie. */
const planeEdge = 256
const voxelLimit = 1 << 21
/** Transformed in about 10 ms: this thread serves slices too. */
const turnVoxels = 1 << 17

export type VolumePowerOptions = ReadOptions &
  PlanePowerOptions & {
    /** The part that is looked at, in the volume's voxels; the whole volume unless told otherwise. */
    box?: Box | undefined
  }

/**
 * Mean power of a volume's slices perpendicular to `normal`, see `planePower`, of the central part that stands for it. A few slices at
 * a time, so that others are served in between.
 */
export async function volumePower(
  volume: Volume,
  normal: Axis,
  options: VolumePowerOptions = {}
): Promise<SpectralPlane> {
  const box = spectrumBox(volume.info.size, normal, options.box)
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
    const power = planePower(cutBox(voxels, size, part), toZYX(boxSize(part)), axisIndex(normal), options)
    const weight = (to - from) / slices
    const before: Float64Array | null = mean && mean.values
    mean = { ...power, values: power.values.map((value, k) => value * weight + (before ? before[k] : 0)) }
  }
  if (!mean) throw new RangeError(`${volume.info.path} has no slices perpendicular to ${normal}`)
  return mean
}

/** The central part of a volume (or of a box in it) whose spectrum stands for it: whole planes before many of them. */
export function spectrumBox(size: XYZ, normal: Axis, within: Box = wholeBox(size)): Box {
  const whole = boxSize(within)
  const lengths: Record<Axis, number> = { ...whole }
  const inPlane = axisSchema.options.filter((axis) => axis !== normal)
  for (const axis of inPlane) lengths[axis] = Math.min(whole[axis], planeEdge)
  const planeVoxels = inPlane.reduce((voxels, axis) => voxels * lengths[axis], 1)
  lengths[normal] = Math.min(whole[normal], Math.max(1, Math.floor(voxelLimit / planeVoxels)))
  const centred = (axis: Axis): [number, number] => {
    const from = within[axis][0] + Math.floor((whole[axis] - lengths[axis]) / 2)
    return [from, from + lengths[axis]]
  }
  return { x: centred('x'), y: centred('y'), z: centred('z') }
}
