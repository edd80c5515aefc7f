import { z } from 'zod'

/**
 * What is done to a slice before it is shown, in this order: slab, Gaussian, band-pass. As a query:
 * `slab=mean:5&filter=gauss:1.5&bandpass=0.01:0.2` (cycles per voxel) or `bandpass=50nm:4nm` (wavelengths, the longer first).
 */
export interface SliceFilters {
  /** This many slices about the one asked for, as their mean, greatest or least value; fewer at the ends of the volume. */
  slab: { kind: 'mean' | 'max' | 'min'; slices: number } | null
  /** Standard deviation of a 2-D Gaussian in voxels; 0 = none. */
  sigma: number
  /** What passes, between two limits, either of which may be open (null). The slice's mean always does. */
  band: { unit: 'cycles-per-voxel' | 'nm'; low: number | null; high: number | null } | null
}

export const noSliceFilters: SliceFilters = { slab: null, sigma: 0, band: null }

export const isFiltered = ({ slab, sigma, band }: SliceFilters): boolean =>
  (slab !== null && slab.slices > 1) || sigma > 0 || (band !== null && (band.low !== null || band.high !== null))

export const slabSlicesLimit = 100
export const sigmaLimit = 50

const slabSchema = z
  .string()
  .regex(/^(mean|max|min):\d+$/, 'must be mean:N, max:N or min:N')
  .transform((text) => {
    const [kind, slices] = text.split(':')
    return { kind: kind as 'mean' | 'max' | 'min', slices: Number(slices) }
  })
  .refine(({ slices }) => slices >= 1 && slices <= slabSlicesLimit, `must be of 1 to ${slabSlicesLimit} slices`)

const gaussSchema = z
  .string()
  .regex(/^gauss:\d*\.?\d+$/, 'must be gauss:SIGMA')
  .transform((text) => Number(text.slice('gauss:'.length)))
  .refine((sigma) => sigma <= sigmaLimit, `must be at most ${sigmaLimit} voxels`)

const limit = String.raw`(\d*\.?\d+)?`
const cycles = new RegExp(`^${limit}:${limit}$`)
const wavelengths = new RegExp(`^${limit}(?:nm)?:${limit}(?:nm)?$`)

const bandSchema = z.string().transform((text, context): NonNullable<SliceFilters['band']> => {
  const isWavelength = text.includes('nm')
  const match = (isWavelength ? wavelengths : cycles).exec(text)
  const numbers = match?.slice(1).map((part) => (part === undefined ? null : Number(part)))
  const [low, high] = numbers ?? [null, null]
  const inOrder = low === null || high === null || (isWavelength ? low > high : low < high)
  const isFrequency = isWavelength || [low, high].every((f) => f === null || f <= 0.5)
  if (!match || !inOrder || !isFrequency || low === 0 || high === 0) {
    context.addIssue('must be LOW:HIGH in cycles per voxel up to 0.5, or LONGnm:SHORTnm; either may be left out')
    return z.NEVER
  }
  return { unit: isWavelength ? 'nm' : 'cycles-per-voxel', low, high }
})

/** The part of a slice's query that says how it is filtered. */
export const sliceFiltersQueryShape = {
  slab: slabSchema.optional(),
  filter: gaussSchema.optional(),
  bandpass: bandSchema.optional()
}

/** The query that asks for these filters, beginning with `&`; empty where there are none. */
export function sliceFiltersQuery({ slab, sigma, band }: SliceFilters): string {
  const parts: string[] = []
  if (slab && slab.slices > 1) parts.push(`slab=${slab.kind}:${slab.slices}`)
  if (sigma > 0) parts.push(`filter=gauss:${sigma}`)
  if (band && (band.low !== null || band.high !== null)) {
    const unit = band.unit === 'nm' ? 'nm' : ''
    const written = [band.low, band.high].map((value) => (value === null ? '' : `${value}${unit}`))
    parts.push(`bandpass=${written.join(':')}`)
  }
  return parts.map((part) => `&${part}`).join('')
}

/** The same as a JSON document, for figures and sessions. */
export const sliceFiltersSchema = z.object({
  slab: z
    .object({ kind: z.enum(['mean', 'max', 'min']), slices: z.number().int().min(1).max(slabSlicesLimit) })
    .nullable(),
  sigma: z.number().min(0).max(sigmaLimit),
  band: z
    .object({
      unit: z.enum(['cycles-per-voxel', 'nm']),
      low: z.number().positive().nullable(),
      high: z.number().positive().nullable()
    })
    .nullable()
}) satisfies z.ZodType<SliceFilters>
