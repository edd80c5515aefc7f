import type { JobEstimate } from '../../shared/api.ts'
import type { Failure } from '../../shared/errors.ts'
import type { JobState, Progress, ReconstructRequest } from '../../shared/jobs.ts'
import type { RunRecord } from '../../shared/runs.ts'
import type { PartialMaps } from '../runner/partial-pieces.ts'
import type { SpawnRunner } from '../runner/port.ts'

/** A job as it stands; a new object at every change, never altered afterwards. */
export interface JobSnapshot {
  readonly id: string
  readonly request: ReconstructRequest
  readonly state: JobState
  readonly progress: Progress | null
  /** Why it failed, or that it was cancelled. */
  readonly failure: Failure | null
  /** The finished run folder and its record; also of a cancelled job whose partial family was kept. */
  readonly runPath: string | null
  readonly record: RunRecord | null
}

export interface JobQueueOptions {
  spawnRunner: SpawnRunner
  /** Called at every change of a job. */
  onJob(job: JobSnapshot): void
  /** Called with the maps known so far; only for the two family methods. */
  onPartial(jobId: string, partial: PartialMaps): void
  /** What is worth saying beside progress: a process that died and is started again, a state that could not be kept. `jobId`: of which job. */
  onLog?(level: 'info' | 'warning' | 'error', message: string, jobId: string | null): void
  /** How long a cancelled job may stay silent before its process is ended. */
  cancelGraceMilliseconds?: number
}

/** Jobs run one after the other, in the order they came; those that go on from a run's chains beside the others, in a process of their own. */
export interface JobQueue {
  submit(request: ReconstructRequest): JobSnapshot
  /**
   * Cancels a waiting or running job; with `keep`, a family sampled so far is written as a partial run (then the
   * job ends as cancelled with a record). Resolves with the job once it has ended; a finished job is returned as it is.
   * @throws {WedgeviewError} usage / job-unknown
   */
  cancel(id: string, options: { keep: boolean }): Promise<JobSnapshot>
  list(): JobSnapshot[]
  /**
   * Time and memory, measured by running a few steps of this very job in a process of its own.
   * A new estimate ends the one before it.
   * @throws {WedgeviewError} what the job itself would be refused for; cancelled when superseded
   */
  estimate(request: ReconstructRequest): Promise<JobEstimate>
  /** Ends the running job's process at once and leaves what it has kept, to be resumed; jobs that wait are cancelled. */
  abandon(): void
  /** As abandon, and resolves when the processes are gone; a job that had got nowhere leaves nothing. */
  suspend(): Promise<void>
  /** Cancels everything, keeps nothing, and ends the runner processes. */
  close(): Promise<void>
}
