import { MrcError } from 'mrc-js'
import { WedgeviewError } from '../../shared/errors.ts'
import type { FailureKind } from '../../shared/errors.ts'

/** Failures of this machine rather than of the file. */
const machineCodes = new Set(['disk-full', 'write-failed', 'closed'])

/** Turns what mrc-js throws into the program's own error; its codes get the prefix `mrc-`. */
export async function refused<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof MrcError)) throw error
    const kind: FailureKind = machineCodes.has(error.code) ? 'job' : 'input'
    const code = error.code === 'not-mrc' ? error.code : `mrc-${error.code}`
    throw new WedgeviewError(kind, code, error.message, error.hint, { cause: error, details: error.details })
  }
}
