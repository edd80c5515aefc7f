/** What can go wrong at this package's boundary. Stable: programs may switch on them. */
export type MrcErrorCode =
  | 'not-found'
  | 'not-readable'
  | 'is-directory'
  | 'empty'
  | 'not-mrc'
  | 'unsupported-mode'
  | 'truncated'
  | 'absurd-size'
  | 'strict'
  | 'corrupt-compression'
  | 'too-large'
  | 'out-of-range'
  | 'bad-option'
  | 'section-size'
  | 'section-count'
  | 'not-representable'
  | 'disk-full'
  | 'read-failed'
  | 'write-failed'
  | 'closed'

/** An error a person can act on: `message` says what happened and where, `hint` what to do about it. */
export class MrcError extends Error {
  readonly code: MrcErrorCode
  readonly hint: string
  /** Numbers behind the message, such as how much of a truncated file is readable. */
  readonly details: Readonly<Record<string, number | string>>

  constructor(
    code: MrcErrorCode,
    message: string,
    hint: string,
    options: { cause?: unknown; details?: Record<string, number | string> } = {}
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'MrcError'
    this.code = code
    this.hint = hint
    this.details = options.details ?? {}
  }
}

/** The operating system's code (`ENOENT`, `ENOSPC`, ...) of an error, if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
