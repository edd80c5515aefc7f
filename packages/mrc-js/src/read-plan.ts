import type { Interpretation } from './interpret.ts'
import type { VoxelDtype } from './mode.ts'
import { rowByteLength, voxelLayout } from './mode.ts'
import type { VoxelDecoder } from './voxel-decoder.ts'

/** What of a file's interpretation reading voxels needs. */
export type VoxelFileLayout = Pick<
  Interpretation,
  'byteOrder' | 'columns' | 'rows' | 'sections' | 'readableSections' | 'axisOrder' | 'dataOffset'
> & { readonly dtype: VoxelDtype }

/** Along one axis of the file: first index, step, number of voxels taken, and the step between them in the output. */
export interface FileAxis {
  from: number
  step: number
  count: number
  outStep: number
}

/** Consecutive rows of the request, numbered as (section, row), that one read covers. */
export interface Chunk {
  firstRow: number
  endRow: number
  offset: number
  length: number
}

/** How rows are joined to reads. */
export interface ChunkLimits {
  /** Rows closer together than this in the file are fetched by one read. */
  gapBytes: number
  /** No read is longer than this, unless a row is. */
  chunkBytes: number
}

/** What is asked for, and where it goes. */
export interface Request {
  file: VoxelFileLayout
  columns: FileAxis
  rows: FileAxis
  sections: FileAxis
  out: Float32Array<ArrayBuffer>
  decoder: VoxelDecoder
  /** The file lacks some of its sections. */
  truncated: boolean
  /** The voxels lie in the file one after the other in the order of the result. */
  contiguous: boolean
}

export function isContiguous({ file, columns, rows, sections }: Request): boolean {
  const padded = (file.columns * voxelLayout(file.dtype).bits) % 8 !== 0
  return (
    !padded &&
    columns.count === file.columns &&
    columns.outStep === 1 &&
    (rows.count === 1 || (rows.step === 1 && rows.outStep === columns.count)) &&
    (sections.count === 1 || sections.outStep === columns.count * rows.count)
  )
}

/** What is read of the rows of a request, which are numbered as (section, row). */
export interface RowSpans {
  count: number
  /** Bytes from the first voxel asked for to the last. */
  span: number
  /** Byte of the file at which row `number` of the request begins. */
  offsetOf(number: number): number
}

export function rowSpans({ file, columns, rows, sections }: Request): RowSpans {
  const { bits } = voxelLayout(file.dtype)
  const rowBytes = rowByteLength(file.dtype, file.columns)
  const firstByte = Math.floor((columns.from * bits) / 8)
  const endColumn = columns.from + (columns.count - 1) * columns.step + 1
  return {
    count: rows.count * sections.count,
    span: Math.ceil((endColumn * bits) / 8) - firstByte,
    offsetOf(number) {
      const section = sections.from + Math.floor(number / rows.count) * sections.step
      const row = section * file.rows + rows.from + (number % rows.count) * rows.step
      return file.dataOffset + row * rowBytes + firstByte
    }
  }
}

/** Whether the rows of the request, put one after the other, are the result in the file's type, and lie more than `gapBytes` apart. */
export function arePackable(request: Request, { count, span, offsetOf }: RowSpans, gapBytes: number): boolean {
  const { file, columns, rows, sections, truncated } = request
  const inOrder =
    columns.step === 1 &&
    columns.outStep === 1 &&
    (rows.count === 1 || rows.outStep === columns.count) &&
    (sections.count === 1 || sections.outStep === columns.count * rows.count)
  const whole = !truncated && voxelLayout(file.dtype).bits >= 8
  return inOrder && whole && count > 1 && offsetOf(1) - offsetOf(0) - span > gapBytes
}

/**
 * Groups the rows of a request, from `firstRow` on, into reads: neighbours are joined while the gap and the chunk stay within `limits`.
 */
export function* planChunks(request: Request, limits: ChunkLimits, firstRow = 0): Generator<Chunk, undefined> {
  const { count, span, offsetOf } = rowSpans(request)
  const { file, rows, contiguous } = request
  const gapBytes = contiguous ? 0 : limits.gapBytes
  const rowStep = rows.step * rowByteLength(file.dtype, file.columns)
  // Rows of one section are evenly spaced: as many as a chunk holds are taken at once.
  const mostRows = rowStep - span <= gapBytes ? Math.max(1, Math.floor((limits.chunkBytes - span) / rowStep) + 1) : 1
  let chunk: Chunk | undefined
  for (let number = firstRow; number < count;) {
    const offset = offsetOf(number)
    const endRow = number + Math.min(mostRows, rows.count - (number % rows.count))
    const end = offset + (endRow - number - 1) * rowStep + span
    const joins = chunk && offset - (chunk.offset + chunk.length) <= gapBytes && end - chunk.offset <= limits.chunkBytes
    if (chunk && joins) {
      chunk.endRow = endRow
      chunk.length = end - chunk.offset
    } else {
      if (chunk) yield chunk
      chunk = { firstRow: number, endRow, offset, length: end - offset }
    }
    number = endRow
  }
  if (chunk) yield chunk
}

/** Decodes the rows of a chunk into their places in the result. `bytes` may end early in a truncated file. */
export function scatter(request: Request, chunk: Chunk, bytes: Uint8Array<ArrayBuffer>): void {
  const { file, columns, rows, sections, out, decoder } = request
  const { bits } = voxelLayout(file.dtype)
  const voxelsPerByte = 8 / bits
  const rowBytes = rowByteLength(file.dtype, file.columns)
  // A 4-bit chunk starts at a byte, one voxel before an odd first column.
  const lead = columns.from - Math.floor((columns.from * bits) / 8) * voxelsPerByte
  const stored = decoder.stored(bytes)
  const available = Math.floor(bytes.length * voxelsPerByte)
  if (request.contiguous) {
    const count = Math.min(available, (chunk.endRow - chunk.firstRow) * columns.count)
    decoder.gather(stored, 0, 1, count, out, chunk.firstRow * columns.count, 1)
    return
  }
  const rowOf = (number: number): number =>
    (sections.from + Math.floor(number / rows.count) * sections.step) * file.rows +
    rows.from +
    (number % rows.count) * rows.step
  const chunkRow = rowOf(chunk.firstRow)
  const outOf = (number: number): number =>
    Math.floor(number / rows.count) * sections.outStep + (number % rows.count) * rows.outStep
  const fromOf = (number: number): number => (rowOf(number) - chunkRow) * rowBytes * voxelsPerByte + lead
  if (columns.count === 1) {
    // One voxel a row: run down the rows of each section instead of along a row.
    const rowStep = rows.step * rowBytes * voxelsPerByte
    for (let number = chunk.firstRow; number < chunk.endRow;) {
      const end = Math.min(chunk.endRow, (Math.floor(number / rows.count) + 1) * rows.count)
      const from = fromOf(number)
      const count = Math.min(end - number, Math.ceil((available - from) / rowStep))
      if (count > 0) decoder.gather(stored, from, rowStep, count, out, outOf(number), rows.outStep)
      number = end
    }
    return
  }
  for (let number = chunk.firstRow; number < chunk.endRow; number++) {
    const from = fromOf(number)
    const count = Math.min(columns.count, Math.ceil((available - from) / columns.step))
    if (count > 0) decoder.gather(stored, from, columns.step, count, out, outOf(number), columns.outStep)
  }
}
