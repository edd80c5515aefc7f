import type { ReadPriority } from './volume.ts'

interface Waiting {
  key: string
  priority: ReadPriority
  start(): void
}

/** Reads of what is on screen that go on at once: one for each of the usual panes, and one more. */
const visibleAtOnce = 4
/** Reads of what may be wanted next. */
const aheadAtOnce = 2

/**
 * The order in which slices are read from disk: what somebody looks at first; what may be wanted next only while nothing else is asked for.
 * Reads already started are not stopped for others.
 */
export class ReadQueue {
  readonly #hold: () => () => void
  #waiting: Waiting[] = []
  #running: Record<ReadPriority, number> = { visible: 0, ahead: 0 }
  #release: (() => void) | null = null

  /** `hold` is called when reads begin, and what it returns when none goes on any more: scans in the background wait meanwhile. */
  constructor(hold: () => () => void = () => () => undefined) {
    this.#hold = hold
  }

  /** Carries out `read` when its turn comes, at once where nothing is before it; leaves the queue when the signal aborts before that. */
  async run<T>(key: string, priority: ReadPriority, signal: AbortSignal, read: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const lane = this.#mayStart(priority) ? this.#begin(priority) : await this.#turn(key, priority, signal)
    try {
      return await read()
    } finally {
      this.#running[lane]--
      this.#next()
    }
  }

  /** Somebody looks at what was only thought to be wanted next. */
  raise(key: string): void {
    for (const waiting of this.#waiting) if (waiting.key === key) waiting.priority = 'visible'
    this.#next()
  }

  #mayStart(priority: ReadPriority): boolean {
    const { visible, ahead } = this.#running
    return priority === 'visible' ? visible < visibleAtOnce : visible === 0 && ahead < aheadAtOnce
  }

  #begin(lane: ReadPriority): ReadPriority {
    this.#running[lane]++
    if (lane === 'visible') this.#release ??= this.#hold()
    return lane
  }

  #turn(key: string, priority: ReadPriority, signal: AbortSignal): Promise<ReadPriority> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting)
        reject(signal.reason)
      }
      const start = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(this.#begin(waiting.priority))
      }
      const waiting: Waiting = { key, priority, start }
      this.#waiting.push(waiting)
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  #next(): void {
    for (let next = this.#choose(); next && this.#mayStart(next.priority); next = this.#choose()) {
      const started = next
      this.#waiting = this.#waiting.filter((each) => each !== started)
      started.start()
    }
    if (this.#running.visible > 0) return
    this.#release?.()
    this.#release = null
  }

  /** The newest of the visible: who scrolls has left the older ones behind. */
  #choose(): Waiting | undefined {
    return this.#waiting.findLast(({ priority }) => priority === 'visible') ?? this.#waiting[0]
  }
}
