import type { ByteSource } from './byte-source.ts'
import { readFully } from './byte-source.ts'
import { machineByteOrder, swapInPlace } from './byte-order.ts'
import { strideCount } from './box.ts'
import type { Box, Stride } from './box.ts'
import { MrcError } from './error.ts'
import type { MrcComponent } from './mode.ts'
import { arePackable, isContiguous, planChunks, rowSpans, scatter } from './read-plan.ts'
import type { Chunk, ChunkLimits, FileAxis, Request, RowSpans, VoxelFileLayout } from './read-plan.ts'
import { ReadPace } from './read-pace.ts'
import { giveScratch, takeScratch, unfilledBytes } from './scratch.ts'
import { voxelDecoder } from './voxel-decoder.ts'

/**
 * Through the thread pool: copying so many unwanted bytes from the page cache costs about as much as one more read. One read of a usual
 * slice; larger requests overlap reading and decoding.
 */
const pooled: Readonly<ChunkLimits> = { gapBytes: 64 * 1024, chunkBytes: 1024 * 1024 }
/** In this thread a read costs less than a microsecond; a chunk that stays in the processor's cache is decoded from there. */
const here: Readonly<ChunkLimits> = { gapBytes: 16 * 1024, chunkBytes: 512 * 1024 }
/** Reads in flight: few large ones, many small ones, whose cost is the way to the thread pool and back. */
const bytesInFlight = 4 * 1024 * 1024
const fewestReads = 4
const mostReads = 32
/** Rows that are read one by one before somebody looks at the clock. */
const rowsInAStep = 16

export interface ReadBoxOptions {
  signal?: AbortSignal
  stride?: Stride
  component?: MrcComponent
  /** Where the voxels go, of exactly the result's length; it is what is returned. Saves making a new array for every slice. */
  into?: Float32Array<ArrayBuffer>
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
  const request = requestOf(source, file, box, stride, options)
  const chunks = planChunks(request, pooled, await readHere(source, request, options.signal))
  const readChunks = async (): Promise<void> => {
    // Ending the shared plan stops the other readers too when one of them fails.
    for (const chunk of chunks) await readChunk(source, request, chunk, options.signal)
  }
  // The first chunk says how large they are; a request of one chunk needs no more than it.
  const first = chunks.next()
  if (first.done) return request.out
  const readers = Math.min(mostReads, Math.max(fewestReads, Math.floor(bytesInFlight / first.value.length)))
  await Promise.all([
    readChunk(source, request, first.value, options.signal).then(readChunks),
    ...Array.from({ length: readers - 1 }, readChunks)
  ])
  return request.out
}

function requestOf(
  source: ByteSource,
  file: VoxelFileLayout,
  box: Box,
  stride: Required<Stride>,
  options: ReadBoxOptions
): Request {
  const names = ['x', 'y', 'z'] as const
  const outSize = names.map((axis) => strideCount(box[axis], stride[axis]))
  const outSteps = [1, outSize[0], outSize[0] * outSize[1]]
  const voxels = outSize[0] * outSize[1] * outSize[2]
  refuseLargeResult(file, voxels, source.name)
  const [columns, rows, sections] = file.axisOrder.map((axis): FileAxis => {
    const name = names[axis - 1]
    return { from: box[name][0], step: stride[name], count: outSize[axis - 1], outStep: outSteps[axis - 1] }
  })
  const out = options.into ?? new Float32Array(unfilledBytes(voxels * 4).buffer)
  if (out.length !== voxels) {
    throw new MrcError(
      'bad-option',
      `The array given as 'into' has ${out.length} places for ${voxels} voxels.`,
      'Give a Float32Array of exactly as many, or none.'
    )
  }
  const truncated = file.readableSections < file.sections
  if (truncated) out.fill(Number.NaN)
  const decoder = voxelDecoder(file.dtype, file.byteOrder, options.component)
  const request = { file, columns, rows, sections, out, decoder, truncated, contiguous: false }
  request.contiguous = isContiguous(request)
  return request
}

/** Whether the file's bytes, in the machine's order, are the result's. */
function isDirect({ file, contiguous, truncated }: Request): boolean {
  return contiguous && file.dtype === 'float32' && !truncated
}

/** The memory that a chunk is read into: the result itself where its bytes are the file's, or else scratch. */
function targetOf(
  source: ByteSource,
  request: Request,
  chunk: Chunk
): { bytes: Uint8Array<ArrayBuffer>; done(): void } {
  if (isDirect(request)) {
    const { out, columns } = request
    const start = out.byteOffset + chunk.firstRow * columns.count * 4
    return { bytes: new Uint8Array(out.buffer, start, chunk.length), done: () => undefined }
  }
  const length = request.truncated ? Math.min(chunk.length, Math.max(0, source.size - chunk.offset)) : chunk.length
  const scratch = takeScratch(length)
  // Not after a failure: a source that gave up early may still be writing into it.
  return { bytes: scratch.subarray(0, length), done: () => giveScratch(scratch) }
}

/** Puts what was read of a chunk into its places. */
function place(
  source: ByteSource,
  request: Request,
  chunk: Chunk,
  { bytes, done }: ReturnType<typeof targetOf>,
  read: number
): void {
  if (read < bytes.length && !request.truncated) throw changedError(source.name)
  if (!isDirect(request)) scatter(request, chunk, bytes.subarray(0, read))
  else if (request.file.byteOrder !== machineByteOrder) swapInPlace(bytes, 4)
  done()
}

async function readChunk(source: ByteSource, request: Request, chunk: Chunk, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const target = targetOf(source, request, chunk)
  place(source, request, chunk, target, await readFully(source, target.bytes, chunk.offset, signal))
}

/**
 * Reads in this thread, where the source can. Returns the number of rows that have been read: fewer than all when reading turned out to wait
 * for a disk, which is quicker when it is asked for several pieces at once.
 */
async function readHere(source: ByteSource, request: Request, signal?: AbortSignal): Promise<number> {
  if (!source.readSync) return 0
  const readSync = source.readSync.bind(source)
  const spans = rowSpans(request)
  const packed = arePackable(request, spans, here.gapBytes)
  const steps = packed ? packedSteps(readSync, request, spans, source.name) : chunkSteps(readSync, source, request)
  const pace = new ReadPace()
  for (const { endRow, bytes, milliseconds } of steps) {
    const next = pace.after(bytes, milliseconds)
    if (next !== 'go-on') await pace.giveWay(signal)
    if (next === 'waits') return endRow
  }
  return spans.count
}

/** A step of reading in this thread: the rows before `endRow` are done, the last of them took so long to read. */
interface Step {
  endRow: number
  bytes: number
  milliseconds: number
}

type ReadSync = NonNullable<ByteSource['readSync']>

function* chunkSteps(readSync: ReadSync, source: ByteSource, request: Request): Generator<Step, undefined> {
  for (const chunk of planChunks(request, here)) {
    const target = targetOf(source, request, chunk)
    const { length } = target.bytes
    const start = performance.now()
    const read = readSync(target.bytes, 0, length, chunk.offset)
    const milliseconds = performance.now() - start
    place(source, request, chunk, target, read)
    yield { endRow: chunk.endRow, bytes: length, milliseconds }
  }
}

/** Rows far apart in the file, read one by one to lie side by side, and converted together. */
function* packedSteps(
  readSync: ReadSync,
  request: Request,
  { count, span, offsetOf }: RowSpans,
  name: string
): Generator<Step, undefined> {
  const { out, columns, decoder, file } = request
  const direct = file.dtype === 'float32'
  const bytes = direct ? new Uint8Array(out.buffer, out.byteOffset, out.byteLength) : takeScratch(rowsInAStep * span)
  for (let firstRow = 0; firstRow < count; firstRow += rowsInAStep) {
    const endRow = Math.min(count, firstRow + rowsInAStep)
    const from = direct ? firstRow * span : 0
    const length = (endRow - firstRow) * span
    const start = performance.now()
    for (let row = firstRow, at = from; row < endRow; row++, at += span) {
      if (readSync(bytes, at, span, offsetOf(row)) < span) throw changedError(name)
    }
    const milliseconds = performance.now() - start
    const part = bytes.subarray(from, from + length)
    if (!direct) {
      decoder.gather(decoder.stored(part), 0, 1, (endRow - firstRow) * columns.count, out, firstRow * columns.count, 1)
    } else if (file.byteOrder !== machineByteOrder) swapInPlace(part, 4)
    yield { endRow, bytes: length, milliseconds }
  }
  if (!direct) giveScratch(bytes)
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
