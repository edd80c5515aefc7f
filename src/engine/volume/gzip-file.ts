import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { WedgeviewError } from '../../shared/errors.ts'

let made = 0

/**
 * Compresses `from` into `to`: written beside, flushed, renamed; a failed or aborted one leaves nothing.
 *
 * @throws WedgeviewError job: `mrc-disk-full`, `mrc-write-failed`; the signal's reason
 */
export async function gzipFile(from: string, to: string, signal: AbortSignal): Promise<void> {
  const partial = `${to}.partial-${process.pid}-${++made}`
  try {
    await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), createGzip(), createWriteStream(partial), {
      signal
    })
    const handle = await open(partial, 'r+')
    await handle.sync().finally(() => handle.close())
    signal.throwIfAborted()
    await rename(partial, to)
  } catch (error) {
    await rm(partial, { force: true })
    signal.throwIfAborted()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const full = code === 'ENOSPC' || code === 'EDQUOT'
    throw new WedgeviewError(
      'job',
      full ? 'mrc-disk-full' : 'mrc-write-failed',
      `${to} can't be written${code ? ` (${code})` : ''}.`,
      full ? 'Free some space, or write to another disk.' : 'Check the folder and its permissions.',
      { cause: error }
    )
  }
}
