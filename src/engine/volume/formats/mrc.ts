import { openMrc } from 'mrc-js'
import { refused } from '../mrc-volume.ts'
import type { OpenFileOptions, VolumeFile } from './volume-file.ts'

/** An MRC file (also gzip or bzip2) as a VolumeFile. Errors as openVolume. */
export async function openMrcFile(path: string, options: OpenFileOptions = {}): Promise<VolumeFile> {
  const { signal, truncated = 'refuse', blocking = false } = options
  const file = await refused(openMrc(path, { truncated, blocking, ...(signal && { signal }) }))
  return {
    ...file,
    format: 'mrc',
    pyramid: [],
    readSlice: (...parameters) => refused(file.readSlice(...parameters)),
    readBox: (...parameters) => refused(file.readBox(...parameters)),
    statistics: (...parameters) => refused(file.statistics(...parameters)),
    readExtendedHeader: () => refused(file.readExtendedHeader()),
    close: () => file.close()
  }
}
