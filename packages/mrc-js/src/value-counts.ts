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
  private readonly valueOf: (pattern: number) => number
  private readonly wide: boolean
  private recent: Uint32Array
  private emptied: Float64Array | undefined
  private pending = 0

  constructor(dtype: CountedDtype, byteOrder: ByteOrder = machineByteOrder) {
    this.wide = dtype === 'int16' || dtype === 'uint16' || dtype === 'float16'
    this.recent = new Uint32Array(this.wide ? 65536 : 256)
    this.valueOf = patternValue(dtype, this.wide && byteOrder !== machineByteOrder)
  }

  /** Counts whole numbers. `bytes` must be aligned to them. */
  add(bytes: Uint8Array<ArrayBuffer>): void {
    const patterns = this.wide ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1) : bytes
    this.reserve(patterns.length)
    const { recent } = this
    for (let i = 0; i < patterns.length; i++) recent[patterns[i]]++
  }

  /** Counts one pattern several times. */
  addPattern(pattern: number, times: number): void {
    this.reserve(times)
    this.recent[pattern] += times
  }

  statistics(): VoxelStatistics {
    const present: { value: number; times: number }[] = []
    for (let pattern = 0; pattern < this.recent.length; pattern++) {
      const times = this.recent[pattern] + (this.emptied?.[pattern] ?? 0)
      if (times === 0) continue
      const value = this.valueOf(pattern)
      if (Number.isFinite(value)) present.push({ value, times })
    }
    let finite = 0
    let sum = 0
    let min = Infinity
    let max = -Infinity
    for (const { value, times } of present) {
      finite += times
      sum += times * value
      if (value < min) min = value
      if (value > max) max = value
    }
    if (finite === 0) return { min: Number.NaN, max: Number.NaN, mean: Number.NaN, std: Number.NaN, finite }
    const mean = sum / finite
    let squares = 0
    for (const { value, times } of present) squares += times * (value - mean) ** 2
    return { min, max, mean, std: Math.sqrt(squares / finite), finite }
  }

  /** Makes sure that no 32-bit counter can overflow. */
  private reserve(times: number): void {
    this.pending += times
    if (this.pending <= flushAfter) return
    this.emptied ??= new Float64Array(this.recent.length)
    for (let i = 0; i < this.recent.length; i++) this.emptied[i] += this.recent[i]
    this.recent = new Uint32Array(this.recent.length)
    this.pending = times
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

function patternValue(dtype: CountedDtype, swapped: boolean): (pattern: number) => number {
  const inOrder = (pattern: number): number => (swapped ? ((pattern & 255) << 8) | (pattern >> 8) : pattern)
  if (dtype === 'int8') return (pattern) => (pattern << 24) >> 24
  if (dtype === 'int16') return (pattern) => (inOrder(pattern) << 16) >> 16
  if (dtype === 'float16') return (pattern) => halfToFloatTable()[inOrder(pattern)]
  return inOrder
}
