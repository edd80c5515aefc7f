import { openFileSource } from './byte-source.ts'
import type { ByteSource } from './byte-source.ts'
import { decompress, detectCompression } from './compressed-source.ts'
import type { Decompressed } from './compressed-source.ts'
import { declaredFileBytes } from './detect-byte-order.ts'
import { MrcError } from './error.ts'
import { decodeExtendedHeader, extendedHeaderType } from './extended-header.ts'
import { headerByteLength } from './header.ts'
import { interpretHeader } from './interpret.ts'
import type { Interpretation } from './interpret.ts'
import type { Compression, MrcFile } from './mrc-file.ts'
import { voxelReader } from './raw-volume.ts'
import { readStored } from './read-stored.ts'
import { refuseRepairs } from './repair.ts'
import type { Repair } from './repair.ts'

export interface OpenOptions {
  /** Refuse every file that does not follow the standard, instead of repairing its header. Default false. */
  strict?: boolean
  /** 'read' opens a file that ends too early and offers the part that is there; missing voxels are NaN. Default 'refuse'. */
  truncated?: 'refuse' | 'read'
  /** Where large gzip and bzip2 files are decompressed to. Default the system's temporary folder. */
  temporaryFolder?: string
  /** Called with the fraction of a compressed file that has been read; opening an uncompressed file needs no progress. */
  onProgress?(fraction: number): void
  signal?: AbortSignal
  /**
   * Read slices and boxes in the calling thread while the system has them in memory, which is several times as fast as through the thread
   * pool; what a disk is waited for goes through the pool. For command lines and worker threads, not for a thread that must never wait:
   * one read, and up to 4 ms of reads in a row, keep it busy. Default false.
   */
  blocking?: boolean
}

/**
 * Opens an MRC file: reads its header, nothing more (a gzip or bzip2 file is decompressed once). A source that is given is closed with the
 * file, but not when opening fails.
 * Throws MrcError: not-found, is-directory, not-readable, empty, not-mrc, unsupported-mode, truncated, absurd-size, strict,
 * and for compressed files corrupt-compression, disk-full, write-failed; an aborted signal's reason.
 */
export async function openMrc(source: string | ByteSource, options: OpenOptions = {}): Promise<MrcFile> {
  options.signal?.throwIfAborted()
  const given = typeof source === 'string' ? await openFileSource(source, options) : source
  let opened = given
  // When opening fails, a source that was given stays the caller's to close.
  let failed = false
  const closeGiven = async (): Promise<void> => {
    if (!failed || typeof source === 'string') await given.close()
  }
  try {
    let head = await given.read(0, headerByteLength, options.signal)
    let damage: MrcError | null = null
    const compressed = detectCompression(head)
    if (compressed !== 'none') {
      const decompressed = await openCompressed(given, compressed, options, closeGiven)
      opened = decompressed.source
      damage = decompressed.damage
      head = await opened.read(0, headerByteLength, options.signal)
    }
    // Without a header there is nothing else to say about a damaged file.
    if (damage && head.length < headerByteLength) throw damage
    const header = interpretHeader(head, opened.size, opened.name)
    if (damage && (options.strict || options.truncated !== 'read')) throw withReadablePart(damage, header)
    const file = damage ? { ...header, repairs: [...header.repairs, damageRepair(damage, header)] } : header
    if (options.strict) refuseRepairs(opened.name, file.repairs)
    if (options.truncated !== 'read') refuseTruncated(opened, file)
    return fileOf(opened, file, compressed)
  } catch (error) {
    failed = true
    await (opened === given ? closeGiven() : opened.close())
    throw error
  }
}

function openCompressed(
  given: ByteSource,
  compressed: 'gzip' | 'bzip2',
  options: OpenOptions,
  close: () => Promise<void>
): Promise<Decompressed> {
  return decompress(given, compressed, {
    signal: options.signal,
    temporaryFolder: options.temporaryFolder,
    onProgress: options.onProgress,
    close,
    neededBytes: declaredFileBytes,
    headBytes: headerByteLength
  })
}

/** The same refusal, with what could be decompressed before the damage. */
function withReadablePart(damage: MrcError, { readableSections, sections }: Interpretation): MrcError {
  if (readableSections === 0) return damage
  return new MrcError(
    damage.code,
    `${damage.message} ${readableSections} of ${sections} sections could be decompressed.`,
    `${damage.hint.replace(/\.$/, '')}, or open the part that is there.`,
    { cause: damage, details: { readableSections, sections } }
  )
}

function damageRepair(damage: MrcError, { readableSections, sections }: Interpretation): Repair {
  const message = `${damage.message} ${readableSections} of ${sections} sections could be decompressed [their values may be wrong].`
  return { code: 'damaged-compression', message, severity: 'repair' }
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

function fileOf(source: ByteSource, file: Interpretation, compressed: Compression): MrcFile {
  const reader = voxelReader(source, file)
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
    extendedHeader: { type: extendedHeaderType(file), bytes: file.extendedBytes },
    labels: file.labels,
    repairs: file.repairs,
    compressed,
    readableSections: file.readableSections,
    location: reader.location,
    readBox: reader.readBox,
    readSlice: reader.readSlice,
    statistics: reader.statistics,
    readExtendedHeader: () => source.read(headerByteLength, file.extendedBytes),
    async readSectionMetadata() {
      const bytes = await source.read(headerByteLength, file.extendedBytes)
      return decodeExtendedHeader(bytes, file).sections
    },
    async readSymmetryOperators() {
      const bytes = await source.read(headerByteLength, file.extendedBytes)
      return decodeExtendedHeader(bytes, file).symmetryOperators
    },
    readStored: (section, options = {}) => readStored(source, file, section, options.signal),
    close: () => source.close()
  }
}
