/** Everything a command may touch of the process it runs in; tests bring their own. */
export interface CliIo {
  /** Documents for other programs; nothing else is written here. */
  stdout(text: string): void
  /** Text for people. */
  stderr(text: string): void
  /** Whether people read along as it happens, so that a progress bar makes sense. */
  readonly isTerminal: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute; relative paths refer to it. */
  readonly workingDirectory: string
  /** Aborts when the person presses Ctrl-C or the system asks the program to end. */
  readonly interrupted: AbortSignal
}

/** Why `interrupted` aborts where the system, not a person, ends the program: a batch queue's time is up, a machine shuts down. */
export class Termination extends Error {
  override readonly name = 'AbortError'
}

/** The real process. A second Ctrl-C ends it at once, for those who won't wait for the first. */
export function processIo(): CliIo {
  const controller = new AbortController()
  const interrupt = (reason?: Termination): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(reason)
  }
  process.on('SIGINT', () => interrupt())
  process.on('SIGTERM', () => interrupt(new Termination('The program was told to end.')))
  // A reader such as `head` that has had enough is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    env: process.env,
    workingDirectory: process.cwd(),
    interrupted: controller.signal
  }
}

/** The one document of `--json`. */
export function writeJson(io: CliIo, document: unknown): void {
  io.stdout(`${JSON.stringify(document, null, 2)}\n`)
}
