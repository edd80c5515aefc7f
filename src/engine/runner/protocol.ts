import { z } from 'zod'
import { jobEstimateSchema } from '../../shared/api.ts'
import { failureSchema } from '../../shared/errors.ts'
import { progressSchema, reconstructRequestSchema } from '../../shared/jobs.ts'
import { runRecordSchema } from '../../shared/runs.ts'
import { partialPieceSchema } from './partial-pieces.ts'

/**
 * The messages between a supervisor and the process that runs the networks. Both ends parse what
 * they receive: a message of another version, or a foreign one, is refused by name instead of half understood.
 */
export const runnerRequestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    id: z.string(),
    request: reconstructRequestSchema,
    /** Folder beside `request.outPath` that is filled at the end and then renamed; the supervisor removes it after a crash. */
    stagingPath: z.string()
  }),
  z.object({ type: z.literal('cancel'), id: z.string(), keep: z.boolean() }),
  z.object({ type: z.literal('estimate'), id: z.string(), request: reconstructRequestSchema }),
  z.object({ type: z.literal('shutdown') })
])
export type RunnerRequest = z.infer<typeof runnerRequestSchema>

export const runnerEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number().int() }),
  z.object({ type: z.literal('progress'), id: z.string(), progress: progressSchema }),
  z.object({ type: z.literal('partial'), id: z.string(), piece: partialPieceSchema }),
  /** A cancel was heard and is being carried out; sent again before each file of a partial run is written. */
  z.object({ type: z.literal('stopping'), id: z.string() }),
  /** The run's state was kept: a run that is resumed goes on from here. */
  z.object({ type: z.literal('saved'), id: z.string() }),
  z.object({ type: z.literal('done'), id: z.string(), runPath: z.string(), record: runRecordSchema }),
  z.object({ type: z.literal('estimated'), id: z.string(), estimate: jobEstimateSchema }),
  z.object({ type: z.literal('failed'), id: z.string(), failure: failureSchema }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warning', 'error']), message: z.string() })
])
export type RunnerEvent = z.infer<typeof runnerEventSchema>
