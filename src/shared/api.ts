import { z } from 'zod'
import { boxSchema, planeSchema } from './axes.ts'
import { figureSpecSchema } from './figure.ts'
import { reconstructRequestSchema } from './jobs.ts'
import { methodIdSchema } from './methods.ts'
import { sliceFiltersQueryShape } from './slice-filters.ts'
import { requestedSettingsSchema } from './settings.ts'
import { contrastSchema } from './volumes.ts'
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
 *   GET    /api/volumes/:id/runs                Job[] of a tomogram, once those that lie beside it are listed
 *   DELETE /api/volumes/:id                     closes it
 *   GET    /api/volumes/:id/slice?plane=&index= float32 rows x columns; headers X-Rows, X-Columns, X-Revision, X-Level,
 *                &level=&priority=              X-Row-Binning, X-Column-Binning (voxels that one value covers)
 *                &slab=&filter=&bandpass=       see slice-filters.ts
 *                &pack=true                     int16 or uint16 where all values are such; X-Type says which
 *   GET    /api/volumes/:id/block?box=&limit=&side=   float32 box for a 3-D view, at most `limit` voxels of it and `side` along any axis;
 *                                               headers X-Size, X-Box, X-Revision
 *   GET    /api/volumes/:id/histogram           Histogram
 *   GET    /api/volumes/:id/contrast?box=       ContrastOfBox; box as x0:x1,y0:y1,z0:z1, absent: the whole volume
 *   GET    /api/volumes/:id/statistics          Statistics (scans the file)
 *   GET    /api/volumes/:id/values?x=&y=&z=     {value}
 *   GET    /api/volumes/:id/region?box=         a box of it as an MRC file, in its place
 *   GET    /api/volumes/:id/file                the volume as an MRC file; ?voxelSizeAngstrom= resampled to cubic voxels of that size
 *   POST   /api/volumes/:id/resample {onto}     OpenVolume: this volume on the grid of another, in memory
 *   GET    /api/volumes/:id/wedge               WedgeReport
 *   GET    /api/volumes/:id/spectrum?plane=     float32 rows x columns, log10 power, zero frequency in the centre
 *   POST   /api/derived DerivedRequest          OpenVolume made from a run's maps: measured or filled-in part, P(x > t)
 *   GET    /api/volumes/:id/directions?WEDGE    Directions (directions.ts); WEDGE = tiltAxis, beamAxis, tiltMin, tiltMax, edgeSoftness;
 *                &box=x0:x1,y0:y1,z0:z1         of a part
 *   GET    /api/volumes/:id/box-spectrum?plane=&box=  as /spectrum, of a part
 *   GET    /api/families/:runId/directions?WEDGE   Directions of the members' deviations from their mean
 *   GET    /api/families/:runId/spectrum?plane= as /spectrum, of those deviations
 *   GET    /api/families/:runId/voxel?x=&y=&z=&gamma=  VoxelFamily, at a voxel of the tomogram
 *   GET    /api/families/:runId/tempering?gamma= Tempering: what the Gaussian approximation predicts at another temperature;
 *                                               /slice takes gamma=, too
 *   GET    /api/bundles                         BundleSummary[]
 *   POST   /api/bundles            {path}       BundleSummary
 *   GET    /api/jobs                            Job[]
 *   POST   /api/jobs     NewJob | ContinueJob   Job; a ContinueJob goes on from a run's chains, beside the queue
 *   POST   /api/jobs/estimate NewJob            JobEstimate
 *   POST   /api/jobs/:id/cancel?keep=           Job; what it has is kept, marked as partial, unless keep=false
 *   DELETE /api/runs/:id                        forgets and deletes a run
 *   PUT    /api/runs/:id/name      {name}       Job; an empty name takes it away
 *   GET    /api/runs/:id/diagnostics            RunDiagnostics
 *   GET    /api/runs/unfinished                 UnfinishedRun[] of the open tomograms, that no process works on
 *   POST   /api/runs/resume        {path}       Job that goes on with an unfinished run, to the bit
 *   POST   /api/runs/discard       {path}       removes an unfinished run
 *   GET    /api/runs/:id/diagnostics.csv        its series, one row a step
 *   GET    /api/runs/:id/chimerax             a ChimeraX script that opens a finished run
 *   GET    /api/runs/:id/3dmod                {command} that opens it in IMOD's 3dmod
 *   POST   /api/figures?format= FigureSpec      the figure's bytes; formats: figure.ts; spec: the SPEC with paths for ids
 *   POST   /api/sessions/open {source, located} OpenedSession (session/api.ts): a session file or an autosave, its files looked for
 *   POST   /api/sessions/save {path, session}   {path}; force: true replaces a session that is there
 *   GET    /api/sessions/autosaves?window=      AutosaveOffer[] to a window, the last one first
 *   PUT    /api/sessions/autosave?window=       keeps what a window shows, in case of a crash; DELETE: nothing is to be kept
 *   POST   /api/sessions/autosave/leave?window= the window goes, in order
 *   DELETE /api/sessions/autosaves/:id          discards one
 *   GET    /api/recent                          RecentFile[], the last one first; DELETE clears
 *   POST   /api/recent {path}                   remembers a file; /api/recent/open {path} lets one be opened again
 *   POST   /api/figures/open       {path}       FigureSpec: a saved SPEC, its files by their whole paths
 *   GET    /api/events?window=                  server-sent ApiEvent; window: the one that listens, from its start to its end
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
      kind: z.enum(['folder', 'tomogram', 'session', 'bundle', 'other']),
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
  /** The voxels predicted for another temperature, where the volume is a map of a family. */
  gamma: z.coerce.number().positive().max(1e6).optional(),
  /** Values that are all integers of 16 bits may come as such. */
  pack: z.stringbool().default(false),
  ...sliceFiltersQueryShape
})

/** `box` as on the command line; without it the whole volume. What has more voxels than `limit`, or `side` along an axis, comes binned. */
export const blockQuerySchema = z.object({
  box: z.string().optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1 << 28)
    .default(1 << 24),
  side: z.coerce.number().int().min(1).default(2048)
})

export const histogramSchema = z.object({ min: z.number(), max: z.number(), counts: z.array(z.number()) })
export type Histogram = z.infer<typeof histogramSchema>

/** Robust limits (0.5 and 99.5 percentiles) and median of a box's finite voxels, or of `voxels` sampled from all over a large one. */
export const contrastOfBoxSchema = contrastSchema.extend({
  /** Null where no voxel is a number. */
  median: z.number().nullable(),
  voxels: z.number()
})
export type ContrastOfBox = z.infer<typeof contrastOfBoxSchema>

export const wedgeReportSchema = z.object({
  wedge: wedgeSchema,
  source: tiltSourceSchema,
  uncertaintyDegrees: z.number().nullable(),
  measuredFraction: z.number(),
  /** What the power spectrum alone says, whatever `wedge` was taken from; null where no edge stands out. */
  estimate: z
    .object({ tiltMin: z.number(), tiltMax: z.number(), uncertaintyDegrees: z.number(), contrast: z.number() })
    .nullable()
    .optional(),
  powerByAngle: z.array(z.object({ degrees: z.number(), power: z.number() }))
})
export type WedgeReport = z.infer<typeof wedgeReportSchema>

export const newJobSchema = reconstructRequestSchema
  .omit({ volumePath: true, outPath: true, halfMaps: true, resume: true, continueFrom: true })
  .extend({ volumeId: z.string(), method: methodIdSchema })
export type NewJob = z.infer<typeof newJobSchema>

/**
 * Goes on from the chains of a CryoWGEN-II run at another temperature, in all of its region or a part: short chains that start from that
 * run's members (deviations from its mean scaled by the square root of the temperatures' ratio), or from its chains as they stand where it is
 * still running. A job like any other: partial maps while it runs, an immutable run folder of its own, `continuedFrom` in run.json.
 *
 * It does not wait for other jobs; a ContinueJob for the same run ends the one before it, which keeps nothing.
 */
export const continueJobSchema = z.object({
  continueFrom: z.object({
    /** runId of a finished run, or the id of a running job. */
    runId: z.string(),
    gamma: z.number().positive(),
    /** In voxels of the tomogram, inside the run's region; null: all of it. */
    region: boxSchema.nullable(),
    /** In place of that run's; how many steps, chains and members are chosen by itself unless given. */
    settings: requestedSettingsSchema.omit({ gamma: true }).optional()
  })
})
export type ContinueJob = z.infer<typeof continueJobSchema>

/** A run that was begun and neither finished nor cancelled: its process was killed, or the computer stopped. */
export const unfinishedRunSchema = z.object({
  /** Its folder, which names it. */
  path: z.string(),
  /** The open tomogram that it belongs to. */
  volumeId: z.string(),
  method: methodIdSchema,
  roi: boxSchema,
  /** When it was begun, and when its state was kept last; null where there is only its beginning. */
  startedAt: z.string(),
  keptAt: z.string().nullable()
})
export type UnfinishedRun = z.infer<typeof unfinishedRunSchema>
export const unfinishedRunRequestSchema = z.object({ path: z.string().min(1) })

export const jobEstimateSchema = z.object({ seconds: z.number(), memoryBytes: z.number(), reason: z.string() })
export type JobEstimate = z.infer<typeof jobEstimateSchema>

export const figureRequestSchema = figureSpecSchema
