import { z } from 'zod'

/**
 * Volumes that the engine makes from a run's maps when they are asked for.
 *
 * part: T_M x (measured) or (I - T_M) x (filled in) of a grey-valued map, with the run's own wedge in the run's own region.
 * resampled: a volume on another's grid, so that the two can be compared voxel by voxel; a copy that outlives what it was made from.
 * probability: P(x > t) at any t, from mean and SD as if each voxel's posterior were Gaussian, or counted over the members that were kept.
 */
export const volumePartSchema = z.enum(['measured', 'filled-in'])
export type VolumePart = z.infer<typeof volumePartSchema>

export const probabilityEstimateSchema = z.enum(['gaussian', 'members'])
export type ProbabilityEstimate = z.infer<typeof probabilityEstimateSchema>

/** Body of POST /api/volumes/:id/resample. */
export const resampleRequestSchema = z.object({ onto: z.string() })

export const derivedRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('part'), volumeId: z.string(), part: volumePartSchema }),
  /** `runId` as the run's maps have it. */
  z.object({
    kind: z.literal('probability'),
    runId: z.string(),
    threshold: z.number(),
    estimate: probabilityEstimateSchema
  })
])
export type DerivedRequest = z.infer<typeof derivedRequestSchema>

/** What a derived volume is made of. */
export const derivationSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('part'),
    part: volumePartSchema,
    /** Id of the volume it is a part of, and the revision of that which it was made from. */
    from: z.string(),
    revision: z.number(),
    /** Mean grey value of the whole. It belongs to the measured part (k = 0), so the filled-in part lies around zero. */
    meanGrey: z.number()
  }),
  z.object({
    kind: z.literal('probability'),
    estimate: probabilityEstimateSchema,
    threshold: z.number(),
    /** Id of the run's mean, or first member, and its revision. */
    from: z.string(),
    revision: z.number(),
    /** How many members were counted; null for the Gaussian estimate. */
    members: z.number().nullable()
  }),
  z.object({
    kind: z.literal('resampled'),
    from: z.null(),
    /** Id and revision of the volume that was resampled, and the id of that whose grid it has now. */
    of: z.string(),
    revision: z.number(),
    onto: z.string(),
    /** It was of another tomogram than it is a map of now: its grey values need not be alike. */
    foreign: z.boolean()
  })
])
export type Derivation = z.infer<typeof derivationSchema>
