import type { Failure } from '../../shared/errors.ts'
import { failureSchema } from '../../shared/errors.ts'

/** A refusal of the engine, thrown where that is natural; `failure` is what the window shows. */
export class ApiFailure extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(`${failure.message} ${failure.hint}`)
    this.name = 'ApiFailure'
    this.failure = failure
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

const unreachable: Failure = {
  kind: 'job',
  code: 'engine-unreachable',
  message: 'The engine does not answer.',
  hint: 'Check that wedgeview is still running, then reload this window.'
}

/** Anything thrown as what the window shows. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiFailure) return error.failure
  if (error instanceof TypeError) return unreachable
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'job', code: 'unexpected', message, hint: 'Please report this message; it is a fault in the program.' }
}

/** The Failure that a refused response carries. */
export async function failureOfResponse(response: Response): Promise<Failure> {
  const text = await response.text()
  try {
    const parsed = failureSchema.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
  } catch {
    // Not JSON: an answer of something between the window and the engine, told as it is below.
  }
  return {
    kind: 'job',
    code: `http-${response.status}`,
    message: `The engine answered ${response.status} ${response.statusText}.`.replace(' .', '.'),
    hint: 'Reload the window; where that does not help, start wedgeview again.'
  }
}
