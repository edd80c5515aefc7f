import { z } from 'zod'
import { boxSchema } from './axes.ts'
import { failureSchema } from './errors.ts'
import { methodIdSchema } from './methods.ts'
import { runRecordSchema } from './runs.ts'
import { deviceSchema, requestedSettingsSchema } from './settings.ts'
import { pyramidStatusSchema } from './volumes.ts'
import { tiltSourceSchema, wedgeSchema } from './wedge.ts'

/** The CryoWGEN-II run that another goes on from, as a run folder: finished, or one that is being computed. */
export const continuedRunSchema = z.object({ runPath: z.string() })

/** One reconstruction, as asked for. Paths are absolute. */
export const reconstructRequestSchema = z.object({
  volumePath: z.string(),
  bundlePath: z.string(),
  method: methodIdSchema,
  /** Where the run folder goes; it must not exist yet. */
  outPath: z.string(),
  wedge: wedgeSchema,
  wedgeSource: tiltSourceSchema,
  roi: boxSchema.nullable(),
  settings: requestedSettingsSchema,
  /** Tomograms of the even and the odd tilts or frames, whose difference tells the noise. */
  halfMaps: z.tuple([z.string(), z.string()]).optional(),
  device: deviceSchema.default('auto'),
  threads: z.number().int().min(1).nullable().default(null),
  /** How CryoWGEN-II draws its family; Langevin chains unless told otherwise. */
  sampler: z.enum(['langevin', 'split-gibbs']).optional(),
  /**
   * Starts the chains from what another run's chains came to. Settings that are not given are that run's; gamma as a rule is. The bundle and
   * the wedge must be that run's, and the region inside its own.
   */
  continueFrom: continuedRunSchema.optional(),
  /** Goes on with what a killed run left in `outPath`; everything else must be as it was. */
  resume: z.boolean().optional()
})
export type ReconstructRequest = z.infer<typeof reconstructRequestSchema>

/** Where a job stands; sent whole at every change. */
export const progressSchema = z.object({
  /** What it is doing, in words: "Compiling the step graph", "Sampling". */
  phase: z.string(),
  fraction: z.number().min(0).max(1),
  step: z.number(),
  steps: z.number(),
  secondsLeft: z.number().nullable(),
  /** Live diagnostics, each null until known. */
  potential: z.number().nullable(),
  misfitPerMeasuredVoxel: z.number().nullable(),
  acceptance: z.number().nullable(),
  members: z.number()
})
export type Progress = z.infer<typeof progressSchema>

export const jobStateSchema = z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])
export type JobState = z.infer<typeof jobStateSchema>

export const jobSchema = z.object({
  id: z.string(),
  request: reconstructRequestSchema,
  state: jobStateSchema,
  progress: progressSchema.nullable(),
  failure: failureSchema.nullable(),
  /** Volumes (ids) holding what is known so far, and later the finished maps. */
  volumes: z.array(z.string()),
  run: runRecordSchema.nullable(),
  runId: z.string().nullable(),
  /** What a person calls the run; absent or null: by its method. */
  name: z.string().nullable().optional()
})
export type Job = z.infer<typeof jobSchema>

/** What the event stream carries. */
export const apiEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('volume'), volumeId: z.string(), revision: z.number() }),
  /** How far a scan of a volume is: `statistics`, `histogram`, … */
  z.object({ type: z.literal('scan'), volumeId: z.string(), task: z.string(), fraction: z.number() }),
  /** The coarse copy of a large volume is being made, or ready to be drawn from; or can't be made, and why. */
  z.object({ type: z.literal('pyramid'), volumeId: z.string(), pyramid: pyramidStatusSchema }),
  /** What a job says beside its progress: its process died and goes on, its state could not be kept. */
  z.object({
    type: z.literal('log'),
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
    jobId: z.string().nullable()
  }),
  /** A run and its maps are gone. */
  z.object({ type: z.literal('run-deleted'), runId: z.string(), jobId: z.string() })
])
export type ApiEvent = z.infer<typeof apiEventSchema>
