import { z } from 'zod'
import { boxSchema, xyzSchema } from './axes.ts'
import { methodIdSchema } from './methods.ts'
import { chosenSettingSchema } from './settings.ts'
import { tiltSourceSchema, wedgeSchema } from './wedge.ts'

/** Where the chains of a continued run started. */
export const continuedFromSchema = z.object({
  /** The run folder, where it lay then. */
  path: z.string(),
  /** Of its run.json; null where that run was still being computed. */
  sha256: z.string().nullable(),
  /** Its temperature. */
  gamma: z.number(),
  /** Starts that were taken from it; 0 where it had kept none that fit, and the chains started dispersed around zbar. */
  starts: z.number().int()
})
export type ContinuedFrom = z.infer<typeof continuedFromSchema>

export const warningSchema = z.object({ code: z.string(), message: z.string() })
export type Warning = z.infer<typeof warningSchema>

/** run.json of cli.md: an immutable record of one run. */
export const runRecordSchema = z.object({
  program: z.literal('wedgeview'),
  version: z.string(),
  method: methodIdSchema,
  input: z.object({ path: z.string(), sha256: z.string(), size: xyzSchema, roi: boxSchema }),
  /** `path`: where it lay then; absent in runs of earlier versions. */
  bundle: z.object({ name: z.string(), version: z.string(), sha256: z.string(), path: z.string().optional() }),
  wedge: z.object({ ...wedgeSchema.shape, source: tiltSourceSchema, measuredFraction: z.number() }),
  settings: z.record(z.string(), z.unknown()),
  chosen: z.array(chosenSettingSchema),
  device: z.string(),
  tiles: z.number(),
  seconds: z.number(),
  misfitPerMeasuredVoxel: z.number(),
  diagnostics: z.object({
    ess: z.number().nullable(),
    rHat: z.number().nullable(),
    acceptance: z.number().nullable(),
    objective: z.number().nullable(),
    weightEss: z.number().nullable()
  }),
  partial: z.boolean(),
  warnings: z.array(warningSchema),
  startedAt: z.string(),
  /** Only in runs whose chains went on from another run's. */
  continuedFrom: continuedFromSchema.optional(),
  versions: z.record(z.string(), z.string())
})
export type RunRecord = z.infer<typeof runRecordSchema>
