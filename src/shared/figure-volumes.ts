import { z } from 'zod'
import { xyzSchema } from './axes.ts'
import { temperingSchema } from './directions.ts'
import { probabilityEstimateSchema, volumePartSchema } from './derived.ts'
import { mapRoleSchema } from './volumes.ts'
import { wedgeSchema } from './wedge.ts'

/**
 * Volumes that a figure makes of files when it is drawn; panels name them by their key in the SPEC's `volumes`.
 *
 * preview: a map of an open run as predicted for another temperature, which the program that has the run open resolves; saved, it is `tempered`.
 */
export const figureVolumeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('preview'), of: z.string(), gamma: z.number().positive() }),
  z.object({ kind: z.literal('part'), of: z.string(), part: volumePartSchema, wedge: wedgeSchema }),
  z.object({
    kind: z.literal('probability'),
    threshold: z.number(),
    estimate: probabilityEstimateSchema,
    /** Mean and SD for the Gaussian estimate, members for the counted one. */
    maps: z.array(z.string()).min(1)
  }),
  z.object({
    kind: z.literal('tempered'),
    of: z.string(),
    role: mapRoleSchema,
    factors: temperingSchema,
    wedge: wedgeSchema,
    mean: z.string().nullable().default(null),
    std: z.string().nullable().default(null),
    wedgeVariance: z.string().nullable().default(null),
    measuredVariance: z.string().nullable().default(null)
  }),
  z.object({
    kind: z.literal('resampled'),
    of: z.string(),
    /** Whose size and voxel size it gets, and where in `of` the corner of the first voxel lies and how far the next one's. */
    onto: z.string(),
    start: xyzSchema,
    step: xyzSchema
  })
])
export type FigureVolumeRecipe = z.infer<typeof figureVolumeSchema>
