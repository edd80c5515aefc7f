import { Worker } from 'node:worker_threads'
import { WedgeviewError } from '../../../shared/errors.ts'
import type { ReadCall, ReadReply, ReadRequest } from './protocol.ts'

interface Pending {
  descriptor: number
  since: number
  resolve(data: Float32Array<ArrayBuffer> | null): void
  reject(error: unknown): void
}

/** A thread that has owed an answer for this long waits for a disk, or a network share that hangs. */
const patienceMilliseconds = 200

/**
 * Reads slices in a worker thread, where reading may block: that is several times as fast as through the thread pool, and the thread that
 * answers requests never waits. The worker is started when it is first needed; `entry` is its built file.
 */
export class ReaderThread {
  readonly #entry: string
  /** Reads the worker has not answered yet; those that were cancelled as well. */
  readonly #pending = new Map<number, Pending>()
  #settled: (() => void)[] = []
  #worker: Worker | null = null
  #made = 0
  #closed = false

  constructor(entry: string) {
    this.#entry = entry
  }

  /**
   * The slice's values, C order; null where the thread has its hands full or has ended, and somebody else has to read. The file must
   * stay open until `settled`.
   *
   * @throws WedgeviewError as reading the file in this thread; the signal's reason
   */
  async read(call: ReadCall, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer> | null> {
    signal?.throwIfAborted()
    if (this.#closed || this.#isOverdue()) return null
    const id = ++this.#made
    let onAbort = (): void => undefined
    try {
      return await new Promise<Float32Array<ArrayBuffer> | null>((resolve, reject) => {
        this.#pending.set(id, { descriptor: call.location.descriptor, since: performance.now(), resolve, reject })
        onAbort = (): void => {
          this.#post({ type: 'cancel', id })
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        const worker = this.#started()
        worker.ref()
        this.#post({ type: 'read', id, call })
      })
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Resolves when the worker reads no more from an open file, which may then be closed. */
  async settled(descriptor: number): Promise<void> {
    while ([...this.#pending.values()].some((pending) => pending.descriptor === descriptor)) {
      await new Promise<void>((resolve) => this.#settled.push(resolve))
    }
  }

  /** Ends the thread; what it was reading is left to others. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#worker?.terminate()
  }

  #isOverdue(): boolean {
    const [oldest] = this.#pending.values()
    return oldest !== undefined && performance.now() - oldest.since > patienceMilliseconds
  }

  #started(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#entry, { workerData: { serves: 'reads' } })
    worker.on('message', (reply: ReadReply) => this.#receive(reply))
    worker.on('error', () => this.#lost(worker))
    worker.on('exit', () => this.#lost(worker))
    this.#worker = worker
    return worker
  }

  #post(request: ReadRequest): void {
    this.#worker?.postMessage(request)
  }

  #receive(reply: ReadReply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if ('data' in reply) pending?.resolve(reply.data)
    else {
      const { kind, code, message, hint } = reply.failure
      pending?.reject(new WedgeviewError(kind, code, message, hint))
    }
    // An idle thread keeps no program from ending.
    if (this.#pending.size === 0) this.#worker?.unref()
    this.#tellSettled()
  }

  /** Others read what the thread has not; the next read starts a new one. */
  #lost(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#worker = null
    const lost = [...this.#pending.values()]
    this.#pending.clear()
    for (const { resolve } of lost) resolve(null)
    this.#tellSettled()
  }

  #tellSettled(): void {
    const waiting = this.#settled
    this.#settled = []
    for (const resolve of waiting) resolve()
  }
}
