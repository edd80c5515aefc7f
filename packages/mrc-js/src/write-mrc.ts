import type { ByteOrder } from './byte-order.ts'
import { encodeVoxels, toFileOrder } from './encode-voxels.ts'
import type { WritableDtype } from './encode-voxels.ts'
import { MrcError } from './error.ts'
import { encodeHeader, headerByteLength } from './header.ts'
import type { AxisOrder } from './interpret.ts'
import type { Xyz } from './interpret-cell.ts'
import { rowByteLength } from './mode.ts'
import { Moments } from './moments.ts'
import type { VoxelStatistics } from './moments.ts'
import { headerToWrite } from './header-to-write.ts'
import { nodeFileSystem, OutputFile } from './output-file.ts'
import type { OutputFileSystem } from './output-file.ts'
import { transposeInto } from './transpose-sections.ts'
import { countFourBit, ValueCounts } from './value-counts.ts'

export type WritableMode = 0 | 1 | 2 | 6 | 12 | 101

export interface CreateOptions {
  /** Voxels along x, y and z. */
  size: Xyz
  mode: WritableMode
  /** null: unknown, written as a cell of 0. */
  voxelSizeAngstrom: Xyz | null
  /** Angstrom. Default 0. */
  origin?: Xyz
  /** Start indices along x, y, z in voxels. Default 0. */
  start?: Xyz
  /** mapc, mapr, maps of the file. Default 1, 2, 3. */
  axisOrder?: AxisOrder
  /** Up to ten of 80 characters; of more, the last ten are kept. */
  labels?: readonly string[]
  /** Default 1, a volume; 0 a stack of images; 401 a stack of volumes. */
  spaceGroup?: number
  /** Sections of one volume in a stack of volumes. Default size.z. */
  sectionsPerVolume?: number
  /** Written as given: numbers inside it must be in the file's byte order. */
  extendedHeader?: { type: string; bytes: Uint8Array }
  /** Default little. */
  byteOrder?: ByteOrder
  /** Where to write. Default the disk. */
  fileSystem?: OutputFileSystem
}

/** True statistics of the voxels as stored, after rounding. */
export interface MrcStatistics extends VoxelStatistics {
  /** Values outside the type's range that were set to its nearest end. */
  clipped: number
}

export interface MrcWriter {
  /** The next z section: size.y rows of size.x voxels, whatever the file's axis order. */
  writeSection(section: Float32Array): Promise<void>
  /** Writes the header with the statistics, syncs and gives the file its name. */
  finish(): Promise<MrcStatistics>
  /** Removes what was written. May be called at any time. */
  abort(): Promise<void>
}

const writableDtypes: Record<WritableMode, WritableDtype> = {
  0: 'int8',
  1: 'int16',
  2: 'float32',
  6: 'uint16',
  12: 'float16',
  101: 'uint4'
}

/**
 * Starts a new MRC file. It is written beside as `<path>.partial-<pid>-<n>` and appears under its name, complete, when `finish` resolves;
 * a failed or aborted write leaves nothing.
 * Throws MrcError: bad-option, is-directory, disk-full, write-failed; later also section-size, section-count, not-representable.
 */
export async function createMrc(path: string, options: CreateOptions): Promise<MrcWriter> {
  const { size, mode } = options
  const dtype = writableDtypes[mode] as WritableDtype | undefined
  if (dtype === undefined) {
    throw new MrcError('bad-option', `Mode ${mode} can't be written.`, 'Use 0, 1, 2, 6, 12 or 101.')
  }
  const axisOrder = options.axisOrder ?? [1, 2, 3]
  const header = headerToWrite(options, axisOrder)
  const byteOrder = options.byteOrder ?? 'little'
  const extended = options.extendedHeader?.bytes ?? new Uint8Array(0)
  const dataOffset = headerByteLength + extended.length
  const fileSystem = options.fileSystem ?? nodeFileSystem
  const inOrder = axisOrder.join() === '1,2,3'
  const output = await OutputFile.create(path, fileSystem)
  const sectionBytes = rowByteLength(dtype, size.x) * size.y
  const encoded = new Uint8Array(Math.ceil(sectionBytes / 4) * 4)
  const statistics = collector(dtype, size.x)
  let sections = 0
  let clipped = 0

  /** Any failure while writing removes the file. */
  const guarded = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action()
    } catch (error) {
      await output.discard()
      throw error
    }
  }

  return {
    writeSection: (section) =>
      guarded(async () => {
        output.requireOpen()
        if (section.length !== size.x * size.y) {
          throw new MrcError(
            'section-size',
            `A section of ${path} has ${size.x} x ${size.y} voxels, but ${section.length} were given.`,
            'Give size.y rows of size.x voxels.'
          )
        }
        if (sections === size.z) throw sectionCountError(path, sections + 1, size.z)
        const bytes = encoded.subarray(0, sectionBytes)
        clipped += encodeVoxels(section, dtype, size.x, encoded)
        statistics.add(section, bytes)
        // Until the axes are turned the numbers stay in the machine's order.
        if (inOrder) toFileOrder(bytes, dtype, byteOrder)
        const position = (inOrder ? dataOffset : 0) + sections * sectionBytes
        sections += 1
        await output.write(bytes, position)
      }),
    finish: () =>
      guarded(async () => {
        output.requireOpen()
        if (sections !== size.z) throw sectionCountError(path, sections, size.z)
        const result = { ...statistics.finish(), clipped }
        const known = result.finite > 0
        // MRC2014: dmax < dmin, dmean < both and rms < 0 say that the statistics are not determined.
        header.dmin = known ? result.min : 0
        header.dmax = known ? result.max : -1
        header.dmean = known ? result.mean : -2
        header.rms = known ? result.std : -1
        const headerBytes = encodeHeader(header, byteOrder)
        if (inOrder) {
          await output.write(headerBytes, 0)
          await output.write(extended, headerByteLength)
          await output.publish()
          return result
        }
        const turned = await OutputFile.create(path, fileSystem)
        try {
          await turned.write(headerBytes, 0)
          await turned.write(extended, headerByteLength)
          await transposeInto(output, turned, { size, dtype, axisOrder, byteOrder, dataOffset })
          await turned.publish()
        } catch (error) {
          await turned.discard()
          throw error
        }
        await output.discard()
        return result
      }),
    abort: () => output.discard()
  }
}

function collector(
  dtype: WritableDtype,
  columns: number
): { add(section: Float32Array, bytes: Uint8Array<ArrayBuffer>): void; finish(): VoxelStatistics } {
  if (dtype === 'float32') {
    const moments = new Moments()
    return { add: (section) => moments.add(section), finish: () => moments.statistics() }
  }
  const counts = new ValueCounts(dtype)
  return {
    add: (_, bytes) => (dtype === 'uint4' ? countFourBit(counts, bytes, columns) : counts.add(bytes)),
    finish: () => counts.statistics()
  }
}

function sectionCountError(path: string, given: number, expected: number): MrcError {
  return new MrcError(
    'section-count',
    `${path} was created for ${expected} sections, but ${given} were given.`,
    'Give every section exactly once, or create the file with the right size.'
  )
}
