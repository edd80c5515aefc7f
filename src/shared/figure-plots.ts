import { z } from 'zod'
import { boxSchema, planeSchema, xyzSchema } from './axes.ts'
import { panelOptions } from './figure-options.ts'
import { wedgeSchema } from './wedge.ts'

/** Whose power is measured: that of a volume, or that of a family's members about their mean. */
export const powerSourceSchema = z.discriminatedUnion('of', [
  z.object({ of: z.literal('volume'), volume: z.string(), box: boxSchema.nullable().default(null) }),
  z.object({
    of: z.literal('deviations'),
    mean: z.string(),
    members: z.array(z.string()).min(1),
    /** Boxes that the region was computed in; a single one is periodic and needs no taper. */
    tiles: z.number().int().min(1).default(1)
  })
])
export type PowerSource = z.infer<typeof powerSourceSchema>

/** Log power in a plane of Fourier space, seen along the third axis. */
export const spectrumPanelSchema = z.object({
  kind: z.literal('spectrum'),
  ...panelOptions,
  source: powerSourceSchema,
  plane: planeSchema,
  /** Drawn where the plane is the one across its tilt axis. */
  wedge: wedgeSchema.nullable().default(null),
  /** What the spectrum alone says of the tilt range, as a band. */
  estimate: z
    .object({ tiltMin: z.number(), tiltMax: z.number(), uncertaintyDegrees: z.number() })
    .nullable()
    .default(null)
})
export type SpectrumPanel = z.infer<typeof spectrumPanelSchema>

/** Power and variance per frequency against the angle around the tilt axis, the unmeasured angles shaded. */
export const curvesPanelSchema = z.object({
  kind: z.literal('curves'),
  ...panelOptions,
  wedge: wedgeSchema,
  curves: z
    .array(z.object({ name: z.enum(['raw', 'mean', 'deviations']), label: z.string(), source: powerSourceSchema }))
    .min(1),
  heightOverWidth: z.number().min(0.2).max(3).default(0.62)
})
export type CurvesPanel = z.infer<typeof curvesPanelSchema>

/** The members' values at a voxel, as dots on a line, with the posterior's mean and 90 %, the MAP and the tomogram's own value. */
export const distributionPanelSchema = z.object({
  kind: z.literal('distribution'),
  ...panelOptions,
  /** In the voxels of the family's maps. */
  voxel: xyzSchema,
  members: z.array(z.string()),
  mean: z.string().nullable().default(null),
  std: z.string().nullable().default(null),
  /** Further values at that place, each with the voxel in its own volume. */
  map: z.object({ volume: z.string(), voxel: xyzSchema }).nullable().default(null),
  raw: z.object({ volume: z.string(), voxel: xyzSchema }).nullable().default(null),
  quantity: z.string().default('grey value')
})
export type DistributionPanel = z.infer<typeof distributionPanelSchema>
