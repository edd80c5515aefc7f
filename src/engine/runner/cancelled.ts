import { WedgeviewError } from '../../shared/errors.ts'

/** What everyone who waits for a cancelled job is told. */
export function cancelledError(): WedgeviewError {
  return new WedgeviewError(
    'cancelled',
    'cancelled',
    'The job was cancelled; nothing was written.',
    'Start it again when you need it.'
  )
}
