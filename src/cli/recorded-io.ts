import type { CliIo } from './io.ts'

/** An io for tests: collects what a command writes, and can be interrupted. */
export class RecordedIo implements CliIo {
  readonly isTerminal = false
  readonly env: Readonly<Record<string, string | undefined>> = {}
  readonly workingDirectory: string
  readonly #controller = new AbortController()
  out = ''
  err = ''

  constructor(workingDirectory: string) {
    this.workingDirectory = workingDirectory
  }

  // Commands take these apart from the object, as they do with a process's.
  readonly stdout = (text: string): void => {
    this.out += text
  }
  readonly stderr = (text: string): void => {
    this.err += text
  }

  get interrupted(): AbortSignal {
    return this.#controller.signal
  }

  interrupt(): void {
    this.#controller.abort()
  }
}
