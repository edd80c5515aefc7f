import { randomUUID } from 'node:crypto'
import type { JobEstimate } from '../../shared/api.ts'
import { toFailure, WedgeviewError } from '../../shared/errors.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { stagingPathOf } from '../posterior/run-folder.ts'
import { RunnerSupervisor, type SupervisorOptions } from '../runner/supervisor.ts'
import type { JobQueue, JobQueueOptions, JobSnapshot } from './snapshot.ts'

interface Entry {
  snapshot: JobSnapshot
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
    const { id, request } = entry.snapshot
    running = entry
    change(entry, { state: 'running' })
    try {
      const { runPath, record } = await runner.run(id, request, stagingPathOf(request.outPath, id), {
        onProgress: (progress) => change(entry, { progress }),
        onPartial: (partial) => options.onPartial(id, partial)
      })
      finish(entry, { state: record.partial ? 'cancelled' : 'done', runPath, record })
    } catch (error) {
      const failure = toFailure(error)
      finish(entry, { state: failure.kind === 'cancelled' ? 'cancelled' : 'failed', failure })
    } finally {
      running = null
      startNext()
    }
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
      entries.set(snapshot.id, { snapshot, ended, end })
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
      if (entry === running) runner.cancel(keep)
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

    async close() {
      closed = true
      for (const entry of entries.values())
        if (entry.snapshot.state === 'queued')
          finish(entry, { state: 'cancelled', failure: toFailure(new DOMException('', 'AbortError')) })
      estimator?.kill()
      const last = running
      await runner.close()
      await last?.ended
    }
  }
}
