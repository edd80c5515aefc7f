import { toFailure } from '../../shared/errors.ts'
import type { JobEstimate } from '../../shared/api.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { splitPartial } from './partial-pieces.ts'
import { runnerRequestSchema, type RunnerEvent, type RunnerRequest } from './protocol.ts'
import type { FinishedRun, RunHooks } from './work.ts'

/** The runner's end of the connection, whatever carries it. */
export interface RunnerChannel {
  post(event: RunnerEvent): void
  onMessage(listener: (message: unknown) => void): void
  /** The supervising process is gone. */
  onDisconnect(listener: () => void): void
  /** Ends this process. */
  exit(): void
}

/** What the runner can do; the entry passes the real ones. */
export interface RunnerWork {
  run(request: ReconstructRequest, stagingPath: string, hooks: RunHooks): Promise<FinishedRun>
  estimate(request: ReconstructRequest, signal: AbortSignal): Promise<JobEstimate>
}

interface ActiveTask {
  readonly id: string
  readonly controller: AbortController
  keep: boolean
  /** Told to stop by somebody, and not just left alone. */
  told: boolean
  finished: Promise<void>
}

/** Answers a supervisor's requests, one task at a time, until told to shut down or left alone. */
export function serveRunner(channel: RunnerChannel, work: RunnerWork): void {
  let active: ActiveTask | null = null

  function start(id: string, perform: (task: ActiveTask) => Promise<RunnerEvent>): void {
    if (active) {
      const message = `The runner was asked for task ${id} while ${active.id} is running.`
      channel.post({ type: 'failed', id, failure: toFailure(new Error(message)) })
      return
    }
    const task: ActiveTask = {
      id,
      controller: new AbortController(),
      keep: false,
      told: false,
      finished: Promise.resolve()
    }
    active = task
    task.finished = perform(task)
      .catch((error: unknown): RunnerEvent => ({ type: 'failed', id, failure: toFailure(error) }))
      .then((event) => {
        active = null
        channel.post(event)
      })
  }

  function cancel(keep: boolean): void {
    if (!active) return
    active.keep = keep
    active.told = true
    active.controller.abort()
    channel.post({ type: 'stopping', id: active.id })
  }

  async function stop(told: boolean): Promise<void> {
    const task = active
    if (task) {
      task.keep = false
      task.told ||= told
      task.controller.abort()
      await task.finished
    }
    channel.exit()
  }

  function obey(request: RunnerRequest): void {
    switch (request.type) {
      case 'run':
        start(request.id, async (task) => {
          const { runPath, record } = await work.run(request.request, request.stagingPath, {
            signal: task.controller.signal,
            keepPartial: () => task.keep,
            isOrphaned: () => !task.told,
            onProgress: (progress) => channel.post({ type: 'progress', id: task.id, progress }),
            onPartial: (partial) => {
              for (const piece of splitPartial(partial)) channel.post({ type: 'partial', id: task.id, piece })
            },
            onStopping: () => channel.post({ type: 'stopping', id: task.id }),
            onSaved: () => channel.post({ type: 'saved', id: task.id }),
            onLog: (level, message) => channel.post({ type: 'log', level, message })
          })
          return { type: 'done', id: task.id, runPath, record }
        })
        return
      case 'estimate':
        start(request.id, async (task) => ({
          type: 'estimated',
          id: task.id,
          estimate: await work.estimate(request.request, task.controller.signal)
        }))
        return
      case 'cancel':
        if (active?.id === request.id) cancel(request.keep)
        return
      case 'shutdown':
        void stop(true)
    }
  }

  channel.onMessage((message) => {
    const parsed = runnerRequestSchema.safeParse(message)
    if (parsed.success) obey(parsed.data)
    else channel.post({ type: 'log', level: 'error', message: `A message was not understood: ${parsed.error.message}` })
  })
  channel.onDisconnect(() => void stop(false))
  channel.post({ type: 'ready', pid: process.pid })
}
