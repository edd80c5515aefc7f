import { join } from 'node:path'
import { toZYX, wholeBox, type XYZ, type ZYX } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { frequency } from '../fourier/frequency.ts'
import { forwardReal, inverseReal } from '../fourier/real.ts'
import { openVolume } from '../volume/open-volume.ts'
import { blurAngstrom, type Frame } from './frame.ts'

/** The densities that come with the program, resources/templates. */
export const macromoleculeNames = ['ribosome-4v4r-10A', 'mitoribosome-5mrc-10A'] as const
export type MacromoleculeName = (typeof macromoleculeNames)[number]
export const tubulinName = 'beta-tubulin-5.14A'
export type TemplateName = MacromoleculeName | typeof tubulinName

/** A density as it is placed: blurred for the grid that it goes to, its mean inside 1, zero outside. */
export interface Template {
  readonly name: TemplateName
  /** (D, H, W) of `values`. */
  readonly size: ZYX
  readonly values: Float32Array
  readonly voxelSizeAngstrom: number
  /** Centre of mass in the template's voxels; where an object's position is. */
  readonly centre: XYZ
  /** From the centre to the farthest voxel that is not zero. */
  readonly radiusAngstrom: number
  /** Every voxel inside, relative to the centre: (x, y, z) after one another. */
  readonly insideAngstrom: Float64Array
}

export type Templates = ReadonlyMap<TemplateName, Template>

/** Voxels above this share of the maximum are inside; below the smaller share there is nothing. */
const insideShare = 0.25
const nothingShare = 0.01

export async function loadTemplates(
  folder: string,
  names: readonly TemplateName[],
  frame: Frame,
  signal?: AbortSignal
): Promise<Templates> {
  const templates = new Map<TemplateName, Template>()
  for (const name of names) templates.set(name, await loadTemplate(folder, name, frame, signal))
  return templates
}

/** @throws {WedgeviewError} job / program-incomplete, where the program's own file is missing or damaged */
async function loadTemplate(folder: string, name: TemplateName, frame: Frame, signal?: AbortSignal): Promise<Template> {
  try {
    const volume = await openVolume(join(folder, `${name}.mrc.gz`), { signal })
    try {
      const { size, voxelSizeAngstrom } = volume.info
      if (voxelSizeAngstrom === null) throw new Error('it has no voxel size')
      const values = await volume.readBox(wholeBox(size), { signal })
      return preparedTemplate(name, values, toZYX(size), voxelSizeAngstrom.x, blurAngstrom(frame))
    } finally {
      await volume.close()
    }
  } catch (cause) {
    signal?.throwIfAborted()
    throw new WedgeviewError(
      'job',
      'program-incomplete',
      `The template ${name} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Install the program again.',
      { cause }
    )
  }
}

/** Blurs a density by a Gaussian of SD `blur`, in angstrom, and brings it to a mean of 1 inside. */
export function preparedTemplate(
  name: TemplateName,
  density: Float32Array,
  size: ZYX,
  voxelSizeAngstrom: number,
  blur: number
): Template {
  const blurred = gaussianBlurred(density, size, blur / voxelSizeAngstrom)
  const most = blurred.reduce((largest, value) => Math.max(largest, value), 0)
  let inside = 0
  let mass = 0
  const moment = { x: 0, y: 0, z: 0 }
  forEachVoxel(size, (index, x, y, z) => {
    const value = blurred[index]
    if (value < insideShare * most) return
    inside++
    mass += value
    moment.x += value * x
    moment.y += value * y
    moment.z += value * z
  })
  const centre = { x: moment.x / mass, y: moment.y / mass, z: moment.z / mass }
  const scale = inside / mass
  const values = new Float32Array(blurred.length)
  const insideAngstrom: number[] = []
  let farthest = 0
  forEachVoxel(size, (index, x, y, z) => {
    if (blurred[index] < nothingShare * most) return
    values[index] = scale * blurred[index]
    const offset = [x - centre.x, y - centre.y, z - centre.z]
    farthest = Math.max(farthest, Math.hypot(...offset))
    if (blurred[index] >= insideShare * most) insideAngstrom.push(...offset.map((each) => each * voxelSizeAngstrom))
  })
  return {
    name,
    size,
    values,
    voxelSizeAngstrom,
    centre,
    // Interpolation reaches two voxels further.
    radiusAngstrom: (farthest + 2) * voxelSizeAngstrom,
    insideAngstrom: Float64Array.from(insideAngstrom)
  }
}

function forEachVoxel([depth, height, width]: ZYX, visit: (i: number, x: number, y: number, z: number) => void): void {
  for (let z = 0, i = 0; z < depth; z++)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++, i++) visit(i, x, y, z)
}

/** Multiplied in Fourier space by exp(-2 pi^2 sd^2 k^2), k in cycles per voxel. */
function gaussianBlurred(values: Float32Array, size: ZYX, sdVoxels: number): Float64Array {
  const spectrum = forwardReal(values, size)
  const { halfWidth, re, im } = spectrum
  const factor = -2 * Math.PI * Math.PI * sdVoxels * sdVoxels
  for (let z = 0, i = 0; z < size[0]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < halfWidth; x++, i++) {
        const kz = frequency(z, size[0])
        const ky = frequency(y, size[1])
        const kx = frequency(x, size[2])
        const transfer = Math.exp(factor * (kz * kz + ky * ky + kx * kx))
        re[i] *= transfer
        im[i] *= transfer
      }
  return inverseReal(spectrum)
}
