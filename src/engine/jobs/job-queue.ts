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
  lane: Lane
  cancelled: boolean
  ended: Promise<JobSnapshot>
  end(snapshot: JobSnapshot): void
}

/** Jobs that run one after the other, in a process of their own. */
interface Lane {
  readonly runner: RunnerSupervisor
  running: Entry | null
}

/** The queue that every door to the engine shares: window, browser and command line. */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const supervision: SupervisorOptions = {
    spawnRunner: options.spawnRunner,
    cancelGraceMilliseconds: options.cancelGraceMilliseconds
  }
  const createLane = (): Lane => {
    const lane: Lane = {
      running: null,
      runner: new RunnerSupervisor({
        ...supervision,
        onLog: (level, message) => options.onLog?.(level, message, lane.running?.snapshot.id ?? null)
      })
    }
    return lane
  }
  const main = createLane()
  // Who turns up the temperature of a run waits in front of the window: not behind the jobs of a night.
  const beside = createLane()
  const entries = new Map<string, Entry>()
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
    const { lane } = entry
    lane.running = entry
    change(entry, { state: 'running' })
    try {
      const { runPath, record } = await persist(entry)
      finish(entry, { state: record.partial ? 'cancelled' : 'done', runPath, record })
    } catch (error) {
      const failure = toFailure(error)
      finish(entry, { state: failure.kind === 'cancelled' ? 'cancelled' : 'failed', failure })
    } finally {
      lane.running = null
      startNext(lane)
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
        return await entry.lane.runner.run(id, { ...request, resume }, stagingPathOf(outPath, id), {
          onProgress: (progress) => change(entry, { progress }),
          onPartial: (partial) => options.onPartial(id, partial),
          onSaved: () => (saved = true),
          onProcessGone: (pid) => (gone = pid)
        })
      } catch (error) {
        // Ended because it did not listen to a cancel: like any cancelled job it leaves nothing.
        // One that is suspended is worth keeping once it has got somewhere.
        if (entry.cancelled || (closed && !(await hasProgress(outPath)))) await discardStateOf(outPath, gone)
        if (!(error instanceof WedgeviewError) || error.code !== 'runner-died') throw error
        fruitless = saved ? 0 : fruitless + 1
        if (fruitless > startsWithoutProgress) throw await givenUp(error, outPath)
        resume = await isUnfinished(outPath)
        const next = resume ? 'The job goes on from its last state.' : 'It is started again.'
        options.onLog?.('warning', `${error.message} ${next}`, id)
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

  function startNext(lane: Lane): void {
    if (closed || lane.running) return
    for (const entry of entries.values())
      if (entry.lane === lane && entry.snapshot.state === 'queued') {
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
      const lane = request.continueFrom && !request.resume ? beside : main
      entries.set(snapshot.id, { snapshot, lane, cancelled: false, ended, end })
      options.onJob(snapshot)
      startNext(lane)
      return snapshot
    },

    async cancel(id, { keep }) {
      const entry = entries.get(id)
      if (!entry)
        throw new WedgeviewError('usage', 'job-unknown', `There is no job ${id}.`, 'It may belong to another session.')
      if (entry.snapshot.state === 'queued')
        finish(entry, { state: 'cancelled', failure: toFailure(new DOMException('', 'AbortError')) })
      if (entry === entry.lane.running) {
        entry.cancelled = true
        entry.lane.runner.cancel(keep)
      }
      return entry.ended
    },

    list: () => [...entries.values()].map((entry) => entry.snapshot),

    async estimate(request: ReconstructRequest): Promise<JobEstimate> {
      estimator?.kill()
      // A process of its own: it disturbs no running job, its peak memory is this job's, and it can be ended at any time.
      const own = new RunnerSupervisor({
        ...supervision,
        onLog: (level, message) => options.onLog?.(level, message, null)
      })
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
      for (const { runner } of [main, beside]) runner.kill()
    },

    async suspend() {
      const running = [main, beside].flatMap((lane) => lane.running ?? [])
      this.abandon()
      estimator?.kill()
      await Promise.all(running.map(({ ended }) => ended))
    },

    async close() {
      closed = true
      cancelWaiting()
      estimator?.kill()
      const close = async (lane: Lane): Promise<void> => {
        const last = lane.running
        if (last) last.cancelled = true
        await lane.runner.close()
        await last?.ended
      }
      await Promise.all([close(main), close(beside)])
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
