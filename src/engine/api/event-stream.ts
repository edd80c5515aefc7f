import type { ApiEvent } from '../../shared/jobs.ts'

/** A listener this far behind is cut off: its EventSource connects again and gets the present state. */
const backlogLimit = 512
/** Shorter than the idle limits of proxies and tunnels. */
const heartbeatMilliseconds = 15_000

type Listener = ReadableStreamDefaultController<Uint8Array>

/** Server-sent events to every window that listens. */
export class EventStream {
  /** By which window listens, where it says so. */
  readonly #listeners = new Map<Listener, string | null>()
  readonly #encoder = new TextEncoder()
  #heartbeat: NodeJS.Timeout | undefined

  get listeners(): number {
    return this.#listeners.size
  }

  /** Whether a window is there: it listens from its start to its end. */
  hears(window: string): boolean {
    return [...this.#listeners.values()].includes(window)
  }

  send(event: ApiEvent): void {
    this.#write(`data: ${JSON.stringify(event)}\n\n`)
  }

  /** A response that carries `first` and then every event sent, until the caller goes away. `window`: which one it is. */
  open(first: readonly ApiEvent[], window: string | null = null): Response {
    let own: Listener | undefined
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller
        this.#listeners.set(controller, window)
        // Something is sent at once, so that the caller knows that it is connected.
        const lines = [': connected\n\n', ...first.map((event) => `data: ${JSON.stringify(event)}\n\n`)]
        controller.enqueue(this.#encoder.encode(lines.join('')))
        this.#heartbeat ??= setInterval(() => this.#write(': still here\n\n'), heartbeatMilliseconds).unref()
      },
      cancel: () => {
        if (own) this.#drop(own)
      }
    })
    return new Response(body, {
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' }
    })
  }

  close(): void {
    for (const listener of [...this.#listeners.keys()]) {
      this.#drop(listener)
      listener.close()
    }
  }

  #write(text: string): void {
    const bytes = this.#encoder.encode(text)
    for (const listener of [...this.#listeners.keys()]) {
      if ((listener.desiredSize ?? 0) < -backlogLimit) {
        this.#drop(listener)
        listener.close()
      } else listener.enqueue(bytes)
    }
  }

  #drop(listener: Listener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size > 0) return
    clearInterval(this.#heartbeat)
    this.#heartbeat = undefined
  }
}
