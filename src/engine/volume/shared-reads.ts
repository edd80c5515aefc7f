interface Pending<T> {
  promise: Promise<T>
  controller: AbortController
  waiting: number
  settled: boolean
}

/**
 * Joins reads of the same thing: whoever asks while one is under way waits for that one. A read is
 * aborted when the last one waiting for it has given up, and not before.
 */
export class SharedReads<T> {
  readonly #pending = new Map<string, Pending<T>>()

  async read(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    const pending = this.#pending.get(key) ?? this.#start(key, start)
    pending.waiting++
    try {
      return signal ? await abortable(pending.promise, signal) : await pending.promise
    } finally {
      pending.waiting--
      if (pending.waiting === 0 && !pending.settled) {
        this.#forget(key, pending)
        pending.controller.abort()
      }
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Pending<T> {
    const controller = new AbortController()
    const pending: Pending<T> = { promise: start(controller.signal), controller, waiting: 0, settled: false }
    this.#pending.set(key, pending)
    // Once it has settled, whoever asks later starts anew. The rejection is the readers' to handle.
    const done = (): void => {
      pending.settled = true
      this.#forget(key, pending)
    }
    pending.promise.then(done, done)
    return pending
  }

  #forget(key: string, pending: Pending<T>): void {
    if (this.#pending.get(key) === pending) this.#pending.delete(key)
  }
}

/** The promise's outcome, or the signal's reason as soon as it aborts. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
