import type { Xyz } from 'mrc-js'
import { z } from 'zod'
import { WedgeviewError } from '../../../shared/errors.ts'
import { angstromPerUnit } from './length-units.ts'

const transformation = z.object({
  type: z.string(),
  scale: z.array(z.number()).optional(),
  translation: z.array(z.number()).optional()
})

const multiscaleSchema = z.object({
  name: z.string().optional(),
  axes: z
    .array(z.object({ name: z.string(), unit: z.string().optional() }))
    .min(2)
    .max(5),
  datasets: z
    .array(z.object({ path: z.string(), coordinateTransformations: z.array(transformation).optional() }))
    .min(1)
    .max(64),
  coordinateTransformations: z.array(transformation).optional()
})

const versions04 = z.object({ multiscales: z.array(multiscaleSchema).min(1) })
const versions05 = z.object({ ome: versions04 })

/** The first multiscale image of a group: axes in the arrays' order, levels from fine to coarse. */
export interface Multiscale {
  name: string
  /** One letter each: t, c, z, y, x. */
  axes: string[]
  datasets: { path: string; voxelSizeAngstrom: Xyz | null; translationAngstrom: Xyz }[]
}

/** Reads the attributes of an OME-Zarr 0.5 (`ome.multiscales`) or 0.4 (`multiscales`) group. Throws WedgeviewError `not-zarr`. */
export function decodeMultiscale(path: string, attributes: Record<string, unknown>): Multiscale {
  const parsed05 = versions05.safeParse(attributes)
  const parsed = parsed05.success
    ? { success: true as const, data: parsed05.data.ome }
    : versions04.safeParse(attributes)
  if (!parsed.success) {
    throw new WedgeviewError(
      'input',
      'not-zarr',
      `The folder ${path} is Zarr, but has no OME-Zarr multiscales metadata of version 0.4 or 0.5.`,
      'Choose the folder of the image itself, or write it again with OME metadata.'
    )
  }
  const [first] = parsed.data.multiscales
  const axes = first.axes.map((axis) => axis.name.toLowerCase())
  if (!axes.includes('x') || !axes.includes('y')) {
    throw new WedgeviewError(
      'input',
      'zarr-unsupported',
      `${path} has the axes ${axes.join(', ')}; a volume needs x and y.`,
      'Choose a volume with axes z, y, x.'
    )
  }
  const outer = scaleAndShift(first.coordinateTransformations, axes.length)
  const datasets = first.datasets.map((dataset) => {
    const inner = scaleAndShift(dataset.coordinateTransformations, axes.length)
    const at = (name: 'x' | 'y' | 'z'): { scale: number; shift: number } => {
      const axis = axes.indexOf(name)
      const unit = axis < 0 ? undefined : angstromPerUnit(first.axes[axis].unit)
      if (axis < 0 || unit === undefined) return { scale: Number.NaN, shift: 0 }
      return {
        scale: inner.scale[axis] * outer.scale[axis] * unit,
        shift: (inner.shift[axis] * outer.scale[axis] + outer.shift[axis]) * unit
      }
    }
    const [x, y, z] = [at('x'), at('y'), at('z')]
    // A flat image has no z axis; its voxels are as deep as they are wide.
    const depth = axes.includes('z') ? z.scale : x.scale
    const known = [x.scale, y.scale, depth].every((length) => length > 0 && Number.isFinite(length))
    return {
      path: dataset.path,
      voxelSizeAngstrom: known ? { x: x.scale, y: y.scale, z: depth } : null,
      translationAngstrom: { x: x.shift, y: y.shift, z: z.shift }
    }
  })
  return { name: first.name ?? '', axes, datasets }
}

function scaleAndShift(
  transformations: z.infer<typeof transformation>[] | undefined,
  axes: number
): { scale: number[]; shift: number[] } {
  const scale = transformations?.find((each) => each.type === 'scale')?.scale
  const shift = transformations?.find((each) => each.type === 'translation')?.translation
  return {
    scale: scale?.length === axes ? scale : new Array<number>(axes).fill(1),
    shift: shift?.length === axes ? shift : new Array<number>(axes).fill(0)
  }
}
