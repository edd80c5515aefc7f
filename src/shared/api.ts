import { z } from 'zod'
import { planeSchema } from './axes.ts'
import { figureSpecSchema } from './figure.ts'
import { reconstructRequestSchema } from './jobs.ts'
import { methodIdSchema } from './methods.ts'
import { sliceFiltersQueryShape } from './slice-filters.ts'
import { tiltSourceSchema, wedgeSchema } from './wedge.ts'

/**
 * The HTTP-style interface between the window and the engine. Control is JSON; voxels are
 * little-endian float32 bodies. Every refusal is a Failure as JSON with a 4xx or 5xx status.
 *
 *   GET    /api/session                         SessionInfo
 *   GET    /api/files?path=                     FileListing (browser mount only: what is under --root)
 *   POST   /api/volumes            {path}       OpenVolume; with truncated: 'read' the part that a cut-off file has
 *   GET    /api/volumes                         OpenVolume[]
 *   GET    /api/volumes/:id                     OpenVolume
 *   DELETE /api/volumes/:id                     closes it
 *   GET    /api/volumes/:id/slice?plane=&index= float32 rows x columns; headers X-Rows, X-Columns, X-Revision, X-Level,
 *                &level=&priority=              X-Row-Binning, X-Column-Binning (voxels that one value covers)
 *                &slab=&filter=&bandpass=       see slice-filters.ts
 *   GET    /api/volumes/:id/histogram           Histogram
 *   GET    /api/volumes/:id/statistics          Statistics (scans the file)
 *   GET    /api/volumes/:id/values?x=&y=&z=     {value}
 *   GET    /api/volumes/:id/file                the volume as an MRC file
 *   GET    /api/volumes/:id/wedge               WedgeReport
 *   GET    /api/volumes/:id/spectrum?plane=     float32 rows x columns, log10 power, zero frequency in the centre
 *   GET    /api/bundles                         BundleSummary[]
 *   POST   /api/bundles            {path}       BundleSummary
 *   GET    /api/jobs                            Job[]
 *   POST   /api/jobs     NewJob                 Job
 *   POST   /api/jobs/estimate NewJob            JobEstimate
 *   POST   /api/jobs/:id/cancel                 Job; what it has is kept, marked as partial
 *   DELETE /api/runs/:id                        forgets and deletes a run
 *   POST   /api/figures?format=png|svg FigureSpec   the figure's bytes
 *   GET    /api/events                          server-sent ApiEvent
 */
export const sessionInfoSchema = z.object({
  version: z.string(),
  mount: z.enum(['desktop', 'browser']),
  /** Volumes to open at start: the command line's files or the sample. */
  initialFiles: z.array(z.string()),
  samplePath: z.string().nullable(),
  root: z.string().nullable(),
  device: z.string(),
  memoryBytes: z.number()
})
export type SessionInfo = z.infer<typeof sessionInfoSchema>

export const fileListingSchema = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  entries: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      kind: z.enum(['folder', 'tomogram', 'bundle', 'other']),
      bytes: z.number().nullable()
    })
  )
})
export type FileListing = z.infer<typeof fileListingSchema>

/** A file that ends too early is refused, or opened with NaN for the voxels that are not there. */
export const truncatedSchema = z.enum(['refuse', 'read'])
export type Truncated = z.infer<typeof truncatedSchema>

export const openRequestSchema = z.object({ path: z.string().min(1), truncated: truncatedSchema.default('refuse') })

export const sliceQuerySchema = z.object({
  plane: planeSchema,
  /** In the volume's own voxels, at any level. */
  index: z.coerce.number().int().min(0),
  /** Of the pyramid; 0 is exact, auto the finest that can be read at once. */
  level: z.union([z.literal('auto'), z.coerce.number().int().min(0)]).default(0),
  /** ahead: nobody waits for it yet. */
  priority: z.enum(['visible', 'ahead']).default('visible'),
  ...sliceFiltersQueryShape
})

export const histogramSchema = z.object({ min: z.number(), max: z.number(), counts: z.array(z.number()) })
export type Histogram = z.infer<typeof histogramSchema>

export const wedgeReportSchema = z.object({
  wedge: wedgeSchema,
  source: tiltSourceSchema,
  uncertaintyDegrees: z.number().nullable(),
  measuredFraction: z.number(),
  powerByAngle: z.array(z.object({ degrees: z.number(), power: z.number() }))
})
export type WedgeReport = z.infer<typeof wedgeReportSchema>

export const newJobSchema = reconstructRequestSchema
  .omit({ volumePath: true, outPath: true, resume: true })
  .extend({ volumeId: z.string(), method: methodIdSchema })
export type NewJob = z.infer<typeof newJobSchema>

export const jobEstimateSchema = z.object({ seconds: z.number(), memoryBytes: z.number(), reason: z.string() })
export type JobEstimate = z.infer<typeof jobEstimateSchema>

export const figureRequestSchema = figureSpecSchema
