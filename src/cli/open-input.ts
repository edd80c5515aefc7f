import { openVolume } from '../engine/volume/open-volume.ts'
import type { Volume } from '../engine/volume/volume.ts'
import { WedgeviewError } from '../shared/errors.ts'
import type { CliIo } from './io.ts'

/** The flag of the commands that can work on part of a file. */
export const truncatedFlag = [
  '--truncated',
  'open also a file that ends too early, or a damaged .gz or .bz2: the sections that are there'
] as const

/**
 * Opens the file that a command works on, in this thread, which has nothing else to do. Errors as openVolume; where part of a file could be
 * read they name the flag for that.
 */
export async function openInput(path: string, io: CliIo, truncated: boolean): Promise<Volume> {
  try {
    return await openVolume(path, {
      signal: io.interrupted,
      truncated: truncated ? 'read' : 'refuse',
      blocking: true
    })
  } catch (error) {
    if (!(error instanceof WedgeviewError) || !Number(error.details?.readableSections)) throw error
    const { kind, code, message, details } = error
    const hint = 'Copy or download the file again, or give --truncated to work with the part that is there.'
    throw new WedgeviewError(kind, code, message, hint, { cause: error, details })
  }
}
