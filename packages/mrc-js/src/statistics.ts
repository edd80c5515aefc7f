import { machineByteOrder, swapInPlace } from './byte-order.ts'
import { readFully } from './byte-source.ts'
import type { ByteSource } from './byte-source.ts'
import { rowByteLength, voxelLayout } from './mode.ts'
import type { MrcComponent } from './mode.ts'
import type { VoxelFileLayout } from './read-plan.ts'
import { countFourBit, ValueCounts } from './value-counts.ts'
import { Moments } from './moments.ts'
import type { VoxelStatistics } from './moments.ts'
import { voxelDecoder } from './voxel-decoder.ts'

const chunkBytes = 1024 * 1024

export interface StatisticsOptions {
  signal?: AbortSignal
  /** Called with the fraction of the file that has been read, 0 to 1. */
  onProgress?(fraction: number): void
  component?: MrcComponent
}

/**
 * Minimum, maximum, mean and population standard deviation over the finite voxels, in one pass with float64 sums.
 * Types of at most 16 bits are counted by value, which is exact. Voxels a truncated file does not have are left out.
 */
export async function scanStatistics(
  source: ByteSource,
  file: VoxelFileLayout & { readonly dataBytes: number },
  options: StatisticsOptions
): Promise<VoxelStatistics> {
  const scan = scannerFor(file, options.component)
  const rowBytes = rowByteLength(file.dtype, file.columns)
  const unit = scan.wholeRows ? rowBytes : voxelLayout(file.dtype).bits / 8
  const available = Math.min(file.dataBytes, Math.max(0, source.size - file.dataOffset))
  const total = available - (available % unit)
  const step = Math.max(unit, chunkBytes - (chunkBytes % unit))
  const buffers = [new Uint8Array(Math.min(step, total)), new Uint8Array(Math.min(step, total))]
  const bufferAt = (offset: number): Uint8Array<ArrayBuffer> => buffers[(offset / step) % 2]
  const readAt = (offset: number): Promise<number> =>
    readFully(
      source,
      bufferAt(offset).subarray(0, Math.min(step, total - offset)),
      file.dataOffset + offset,
      options.signal
    )
  // The next chunk is on its way while this one is counted.
  let pending = total > 0 ? readAt(0) : Promise.resolve(0)
  for (let offset = 0; offset < total; offset += step) {
    const length = await pending
    if (offset + step < total) {
      pending = readAt(offset + step)
      // A failure is reported when its turn comes, not as an unhandled rejection before.
      pending.catch(() => {})
    }
    scan.add(bufferAt(offset).subarray(0, length - (length % unit)))
    options.onProgress?.(Math.min(1, (offset + step) / total))
  }
  options.signal?.throwIfAborted()
  return scan.finish()
}

interface Scanner {
  /** True where rows are padded and so must not be cut. */
  wholeRows: boolean
  add(bytes: Uint8Array<ArrayBuffer>): void
  finish(): VoxelStatistics
}

function scannerFor(file: VoxelFileLayout, component: MrcComponent | undefined): Scanner {
  const { dtype, byteOrder } = file
  const decoder = voxelDecoder(dtype, byteOrder, component)
  if (dtype === 'uint4') {
    const counts = new ValueCounts('uint4', byteOrder)
    return {
      wholeRows: true,
      add: (bytes) => countFourBit(counts, bytes, file.columns),
      finish: () => counts.statistics()
    }
  }
  if (dtype === 'int8' || dtype === 'uint8' || dtype === 'int16' || dtype === 'uint16' || dtype === 'float16') {
    const counts = new ValueCounts(dtype, byteOrder)
    return { wholeRows: false, add: (bytes) => counts.add(bytes), finish: () => counts.statistics() }
  }
  const moments = new Moments()
  if (dtype === 'float32') {
    return {
      wholeRows: false,
      add(bytes) {
        if (byteOrder !== machineByteOrder) swapInPlace(bytes, 4)
        moments.add(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4))
      },
      finish: () => moments.statistics()
    }
  }
  const { bits } = voxelLayout(dtype)
  let values = new Float32Array(0)
  return {
    wholeRows: false,
    add(bytes) {
      const count = (bytes.length * 8) / bits
      if (values.length < count) values = new Float32Array(count)
      decoder.gather(decoder.stored(bytes), 0, 1, count, values, 0, 1)
      moments.add(values.subarray(0, count))
    },
    finish: () => moments.statistics()
  }
}
