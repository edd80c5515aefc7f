import type { ByteSource } from './byte-source.ts'
import { readFully } from './byte-source.ts'
import { machineByteOrder, swapInPlace } from './byte-order.ts'
import { strideCount } from './box.ts'
import type { Box, Stride } from './box.ts'
import { MrcError } from './error.ts'
import type { Interpretation } from './interpret.ts'
import type { MrcComponent, VoxelDtype } from './mode.ts'
import { rowByteLength, voxelLayout } from './mode.ts'
import { giveScratch, takeScratch, unfilledBytes } from './scratch.ts'
import { voxelDecoder } from './voxel-decoder.ts'
import type { VoxelDecoder } from './voxel-decoder.ts'

/**
 * Rows closer together than this in the file are fetched by one read: copying that many unwanted bytes from the page cache costs about as
 * much as one more system call through the thread pool.
 */
const coalesceGapBytes = 64 * 1024
/** One read of a usual slice; larger requests overlap reading and decoding. */
const chunkBytes = 1024 * 1024
/** Reads in flight: few large ones, many small ones, whose cost is the way to the thread pool and back. */
const bytesInFlight = 4 * 1024 * 1024
const fewestReads = 4
const mostReads = 32

/** What of a file's interpretation reading voxels needs. */
export type VoxelFileLayout = Pick<
  Interpretation,
  'byteOrder' | 'columns' | 'rows' | 'sections' | 'readableSections' | 'axisOrder' | 'dataOffset'
> & { readonly dtype: VoxelDtype }

/** Along one axis of the file: first index, step, number of voxels taken, and the step between them in the output. */
interface FileAxis {
  from: number
  step: number
  count: number
  outStep: number
}

/** Consecutive rows of the request, numbered as (section, row), that one read covers. */
interface Chunk {
  firstRow: number
  endRow: number
  offset: number
  length: number
}

export interface ReadBoxOptions {
  signal?: AbortSignal
  stride?: Stride
  component?: MrcComponent
}

/**
 * Reads a checked box as float32 in (z, y, x) C order, from any file axis order. Memory beyond the result is a few chunks.
 * Voxels that a truncated file does not have are NaN.
 */
export async function readBox(
  source: ByteSource,
  file: VoxelFileLayout,
  box: Box,
  stride: Required<Stride>,
  options: ReadBoxOptions
): Promise<Float32Array<ArrayBuffer>> {
  const names = ['x', 'y', 'z'] as const
  const outSize = names.map((axis) => strideCount(box[axis], stride[axis]))
  const outSteps = [1, outSize[0], outSize[0] * outSize[1]]
  const voxels = outSize[0] * outSize[1] * outSize[2]
  refuseLargeResult(file, voxels, source.name)
  const [columns, rows, sections] = file.axisOrder.map((axis): FileAxis => {
    const name = names[axis - 1]
    return { from: box[name][0], step: stride[name], count: outSize[axis - 1], outStep: outSteps[axis - 1] }
  })
  const out = new Float32Array(unfilledBytes(voxels * 4).buffer)
  const truncated = file.readableSections < file.sections
  if (truncated) out.fill(Number.NaN)
  const decoder = voxelDecoder(file.dtype, file.byteOrder, options.component)
  const request: Request = { file, columns, rows, sections, out, decoder, contiguous: false }
  request.contiguous = isContiguous(request)
  const direct = request.contiguous && file.dtype === 'float32' && !truncated
  const chunks = planChunks(request)
  const readChunk = async (chunk: Chunk): Promise<void> => {
    options.signal?.throwIfAborted()
    const length = truncated ? Math.min(chunk.length, Math.max(0, source.size - chunk.offset)) : chunk.length
    if (direct) {
      const target = new Uint8Array(out.buffer, chunk.firstRow * columns.count * 4, length)
      if ((await readFully(source, target, chunk.offset, options.signal)) < length) throw changedError(source.name)
      if (file.byteOrder !== machineByteOrder) swapInPlace(target, 4)
      return
    }
    const scratch = takeScratch(length)
    const target = scratch.subarray(0, length)
    const read = await readFully(source, target, chunk.offset, options.signal)
    if (read < length && !truncated) throw changedError(source.name)
    scatter(request, chunk, target.subarray(0, read))
    // Not after a failure: a source that gave up early may still be writing into it.
    giveScratch(scratch)
  }
  const readChunks = async (): Promise<void> => {
    // Ending the shared plan stops the other readers too when one of them fails.
    for (const chunk of chunks) await readChunk(chunk)
  }
  // The first chunk says how large they are; a request of one chunk needs no more than it.
  const first = chunks.next()
  if (first.done) return out
  const readers = Math.min(mostReads, Math.max(fewestReads, Math.floor(bytesInFlight / first.value.length)))
  await Promise.all([readChunk(first.value).then(readChunks), ...Array.from({ length: readers - 1 }, readChunks)])
  return out
}

interface Request {
  file: VoxelFileLayout
  columns: FileAxis
  rows: FileAxis
  sections: FileAxis
  out: Float32Array<ArrayBuffer>
  decoder: VoxelDecoder
  /** The voxels lie in the file one after the other in the order of the result. */
  contiguous: boolean
}

function isContiguous({ file, columns, rows, sections }: Request): boolean {
  const padded = (file.columns * voxelLayout(file.dtype).bits) % 8 !== 0
  return (
    !padded &&
    columns.count === file.columns &&
    columns.outStep === 1 &&
    (rows.count === 1 || (rows.step === 1 && rows.outStep === columns.count)) &&
    (sections.count === 1 || sections.outStep === columns.count * rows.count)
  )
}

/** Groups the rows of a request into reads: neighbours are joined while the gap and the chunk stay small. */
function* planChunks(request: Request): Generator<Chunk, undefined> {
  const { file, columns, rows, sections } = request
  const { bits } = voxelLayout(file.dtype)
  const rowBytes = rowByteLength(file.dtype, file.columns)
  const firstByte = Math.floor((columns.from * bits) / 8)
  const endColumn = columns.from + (columns.count - 1) * columns.step + 1
  const span = Math.ceil((endColumn * bits) / 8) - firstByte
  let chunk: Chunk | undefined
  for (let s = 0; s < sections.count; s++) {
    for (let r = 0; r < rows.count; r++) {
      const row = (sections.from + s * sections.step) * file.rows + rows.from + r * rows.step
      const offset = file.dataOffset + row * rowBytes + firstByte
      const number = s * rows.count + r
      if (chunk) {
        const gap = offset - (chunk.offset + chunk.length)
        const joins = gap <= (request.contiguous ? 0 : coalesceGapBytes) && offset + span - chunk.offset <= chunkBytes
        if (joins) {
          chunk.endRow = number + 1
          chunk.length = offset + span - chunk.offset
          continue
        }
        yield chunk
      }
      chunk = { firstRow: number, endRow: number + 1, offset, length: span }
    }
  }
  if (chunk) yield chunk
}

/** Decodes the rows of a chunk into their places in the result. `bytes` may end early in a truncated file. */
function scatter(request: Request, chunk: Chunk, bytes: Uint8Array<ArrayBuffer>): void {
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

/** Result voxels that a typed array of this engine can hold with room to spare. */
const largestResultVoxels = 2 ** 31

function refuseLargeResult(file: VoxelFileLayout, voxels: number, name: string): void {
  const readable = file.readableSections * file.rows * file.columns
  if (file.readableSections < file.sections && voxels > Math.max(readable, 65536)) {
    throw new MrcError(
      'truncated',
      `${name} holds only ${readable} of the voxels its header claims; ${voxels} were asked for.`,
      'Read a box inside the part that is there.'
    )
  }
  if (voxels > largestResultVoxels) {
    throw new MrcError(
      'too-large',
      `${voxels} voxels of ${name} were asked for at once; the limit is ${largestResultVoxels}.`,
      'Read smaller boxes, or use a stride.'
    )
  }
}

function changedError(name: string): MrcError {
  return new MrcError(
    'truncated',
    `${name} became shorter while it was being read.`,
    'Wait until the program that writes it has finished, then open it again.'
  )
}
