import type { Box, Stride } from 'mrc-js'
import type { Array as ZarrArray, DataType } from 'zarrita'
import { WedgeviewError } from '../../../shared/errors.ts'
import { stridedSize } from './volume-file.ts'

/** Chunks decoded at once. */
const concurrentChunks = 4
/** A larger chunk than this makes random access hopeless, or the metadata is damaged. */
const largestChunkVoxels = 1 << 28

interface DecodedChunk {
  data: ArrayLike<number> | ArrayLike<bigint>
  stride: number[]
  bytes: number
}

/** Recently decoded chunks up to a number of bytes; the one unused for longest goes first. */
export class ChunkCache {
  private readonly limit: number
  private readonly chunks = new Map<string, DecodedChunk>()
  private bytes = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get(key: string): DecodedChunk | undefined {
    const chunk = this.chunks.get(key)
    if (!chunk) return undefined
    this.chunks.delete(key)
    this.chunks.set(key, chunk)
    return chunk
  }

  set(key: string, chunk: DecodedChunk): void {
    if (chunk.bytes > this.limit || this.chunks.has(key)) return
    this.chunks.set(key, chunk)
    this.bytes += chunk.bytes
    for (const [oldest, { bytes }] of this.chunks) {
      if (this.bytes <= this.limit) break
      this.chunks.delete(oldest)
      this.bytes -= bytes
    }
  }

  clear(): void {
    this.chunks.clear()
    this.bytes = 0
  }
}

/** Reads a strided box of a Zarr array whose axes are named `axes`; of other axes than x, y, z the first entry. */
export async function readChunks(
  path: string,
  array: ZarrArray<DataType>,
  axes: readonly string[],
  box: Box,
  stride: Required<Stride>,
  cache: ChunkCache,
  signal: AbortSignal | undefined
): Promise<Float32Array<ArrayBuffer>> {
  if (array.chunks.reduce((product, length) => product * length, 1) > largestChunkVoxels) {
    throw new WedgeviewError(
      'input',
      'zarr-unsupported',
      `${path}: the chunks of ${array.path} are ${array.chunks.join(' x ')} voxels large.`,
      'Write the volume again with chunks of about 128 voxels a side.'
    )
  }
  const size = stridedSize(box, stride)
  const out = new Float32Array(size.x * size.y * size.z)
  const queue = chunksOf(array.chunks, axes, box)
  const work = async (): Promise<void> => {
    for (const coordinates of queue) {
      signal?.throwIfAborted()
      const chunk = await decodedChunk(path, array, coordinates, cache, signal)
      copyChunk(chunk, coordinates, array.chunks, axes, box, stride, size, out)
    }
  }
  await Promise.all(Array.from({ length: concurrentChunks }, work))
  return out
}

/** Coordinates of the chunks that a box touches. */
function* chunksOf(chunkShape: readonly number[], axes: readonly string[], box: Box): Generator<number[]> {
  const ranges = axes.map((name, axis): [number, number] => {
    if (name !== 'x' && name !== 'y' && name !== 'z') return [0, 1]
    const [from, to] = box[name]
    return [Math.floor(from / chunkShape[axis]), Math.ceil(to / chunkShape[axis])]
  })
  const coordinates = ranges.map(([from]) => from)
  for (;;) {
    yield [...coordinates]
    let axis = axes.length - 1
    while (axis >= 0 && ++coordinates[axis] === ranges[axis][1]) {
      coordinates[axis] = ranges[axis][0]
      axis--
    }
    if (axis < 0) return
  }
}

async function decodedChunk(
  path: string,
  array: ZarrArray<DataType>,
  coordinates: number[],
  cache: ChunkCache,
  signal: AbortSignal | undefined
): Promise<DecodedChunk> {
  const key = `${array.path}/${coordinates.join('/')}`
  const known = cache.get(key)
  if (known) return known
  try {
    const { data, stride } = await array.getChunk(coordinates, { signal })
    const bytes = 'byteLength' in data ? data.byteLength : 0
    const chunk = { data: data as DecodedChunk['data'], stride, bytes }
    cache.set(key, chunk)
    return chunk
  } catch (error) {
    signal?.throwIfAborted()
    throw new WedgeviewError(
      'input',
      'zarr-damaged',
      `${path}: the chunk ${coordinates.join(', ')} of ${array.path} can't be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Copy the folder again; a chunk file is damaged or compressed in a way that is not supported.',
      { cause: error }
    )
  }
}

function copyChunk(
  chunk: DecodedChunk,
  coordinates: readonly number[],
  chunkShape: readonly number[],
  axes: readonly string[],
  box: Box,
  stride: Required<Stride>,
  size: { x: number; y: number; z: number },
  out: Float32Array
): void {
  const along = (name: 'x' | 'y' | 'z'): { first: number; count: number; from: number; step: number } => {
    const axis = axes.indexOf(name)
    if (axis < 0) return { first: 0, count: 1, from: 0, step: 0 }
    const begin = coordinates[axis] * chunkShape[axis]
    const end = Math.min(box[name][1], begin + chunkShape[axis])
    // The first voxel of the stride that lies in this chunk.
    const first = Math.max(0, Math.ceil((begin - box[name][0]) / stride[name]))
    const voxel = box[name][0] + first * stride[name]
    return {
      first,
      count: Math.max(0, Math.ceil((end - voxel) / stride[name])),
      from: (voxel - begin) * chunk.stride[axis],
      step: stride[name] * chunk.stride[axis]
    }
  }
  const [x, y, z] = [along('x'), along('y'), along('z')]
  const { data } = chunk
  for (let k = 0; k < z.count; k++) {
    for (let j = 0; j < y.count; j++) {
      let from = z.from + k * z.step + y.from + j * y.step + x.from
      let to = ((z.first + k) * size.y + y.first + j) * size.x + x.first
      for (let i = 0; i < x.count; i++, from += x.step) out[to++] = Number(data[from])
    }
  }
}
