import { Worker } from 'node:worker_threads'
import { WedgeviewError } from '../../../shared/errors.ts'
import type { ScanOptions, Volume } from '../volume.ts'
import type { ScanCall, ScannedFile, ScanReply, ScanRequest } from './protocol.ts'
import { scansInThread } from './scans.ts'
import type { Scans } from './scans.ts'
import type { ScanTaskName, ScanTasks } from './tasks.ts'

interface Pending {
  resolve(result: unknown): void
  reject(error: unknown): void
  onProgress: ScanOptions['onProgress']
}

/**
 * Scans of files in a worker thread, which is started when it is first needed; volumes in memory are scanned in this thread,
 * where they are. `entry` is the built worker's file.
 */
export function scansInWorker(entry: string): Scans {
  const inThread = scansInThread()
  const thread = new ScanThread(entry)
  return {
    async run<Name extends ScanTaskName>(
      task: Name,
      volume: Volume,
      input: ScanTasks[Name]['input'],
      options: ScanOptions = {}
    ) {
      if (volume.info.format === 'memory') return inThread.run(task, volume, input, options)
      // The thread carries out the task that is asked for: both ends are typed by ScanTasks.
      const result = await thread.run(scannedFile(volume), { task, input } as ScanCall, options)
      return result as ScanTasks[Name]['result']
    },
    hold: () => thread.hold(),
    release: (path) => thread.release(path),
    close: () => thread.close()
  }
}

function scannedFile({ info }: Volume): ScannedFile {
  return { path: info.path, truncated: info.partial ? 'read' : 'refuse' }
}

/** How long a thread may take to tidy up; a read from a network share that hangs must not keep the program open. */
const endMilliseconds = 3000

class ScanThread {
  readonly #entry: string
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | null = null
  #made = 0
  #holders = 0
  #closed = false

  constructor(entry: string) {
    this.#entry = entry
  }

  async run(file: ScannedFile, call: ScanCall, { signal, onProgress }: ScanOptions): Promise<unknown> {
    signal?.throwIfAborted()
    const id = ++this.#made
    const outcome = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject, onProgress }))
    const onAbort = (): void => {
      this.#post({ type: 'cancel', id })
      this.#settle(id)?.reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      const worker = this.#started()
      worker.ref()
      worker.postMessage({ type: 'run', id, file, call } satisfies ScanRequest)
      return await outcome
    } finally {
      this.#settle(id)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  hold(): () => void {
    if (++this.#holders === 1) this.#post({ type: 'hold', held: true })
    let released = false
    return () => {
      if (released) return
      released = true
      if (--this.#holders === 0) this.#post({ type: 'hold', held: false })
    }
  }

  release(path: string): void {
    this.#post({ type: 'release', path })
  }

  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    this.#worker = null
    this.#failAll('The program is closing.')
    if (!worker) return
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.postMessage({ type: 'end' } satisfies ScanRequest)
    const patience = setTimeout(() => void worker.terminate(), endMilliseconds)
    await exited
    clearTimeout(patience)
  }

  #post(request: ScanRequest): void {
    this.#worker?.postMessage(request)
  }

  #started(): Worker {
    if (this.#closed) throw ended('The program is closing.')
    if (this.#worker) return this.#worker
    // The data is empty, but must be there: a dependency (web-worker, of geotiff) looks into it when it is loaded in a thread.
    const worker = new Worker(this.#entry, { workerData: {} })
    worker.on('message', (reply: ScanReply) => this.#receive(reply))
    worker.on('error', (error) => this.#lost(worker, error.message))
    worker.on('exit', () => this.#lost(worker, 'The thread that scans volumes ended.'))
    this.#worker = worker
    if (this.#holders > 0) this.#post({ type: 'hold', held: true })
    return worker
  }

  #receive(reply: ScanReply): void {
    if (reply.type === 'progress') {
      this.#pending.get(reply.id)?.onProgress?.(reply.fraction)
      return
    }
    const pending = this.#settle(reply.id)
    if (reply.type === 'done') pending?.resolve(reply.result)
    else {
      const { kind, code, message, hint } = reply.failure
      pending?.reject(new WedgeviewError(kind, code, message, hint))
    }
  }

  /** Takes a task out of those under way; undefined where it is none any more. */
  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    // An idle thread keeps no program from ending.
    if (this.#pending.size === 0) this.#worker?.unref()
    return pending
  }

  /** The next task starts a new thread. */
  #lost(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#failAll(reason)
  }

  #failAll(reason: string): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(ended(reason))
  }
}

function ended(reason: string): WedgeviewError {
  return new WedgeviewError(
    'job',
    'scan-ended',
    `The scan of the volume did not finish: ${reason}`,
    'Ask for it again.'
  )
}
