import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import type { JobEstimate } from '../../shared/api.ts'
import { toFailure, WedgeviewError } from '../../shared/errors.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { settleStaging, stagingPathOf } from '../posterior/staging.ts'
import { cancelledError } from '../runner/cancelled.ts'
import { discardState, discardStateOf, hasProgress, isUnfinished } from '../runner/state/unfinished.ts'
import type { FinishedRun } from '../runner/work.ts'
import { RunnerSupervisor, type SupervisorOptions } from '../runner/supervisor.ts'
import type { JobQueue, JobQueueOptions, JobSnapshot } from './snapshot.ts'

/** How often in a row a job is started again whose process died without having kept anything new. */
const startsWithoutProgress = 2

interface Entry {
  snapshot: JobSnapshot
  cancelled: boolean
  ended: Promise<JobSnapshot>
  end(snapshot: JobSnapshot): void
}

/** The queue that every door to the engine shares: window, browser and command line. */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const supervision: SupervisorOptions = {
    spawnRunner: options.spawnRunner,
    onLog: options.onLog,
    cancelGraceMilliseconds: options.cancelGraceMilliseconds
  }
  const runner = new RunnerSupervisor(supervision)
  const entries = new Map<string, Entry>()
  let running: Entry | null = null
  let estimator: RunnerSupervisor | null = null
  let closed = false

  function change(entry: Entry, part: Partial<JobSnapshot>): void {
    entry.snapshot = { ...entry.snapshot, ...part }
    options.onJob(entry.snapshot)
  }

  function finish(entry: Entry, part: Partial<JobSnapshot>): void {
    change(entry, part)
    entry.end(entry.snapshot)
  }

  async function perform(entry: Entry): Promise<void> {
    running = entry
    change(entry, { state: 'running' })
    try {
      const { runPath, record } = await persist(entry)
      finish(entry, { state: record.partial ? 'cancelled' : 'done', runPath, record })
    } catch (error) {
      const failure = toFailure(error)
      finish(entry, { state: failure.kind === 'cancelled' ? 'cancelled' : 'failed', failure })
    } finally {
      running = null
      startNext()
    }
  }

  /** Runs a job. One whose process dies goes on from its last state in a new process, as long as that leads anywhere. */
  async function persist(entry: Entry): Promise<FinishedRun> {
    const { id, request } = entry.snapshot
    const { outPath } = request
    await settleStaging(dirname(outPath))
    let resume = request.resume ?? false
    let fruitless = 0
    let gone: number | null = null
    while (!entry.cancelled) {
      let saved = false
      try {
        return await runner.run(id, { ...request, resume }, stagingPathOf(outPath, id), {
          onProgress: (progress) => change(entry, { progress }),
          onPartial: (partial) => options.onPartial(id, partial),
          onSaved: () => (saved = true),
          onProcessGone: (pid) => (gone = pid)
        })
      } catch (error) {
        // Ended because it did not listen to a cancel: like any cancelled job it leaves nothing.
        if (entry.cancelled) await discardStateOf(outPath, gone)
        if (!(error instanceof WedgeviewError) || error.code !== 'runner-died') throw error
        fruitless = saved ? 0 : fruitless + 1
        if (fruitless > startsWithoutProgress) throw await givenUp(error, outPath)
        resume = await isUnfinished(outPath)
        const next = resume ? 'The job goes on from its last state.' : 'It is started again.'
        options.onLog?.('warning', `${error.message} ${next}`)
      }
    }
    // Cancelled between two processes.
    await discardStateOf(outPath, gone)
    throw cancelledError()
  }

  function cancelWaiting(): void {
    for (const entry of entries.values())
      if (entry.snapshot.state === 'queued')
        finish(entry, { state: 'cancelled', failure: toFailure(new DOMException('', 'AbortError')) })
  }

  function startNext(): void {
    if (closed || running) return
    for (const entry of entries.values())
      if (entry.snapshot.state === 'queued') {
        void perform(entry)
        return
      }
  }

  return {
    submit(request) {
      if (closed) throw new Error('The job queue is closed.')
      let end: Entry['end'] = () => undefined
      const ended = new Promise<JobSnapshot>((resolve) => (end = resolve))
      const snapshot: JobSnapshot = {
        id: randomUUID(),
        request,
        state: 'queued',
        progress: null,
        failure: null,
        runPath: null,
        record: null
      }
      entries.set(snapshot.id, { snapshot, cancelled: false, ended, end })
      options.onJob(snapshot)
      startNext()
      return snapshot
    },

    async cancel(id, { keep }) {
      const entry = entries.get(id)
      if (!entry)
        throw new WedgeviewError('usage', 'job-unknown', `There is no job ${id}.`, 'It may belong to another session.')
      if (entry.snapshot.state === 'queued')
        finish(entry, { state: 'cancelled', failure: toFailure(new DOMException('', 'AbortError')) })
      if (entry === running) {
        entry.cancelled = true
        runner.cancel(keep)
      }
      return entry.ended
    },

    list: () => [...entries.values()].map((entry) => entry.snapshot),

    async estimate(request: ReconstructRequest): Promise<JobEstimate> {
      estimator?.kill()
      // A process of its own: it disturbs no running job, its peak memory is this job's, and it can be ended at any time.
      const own = new RunnerSupervisor(supervision)
      estimator = own
      try {
        return await own.estimate(randomUUID(), request)
      } finally {
        if (estimator === own) estimator = null
        await own.close()
      }
    },

    abandon() {
      closed = true
      cancelWaiting()
      runner.kill()
    },

    async close() {
      closed = true
      cancelWaiting()
      estimator?.kill()
      const last = running
      if (last) last.cancelled = true
      await runner.close()
      await last?.ended
    }
  }
}

/** The failure of a job whose process dies again and again. What it got to is left, so that it can go on under better conditions. */
async function givenUp({ kind, code, message, hint }: WedgeviewError, outPath: string): Promise<WedgeviewError> {
  const isKept = await hasProgress(outPath)
  if (!isKept) await discardState(outPath)
  return new WedgeviewError(
    kind,
    code,
    `${message} It was started ${startsWithoutProgress + 1} times and got no further.`,
    isKept ? `${hint} What it had computed is kept: it can be resumed.` : hint
  )
}
