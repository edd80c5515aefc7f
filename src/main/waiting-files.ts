/**
 * Files to open arrive before there is a page that could open them: on the command line, by double click.
 * They wait here until the page says that it listens; then each goes on at once.
 */
export class WaitingFiles {
  #waiting: string[] = []
  #deliver: ((paths: string[]) => void) | null = null

  add(paths: readonly string[]): void {
    if (paths.length === 0) return
    if (this.#deliver) this.#deliver([...paths])
    else this.#waiting.push(...paths)
  }

  /** From now on files go to `deliver`; what has waited goes first. */
  listen(deliver: (paths: string[]) => void): void {
    this.#deliver = deliver
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length > 0) deliver(waiting)
  }

  /** The page is gone or loads again: files wait again. */
  pause(): void {
    this.#deliver = null
  }
}
