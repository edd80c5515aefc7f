import { boxOfSlice, checkBox } from './box.ts'
import type { Stride } from './box.ts'
import { openFileSource } from './byte-source.ts'
import type { ByteSource } from './byte-source.ts'
import { MrcError } from './error.ts'
import { headerByteLength } from './header.ts'
import { interpretHeader } from './interpret.ts'
import type { Interpretation } from './interpret.ts'
import type { MrcFile } from './mrc-file.ts'
import { readBox } from './read-box.ts'
import { refuseRepairs } from './repair.ts'
import { scanStatistics } from './statistics.ts'

export interface OpenOptions {
  /** Refuse every file that does not follow the standard, instead of repairing its header. Default false. */
  strict?: boolean
  /** 'read' opens a file that ends too early and offers the part that is there; missing voxels are NaN. Default 'refuse'. */
  truncated?: 'refuse' | 'read'
  signal?: AbortSignal
}

/**
 * Opens an MRC file: reads its header, nothing more. A path is opened and closed with the file; so is a source given.
 * Throws MrcError: not-found, is-directory, not-readable, empty, not-mrc, unsupported-mode, truncated, absurd-size, strict.
 */
export async function openMrc(source: string | ByteSource, options: OpenOptions = {}): Promise<MrcFile> {
  options.signal?.throwIfAborted()
  const opened = typeof source === 'string' ? await openFileSource(source) : source
  try {
    const head = await opened.read(0, headerByteLength, options.signal)
    const file = interpretHeader(head, opened.size, opened.name)
    if (options.strict) refuseRepairs(opened.name, file.repairs)
    if (options.truncated !== 'read') refuseTruncated(opened, file)
    return fileOf(opened, file)
  } catch (error) {
    if (typeof source === 'string') await opened.close()
    throw error
  }
}

function refuseTruncated(source: ByteSource, file: Interpretation): void {
  if (file.readableSections === file.sections) return
  const needed = file.dataOffset + file.dataBytes
  throw new MrcError(
    'truncated',
    `${source.name} is cut off: its header needs ${needed} bytes, the file has ${source.size}. ` +
      `${file.readableSections} of ${file.sections} sections are complete.`,
    file.readableSections > 0
      ? 'Copy or download the file again, or open the part that is there.'
      : 'Copy or download the file again: not one section is complete.',
    {
      details: {
        neededBytes: needed,
        fileBytes: source.size,
        readableSections: file.readableSections,
        sections: file.sections
      }
    }
  )
}

const noStride: Required<Stride> = { x: 1, y: 1, z: 1 }

function fileOf(source: ByteSource, file: Interpretation): MrcFile {
  const read: MrcFile['readBox'] = async (box, options = {}) => {
    options.signal?.throwIfAborted()
    const stride = { ...noStride, ...options.stride }
    checkBox(box, stride, file.size, source.name)
    return readBox(source, file, box, stride, options)
  }
  return {
    header: file.header,
    mode: file.header.mode,
    dtype: file.dtype,
    byteOrder: file.byteOrder,
    size: file.size,
    voxelSizeAngstrom: file.voxelSizeAngstrom,
    origin: file.origin,
    start: file.start,
    axisOrder: file.axisOrder,
    isVolumeStack: file.isVolumeStack,
    sectionsPerVolume: file.sectionsPerVolume,
    extendedHeader: { type: file.header.exttyp.split('\0', 1)[0].trim(), bytes: file.extendedBytes },
    labels: file.labels,
    repairs: file.repairs,
    compressed: 'none',
    readableSections: file.readableSections,
    readBox: read,
    async readSlice(plane, index, options) {
      return read(boxOfSlice(plane, index, file.size, source.name), options)
    },
    async statistics(options = {}) {
      options.signal?.throwIfAborted()
      return scanStatistics(source, file, options)
    },
    async readExtendedHeader() {
      return source.read(headerByteLength, file.extendedBytes)
    },
    close: () => source.close()
  }
}
