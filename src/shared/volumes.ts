import { z } from 'zod'
import { axisSchema, boxSchema, xyzSchema } from './axes.ts'
import { derivationSchema } from './derived.ts'
import { failureSchema } from './errors.ts'

export const repairSchema = z.object({ code: z.string(), message: z.string() })
export type Repair = z.infer<typeof repairSchema>

export const statisticsSchema = z.object({
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  std: z.number(),
  finite: z.number()
})
export type Statistics = z.infer<typeof statisticsSchema>

/** The `info` document of cli.md. */
export const volumeInfoSchema = z.object({
  path: z.string(),
  format: z.string(),
  mode: z.number(),
  dtype: z.string(),
  byteOrder: z.enum(['little', 'big']),
  size: xyzSchema,
  voxelSizeAngstrom: xyzSchema.nullable(),
  origin: xyzSchema,
  start: xyzSchema,
  axisOrder: z.array(z.number()),
  isVolumeStack: z.boolean(),
  extendedHeader: z.object({ type: z.string(), bytes: z.number() }),
  labels: z.array(z.string()),
  tilt: z
    .object({
      min: z.number(),
      max: z.number(),
      axis: axisSchema.nullable(),
      source: z.string(),
      /** Of the tilt axis in the recorded images, from their vertical, counter-clockwise; null where no record tells. */
      axisAngleDegrees: z.number().nullable().optional()
    })
    .nullable(),
  repairs: z.array(repairSchema),
  compressed: z.enum(['none', 'gzip', 'bzip2']),
  /** Where the file ends too early and the part that is there was opened: its whole sections, along an axis; the voxels after them are NaN. */
  partial: z.object({ axis: axisSchema, readableSections: z.number(), sections: z.number() }).optional(),
  stats: statisticsSchema.optional()
})
export type VolumeInfo = z.infer<typeof volumeInfoSchema>

/** Grey values that map to black and white. */
export const contrastSchema = z.object({ low: z.number(), high: z.number() })
export type Contrast = z.infer<typeof contrastSchema>

/** What a map of a run shows; null for a tomogram. */
export const mapRoleSchema = z.enum([
  'map',
  'mean',
  'std',
  'variance',
  'wedge-variance',
  'measured-variance',
  'wedge-share',
  'probability',
  /** Whether CryoWGEN-II's chains agree, voxel by voxel: 1 where they do. */
  'r-hat',
  /** CryoWGEN-I's soft barycentre, decoded. */
  'barycentre',
  'member',
  /** T_M x and (I - T_M) x of one of the others; made when asked for, see derived.ts. */
  'measured-part',
  'filled-in-part'
])
export type MapRole = z.infer<typeof mapRoleSchema>

/**
 * A coarse copy of a large volume, which slices are drawn from at once (`/slice?level=auto`) and refined from the file. `none`: the volume
 * is small enough without.
 */
export const pyramidStatusSchema = z.object({
  state: z.enum(['none', 'building', 'ready', 'failed']),
  /** How much of it is made, 0 to 1. */
  fraction: z.number(),
  /** Why it can't be made; the volume is as usable without. */
  failure: failureSchema.nullable()
})
export type PyramidStatus = z.infer<typeof pyramidStatusSchema>

/** A volume the window may show: a tomogram, or a map of a run, which covers a region of its tomogram. */
export const openVolumeSchema = z.object({
  id: z.string(),
  name: z.string(),
  info: volumeInfoSchema,
  /** Robust: 0.5 and 99.5 percentiles of a stratified sample. */
  contrast: contrastSchema,
  /** Where this volume sits in its tomogram, in the tomogram's voxels; null for a tomogram itself. */
  region: z.object({ tomogram: z.string(), box: boxSchema }).nullable(),
  role: mapRoleSchema.nullable(),
  runId: z.string().nullable(),
  /** Grows whenever the voxels change (a running job's maps), so that views fetch again. */
  revision: z.number(),
  /** Quantity and unit as a colour bar writes them: "posterior SD (grey value)". */
  quantity: z.string(),
  /** Where the engine made it from a run's maps. */
  derived: derivationSchema.optional(),
  pyramid: pyramidStatusSchema.optional()
})
export type OpenVolume = z.infer<typeof openVolumeSchema>
