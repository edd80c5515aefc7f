import { machineByteOrder } from './byte-order.ts'
import type { ByteOrder } from './byte-order.ts'
import { halfToFloatTable } from './half-float.ts'
import type { VoxelStatistics } from './moments.ts'

type CountedDtype = 'int8' | 'uint8' | 'int16' | 'uint16' | 'float16' | 'uint4'

/** Voxels after which 32-bit counters are emptied into float64 ones. */
const flushAfter = 2 ** 31

/**
 * How often each bit pattern of a type of at most 16 bits occurs. Statistics follow exactly from the counts, whatever the size of the
 * volume, and the byte order is applied to 65536 patterns instead of every voxel.
 */
export class ValueCounts {
  private readonly values: Float32Array
  private readonly recent: Uint32Array
  private readonly total: Float64Array
  private readonly wide: boolean
  private pending = 0

  constructor(dtype: CountedDtype, byteOrder: ByteOrder = machineByteOrder) {
    this.wide = dtype === 'int16' || dtype === 'uint16' || dtype === 'float16'
    const patterns = this.wide ? 65536 : dtype === 'uint4' ? 16 : 256
    this.values = patternValues(dtype, patterns, this.wide && byteOrder !== machineByteOrder)
    this.recent = new Uint32Array(patterns)
    this.total = new Float64Array(patterns)
  }

  /** Counts whole numbers. `bytes` must be aligned to them. */
  add(bytes: Uint8Array<ArrayBuffer>): void {
    const { recent } = this
    const patterns = this.wide ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1) : bytes
    this.reserve(patterns.length)
    for (let i = 0; i < patterns.length; i++) recent[patterns[i]]++
  }

  /** Counts one pattern. */
  addPattern(pattern: number, times: number): void {
    this.reserve(times)
    this.recent[pattern] += times
  }

  statistics(): VoxelStatistics {
    this.flush()
    const { values, total } = this
    let finite = 0
    let sum = 0
    let min = Infinity
    let max = -Infinity
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (total[i] === 0 || !Number.isFinite(value)) continue
      finite += total[i]
      sum += total[i] * value
      if (value < min) min = value
      if (value > max) max = value
    }
    if (finite === 0) return { min: Number.NaN, max: Number.NaN, mean: Number.NaN, std: Number.NaN, finite }
    const mean = sum / finite
    let squares = 0
    for (let i = 0; i < values.length; i++) {
      if (total[i] > 0 && Number.isFinite(values[i])) squares += total[i] * (values[i] - mean) ** 2
    }
    return { min, max, mean, std: Math.sqrt(squares / finite), finite }
  }

  private reserve(times: number): void {
    if (this.pending + times > flushAfter) this.flush()
    this.pending += times
  }

  private flush(): void {
    for (let i = 0; i < this.recent.length; i++) this.total[i] += this.recent[i]
    this.recent.fill(0)
    this.pending = 0
  }
}

/** Counts rows of 4-bit voxels; the padding half byte of a row with an odd length is left out. */
export function countFourBit(counts: ValueCounts, bytes: Uint8Array, columns: number): void {
  const rowBytes = Math.ceil(columns / 2)
  const pairs = new Float64Array(256)
  const odd = columns % 2 === 1
  for (let row = 0; row < bytes.length; row += rowBytes) {
    const end = row + rowBytes - (odd ? 1 : 0)
    for (let i = row; i < end; i++) pairs[bytes[i]]++
    if (odd) counts.addPattern(bytes[end] & 15, 1)
  }
  for (let byte = 0; byte < 256; byte++) {
    if (pairs[byte] === 0) continue
    counts.addPattern(byte & 15, pairs[byte])
    counts.addPattern(byte >> 4, pairs[byte])
  }
}

function patternValues(dtype: CountedDtype, patterns: number, swapped: boolean): Float32Array {
  const values = new Float32Array(patterns)
  for (let i = 0; i < patterns; i++) {
    const bits = swapped ? ((i & 255) << 8) | (i >> 8) : i
    if (dtype === 'int8') values[i] = (bits << 24) >> 24
    else if (dtype === 'int16') values[i] = (bits << 16) >> 16
    else if (dtype === 'float16') values[i] = halfToFloatTable()[bits]
    else values[i] = bits
  }
  return values
}
