import { isAbort } from './failures.ts'

/**
 * Loads the latest thing asked for, never a queue: while one load is under way only the newest request
 * waits. Letting the one under way finish, instead of aborting it at every step, keeps the picture moving
 * while a user scrubs faster than slices arrive; `abort` is for when its result is of no use any more.
 */
export class LatestRequest<Key, Value> {
  readonly #load: (key: Key, signal: AbortSignal) => Promise<Value>
  readonly #onValue: (value: Value, key: Key) => void
  readonly #onError: (error: unknown, key: Key) => void
  #running: AbortController | null = null
  #next: { key: Key } | null = null

  constructor(
    load: (key: Key, signal: AbortSignal) => Promise<Value>,
    onValue: (value: Value, key: Key) => void,
    onError: (error: unknown, key: Key) => void
  ) {
    this.#load = load
    this.#onValue = onValue
    this.#onError = onError
  }

  request(key: Key): void {
    this.#next = { key }
    if (!this.#running) void this.#runNext()
  }

  /** Forgets what waits; what is under way comes in. */
  forgetNext(): void {
    this.#next = null
  }

  /** Forgets what is under way and what waits. */
  abort(): void {
    this.#next = null
    this.#running?.abort()
    this.#running = null
  }

  async #runNext(): Promise<void> {
    while (this.#next) {
      const { key } = this.#next
      this.#next = null
      const running = new AbortController()
      this.#running = running
      try {
        const value = await this.#load(key, running.signal)
        if (this.#running !== running) return
        this.#onValue(value, key)
      } catch (error) {
        if (this.#running !== running) return
        if (!isAbort(error)) this.#onError(error, key)
      }
      this.#running = null
    }
  }
}
