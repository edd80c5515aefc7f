import { z } from 'zod'

/**
 * What kind of failure, which decides the command line's exit code and the HTTP status:
 * usage = 2 / 400, input = 3 / 422, job = 4 / 500, cancelled = 130 / 409.
 */
export const failureKindSchema = z.enum(['usage', 'input', 'job', 'cancelled'])
export type FailureKind = z.infer<typeof failureKindSchema>

export const failureSchema = z.object({
  kind: failureKindSchema,
  /** Stable, kebab-case, for programs and tests: `mrc-truncated`, `roi-outside`, … */
  code: z.string(),
  /** What happened and where, one sentence. */
  message: z.string(),
  /** What the user can do about it, one sentence. */
  hint: z.string(),
  /** Numbers behind the message, such as how much of a truncated file is readable. */
  details: z.record(z.string(), z.union([z.number(), z.string()])).optional()
})
/** An error as a value, as it crosses a boundary. */
export type Failure = z.infer<typeof failureSchema>

/** The same error inside a layer, where throwing is natural. */
export class WedgeviewError extends Error {
  readonly kind: FailureKind
  readonly code: string
  readonly hint: string
  readonly details: Failure['details']
  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    hint: string,
    options: ErrorOptions & { details?: Failure['details'] } = {}
  ) {
    const { details, ...cause } = options
    super(message, cause)
    this.name = 'WedgeviewError'
    this.kind = kind
    this.code = code
    this.hint = hint
    this.details = details
  }
  toFailure(): Failure {
    const { kind, code, message, hint, details } = this
    return details === undefined ? { kind, code, message, hint } : { kind, code, message, hint, details }
  }
}

export const exitCodes: Readonly<Record<FailureKind, number>> = { usage: 2, input: 3, job: 4, cancelled: 130 }
export const httpStatus = { usage: 400, input: 422, job: 500, cancelled: 409 } as const satisfies Record<
  FailureKind,
  number
>

/** Any thrown thing as a Failure; what is not ours is a failed job with its own message. */
export function toFailure(error: unknown): Failure {
  if (error instanceof WedgeviewError) return error.toFailure()
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError'))
    return {
      kind: 'cancelled',
      code: 'cancelled',
      message: 'The job was cancelled.',
      hint: 'Start it again when you need it.'
    }
  const message = error instanceof Error ? error.message : String(error)
  return {
    kind: 'job',
    code: 'unexpected',
    message,
    hint: 'This is a fault in the program; please report it with this message.'
  }
}
