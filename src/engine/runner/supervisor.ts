import { rm } from 'node:fs/promises'
import type { JobEstimate } from '../../shared/api.ts'
import { WedgeviewError, type Failure } from '../../shared/errors.ts'
import type { Progress, ReconstructRequest } from '../../shared/jobs.ts'
import { cancelledError } from './cancelled.ts'
import type { RunnerPort, SpawnRunner } from './port.ts'
import { PartialAssembly, type PartialMaps, type PartialPiece } from './partial-pieces.ts'
import { runnerEventSchema, type RunnerEvent, type RunnerRequest } from './protocol.ts'
import type { FinishedRun } from './work.ts'

export interface SupervisorOptions {
  spawnRunner: SpawnRunner
  onLog?(level: 'info' | 'warning' | 'error', message: string): void
  /** How long a cancelled task may stay silent before its process is ended. */
  cancelGraceMilliseconds?: number
}

export interface TaskListeners {
  onProgress?(progress: Progress): void
  onPartial?(partial: PartialMaps): void
  /** The run's state was kept. */
  onSaved?(): void
  /** The process had to be ended, or ended by itself; it is gone, and what it owned is nobody's. */
  onProcessGone?(pid: number | null): void
}

interface Task {
  readonly id: string
  readonly stagingPath: string | null
  readonly listeners: TaskListeners
  readonly partial: PartialAssembly
  lastProgress: Progress | null
  cancelled: boolean
  settle(event: RunnerEvent): void
  fail(error: WedgeviewError): void
}

const defaultGrace = 15_000

/**
 * Keeps one runner process: starts it when there is something to do, gives it one task at a time, notices when it
 * dies, and ends it when a cancel isn't honoured. The process survives its tasks, so that libraries load once.
 */
export class RunnerSupervisor {
  readonly #options: SupervisorOptions
  #port: RunnerPort | null = null
  /** What waits for the process to listen: a message sent earlier may be lost. Null once it is ready. */
  #waiting: RunnerRequest[] | null = null
  #task: Task | null = null
  /** Of the process that runs; null until it has said so. */
  #pid: number | null = null
  #killTimer: NodeJS.Timeout | null = null
  #exitWaiters: (() => void)[] = []

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get busy(): boolean {
    return this.#task !== null
  }

  /**
   * Runs a reconstruction. Rejects with the job's failure, `runner-died` or `cancelled`; then nothing is left of what was being written.
   * A process that died leaves the run's state, for whoever asked to resume or discard.
   */
  async run(
    id: string,
    request: ReconstructRequest,
    stagingPath: string,
    listeners: TaskListeners = {}
  ): Promise<FinishedRun> {
    const event = await this.#perform({ type: 'run', id, request, stagingPath }, stagingPath, listeners)
    if (event.type !== 'done') throw unexpectedAnswer(event)
    return { runPath: event.runPath, record: event.record }
  }

  /** Measures a trial of this job. Rejects as `run` does. */
  async estimate(id: string, request: ReconstructRequest): Promise<JobEstimate> {
    const event = await this.#perform({ type: 'estimate', id, request }, null, {})
    if (event.type !== 'estimated') throw unexpectedAnswer(event)
    return event.estimate
  }

  /** Asks the running task to stop; its promise tells how that ended. */
  cancel(keep: boolean): void {
    if (!this.#task || !this.#port) return
    this.#task.cancelled = true
    this.#post({ type: 'cancel', id: this.#task.id, keep })
    this.#armKill()
  }

  /** Ends the process at once, whatever it does. */
  kill(): void {
    if (this.#task) this.#task.cancelled = true
    this.#port?.kill()
  }

  /** Cancels, asks the process to end, and sees to it that it does. */
  async close(): Promise<void> {
    if (!this.#port) return
    if (this.#task) this.#task.cancelled = true
    const exited = new Promise<void>((resolve) => this.#exitWaiters.push(resolve))
    this.#post({ type: 'shutdown' })
    this.#armKill()
    await exited
  }

  #perform(
    message: RunnerRequest & { id: string },
    stagingPath: string | null,
    listeners: TaskListeners
  ): Promise<RunnerEvent> {
    if (this.#task) throw new Error(`The runner is busy with task ${this.#task.id}.`)
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.#task = null
        this.#disarmKill()
        settle()
      }
      this.#task = {
        id: message.id,
        stagingPath,
        listeners,
        partial: new PartialAssembly(),
        lastProgress: null,
        cancelled: false,
        settle: (event) => finish(() => resolve(event)),
        fail: (error) => finish(() => reject(error))
      }
      this.#start()
      this.#post(message)
    })
  }

  #start(): void {
    if (this.#port) return
    const port = this.#options.spawnRunner()
    this.#port = port
    this.#pid = null
    this.#waiting = []
    port.onMessage((message) => this.#hear(message))
    port.onExit((code) => {
      if (this.#port !== port) return
      this.#port = null
      this.#disarmKill()
      for (const waiter of this.#exitWaiters.splice(0)) waiter()
      if (this.#task) void this.#bury(this.#task, code)
    })
  }

  #post(message: RunnerRequest): void {
    if (this.#waiting) this.#waiting.push(message)
    else this.#port?.postMessage(message)
  }

  #sendWaiting(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const message of waiting) this.#post(message)
  }

  #hear(message: unknown): void {
    const parsed = runnerEventSchema.safeParse(message)
    if (!parsed.success) {
      this.#options.onLog?.('error', `The runner sent something not understood: ${parsed.error.message}`)
      return
    }
    const event = parsed.data
    if (event.type === 'log') this.#options.onLog?.(event.level, event.message)
    if (event.type === 'ready') {
      this.#pid = event.pid
      this.#sendWaiting()
    }
    if (event.type === 'log' || event.type === 'ready') return
    const task = this.#task
    if (!task || task.id !== event.id) return
    switch (event.type) {
      case 'progress':
        task.lastProgress = event.progress
        task.listeners.onProgress?.(event.progress)
        return
      case 'saved':
        task.listeners.onSaved?.()
        return
      case 'partial':
        this.#gather(task, event.piece)
        return
      case 'stopping':
        if (task.cancelled) this.#armKill()
        return
      case 'failed':
        task.fail(fromFailure(event.failure))
        return
      default:
        task.settle(event)
    }
  }

  #gather(task: Task, piece: PartialPiece): void {
    const partial = task.partial.add(piece)
    if (partial) task.listeners.onPartial?.(partial)
  }

  /** The process ended in the middle of a task. Nothing it was writing may stay, but for the run's state. */
  async #bury(task: Task, code: number | null): Promise<void> {
    if (task.stagingPath) await rm(task.stagingPath, { recursive: true, force: true }).catch(() => undefined)
    task.listeners.onProcessGone?.(this.#pid)
    task.fail(task.cancelled ? cancelledError() : diedError(task.lastProgress, code))
  }

  #armKill(): void {
    this.#disarmKill()
    const grace = this.#options.cancelGraceMilliseconds ?? defaultGrace
    this.#killTimer = setTimeout(() => this.#port?.kill(), grace)
  }

  #disarmKill(): void {
    if (this.#killTimer) clearTimeout(this.#killTimer)
    this.#killTimer = null
  }
}

function fromFailure(failure: Failure): WedgeviewError {
  return new WedgeviewError(failure.kind, failure.code, failure.message, failure.hint)
}

function unexpectedAnswer(event: RunnerEvent): Error {
  return new Error(`The runner answered with "${event.type}".`)
}

function diedError(progress: Progress | null, code: number | null): WedgeviewError {
  const how = code === null ? 'was ended by the system' : `ended with code ${code}`
  const where = progress
    ? `while "${progress.phase}"${progress.steps > 0 ? `, step ${progress.step} of ${progress.steps}` : ''}`
    : 'before it reported anything'
  return new WedgeviewError(
    'job',
    'runner-died',
    `The process that runs the networks ${how} ${where}.`,
    'Most often memory ran out or a graphics driver failed: try a smaller region or device cpu. The next job starts a new process.'
  )
}
