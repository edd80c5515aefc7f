import { WedgeviewError, type Failure } from '../../shared/errors.ts'
import { failureOf } from '../api/failures.ts'

/** What is told when a movie can't be drawn or made. */
export function failureOfMovie(error: unknown): Failure {
  return error instanceof WedgeviewError ? error.toFailure() : failureOf(error)
}
