/** A gate that background work passes through between its steps, and that the work in the foreground closes. */
export class Turns {
  #held = false
  #waiting: (() => void)[] = []

  set held(held: boolean) {
    this.#held = held
    if (held) return
    const waiting = this.#waiting
    this.#waiting = []
    waiting.forEach((resume) => resume())
  }

  async pass(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    while (this.#held) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      signal.throwIfAborted()
    }
  }
}
