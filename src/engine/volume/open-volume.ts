import { WedgeviewError } from '../../shared/errors.ts'
import { cachedVolume } from './cached-volume.ts'
import { openFileVolume } from './file-volume.ts'
import type { ReadQueue } from './read-queue.ts'
import type { ReaderThread } from './reading/reader-thread.ts'
import type { SliceCache } from './slice-cache.ts'
import type { ReadOptions, Volume } from './volume.ts'

export interface OpenVolumeOptions extends ReadOptions {
  /** 'read' opens what a file that ends too early has; the rest is NaN, and the volume's info says `partial`. Default 'refuse'. */
  truncated?: 'refuse' | 'read' | undefined
  /** Keeps recent slices and joins identical reads; without it every read goes to the file. */
  cache?: SliceCache
  /** The order of reads where several volumes share a disk; with `cache` only. */
  queue?: ReadQueue
  /** Reads slices, where it can do so faster. */
  thread?: ReaderThread | null | undefined
  /** Read in this thread what the system has in memory: for command lines and worker threads. Default false. */
  blocking?: boolean | undefined
}

/**
 * Opens a volume file: MRC (plain, gzip, bzip2), EM, TIFF stack or OME-Zarr folder. Reads its header, no voxels. `path` is absolute.
 *
 * @throws WedgeviewError input: `mrc-not-found`, `mrc-not-readable`, `mrc-is-directory`, `mrc-empty`, `not-mrc`,
 *   `mrc-truncated`, `mrc-unsupported-mode`, `mrc-absurd-size`, and those of the other formats' readers; the signal's reason when aborted
 */
export async function openVolume(path: string, options: OpenVolumeOptions = {}): Promise<Volume> {
  if (path.includes('\0')) {
    throw new WedgeviewError('input', 'bad-path', 'The path holds a zero byte.', 'Give the path of a file.')
  }
  const volume = await openFileVolume(path, options)
  return options.cache ? cachedVolume(volume, options.cache, options.queue) : volume
}
