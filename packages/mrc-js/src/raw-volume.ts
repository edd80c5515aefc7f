import { boxOfSlice, checkBox } from './box.ts'
import type { Box, Plane, Stride } from './box.ts'
import type { ByteOrder } from './byte-order.ts'
import { descriptorSource } from './byte-source.ts'
import type { ByteSource } from './byte-source.ts'
import { MrcError } from './error.ts'
import { toSpatial } from './interpret.ts'
import type { AxisOrder } from './interpret.ts'
import type { Xyz } from './interpret-cell.ts'
import { rowByteLength } from './mode.ts'
import type { VoxelDtype } from './mode.ts'
import type { SliceOptions } from './mrc-file.ts'
import type { VoxelStatistics } from './moments.ts'
import { readBox } from './read-box.ts'
import type { ReadBoxOptions } from './read-box.ts'
import type { VoxelFileLayout } from './read-plan.ts'
import { scanStatistics } from './statistics.ts'
import type { StatisticsOptions } from './statistics.ts'

const noStride: Required<Stride> = { x: 1, y: 1, z: 1 }

/**
 * Where voxels lie, as plain data: by it another thread of this process reads them (see voxelsAt) as long as the file is open. A file must
 * not be closed while another thread reads it.
 */
export interface VoxelLocation {
  readonly descriptor: number
  readonly name: string
  readonly fileBytes: number
  readonly layout: VoxelFileLayout & { readonly dataBytes: number }
}

/** Random access to the voxels of a file whose layout is known. */
export interface VoxelReader {
  readonly size: Xyz
  /** null where the voxels don't lie in a file as they are: in memory, or in chunks. */
  readonly location: VoxelLocation | null
  /** As MrcFile.readSlice. */
  readSlice(plane: Plane, index: number, options?: SliceOptions): Promise<Float32Array<ArrayBuffer>>
  /** As MrcFile.readBox. */
  readBox(box: Box, options?: ReadBoxOptions): Promise<Float32Array<ArrayBuffer>>
  /** As MrcFile.statistics. */
  statistics(options?: StatisticsOptions): Promise<VoxelStatistics>
}

/** Reads voxels that lie in `source` as `layout` says. */
export function voxelReader(source: ByteSource, layout: VoxelFileLayout & { readonly dataBytes: number }): VoxelReader {
  const size = toSpatial(layout.axisOrder, layout.columns, layout.rows, layout.sections)
  const read: VoxelReader['readBox'] = async (box, options = {}) => {
    options.signal?.throwIfAborted()
    const stride = { ...noStride, ...options.stride }
    checkBox(box, stride, size, source.name)
    return readBox(source, layout, box, stride, options)
  }
  return {
    size,
    location: locationOf(source, layout),
    readBox: read,
    async readSlice(plane, index, options) {
      return read(boxOfSlice(plane, index, size, source.name), options)
    },
    async statistics(options = {}) {
      options.signal?.throwIfAborted()
      return scanStatistics(source, layout, options)
    }
  }
}

function locationOf(source: ByteSource, layout: VoxelLocation['layout']): VoxelLocation | null {
  const { descriptor, name, size: fileBytes } = source
  if (descriptor === undefined) return null
  const { columns, rows, sections, readableSections, axisOrder, dataOffset, dtype, byteOrder, dataBytes } = layout
  const plain = { columns, rows, sections, readableSections, axisOrder, dataOffset, dtype, byteOrder, dataBytes }
  return { descriptor, name, fileBytes, layout: plain }
}

/** Reads voxels of a file that another thread holds open, in this thread as long as that is quick (see OpenOptions.blocking). */
export function voxelsAt({ descriptor, name, fileBytes, layout }: VoxelLocation): VoxelReader {
  return voxelReader(descriptorSource(descriptor, name, fileBytes, { blocking: true, close: async () => {} }), layout)
}

export interface RawLayout {
  /** Numbers of columns (fastest), rows and sections in the file. */
  columns: number
  rows: number
  sections: number
  dtype: VoxelDtype
  byteOrder: ByteOrder
  /** Byte at which the voxels begin. */
  dataOffset: number
  /** Default 1, 2, 3: columns along x, rows along y, sections along z. */
  axisOrder?: AxisOrder
}

/**
 * Reads uncompressed voxels of any other format whose header the caller has read (EM, or raw data): the same random access as an MrcFile.
 * Throws MrcError: bad-option for an impossible layout, truncated when the source is too short for it.
 */
export function openRawVolume(source: ByteSource, raw: RawLayout): VoxelReader {
  const { columns, rows, sections, dtype } = raw
  const counts = [columns, rows, sections]
  const dataBytes = rowByteLength(dtype, columns) * rows * sections
  const whole = [...counts, raw.dataOffset].every((value) => Number.isSafeInteger(value) && value >= 0)
  if (!whole || counts.includes(0) || !Number.isSafeInteger(dataBytes)) {
    throw new MrcError(
      'bad-option',
      `${source.name} can't hold ${columns} x ${rows} x ${sections} voxels at byte ${raw.dataOffset}.`,
      'Give whole numbers of columns, rows and sections, each at least 1.'
    )
  }
  if (raw.dataOffset + dataBytes > source.size) {
    throw new MrcError(
      'truncated',
      `${source.name} is cut off: it needs ${raw.dataOffset + dataBytes} bytes and has ${source.size}.`,
      'Copy or download the file again.',
      { details: { neededBytes: raw.dataOffset + dataBytes, fileBytes: source.size } }
    )
  }
  return voxelReader(source, { ...raw, axisOrder: raw.axisOrder ?? [1, 2, 3], readableSections: sections, dataBytes })
}
