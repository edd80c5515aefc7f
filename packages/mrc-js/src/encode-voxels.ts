import { machineByteOrder, swapInPlace } from './byte-order.ts'
import type { ByteOrder } from './byte-order.ts'
import { MrcError } from './error.ts'
import { floatToHalf } from './half-float.ts'
import { voxelLayout } from './mode.ts'

/** The types that can be written. */
export type WritableDtype = 'int8' | 'int16' | 'uint16' | 'float16' | 'float32' | 'uint4'

const ranges: Record<Exclude<WritableDtype, 'float32'>, readonly [number, number]> = {
  int8: [-128, 127],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  uint4: [0, 15],
  float16: [-65504, 65504]
}

/** Adding and taking away 1.5 * 2^52 rounds a double to the nearest whole number, ties to even. */
const roundingOffset = 6755399441055744

/**
 * Encodes rows of float32 voxels in the machine's byte order into `out` (whole rows, 4-byte aligned) and returns how many finite values
 * lay outside the type's range and were set to its nearest end. Whole-number types round to nearest, ties to even.
 * Throws MrcError not-representable for NaN in a whole-number type.
 */
export function encodeVoxels(
  values: Float32Array,
  dtype: WritableDtype,
  columns: number,
  out: Uint8Array<ArrayBuffer>
): number {
  const { buffer, byteOffset } = out
  if (dtype === 'float32') {
    new Float32Array(buffer, byteOffset, values.length).set(values)
    return 0
  }
  const [low, high] = ranges[dtype]
  if (dtype === 'float16') {
    const { limited, clipped } = limitFinite(values, low, high)
    floatToHalf(limited, new Uint16Array(buffer, byteOffset, values.length))
    return clipped
  }
  if (dtype === 'uint4') return encodeFourBit(values, columns, out)
  const target =
    dtype === 'int8'
      ? new Int8Array(buffer, byteOffset, values.length)
      : dtype === 'int16'
        ? new Int16Array(buffer, byteOffset, values.length)
        : new Uint16Array(buffer, byteOffset, values.length)
  let clipped = 0
  for (let i = 0; i < values.length; i++) {
    const rounded = values[i] + roundingOffset - roundingOffset
    if (rounded >= low && rounded <= high) target[i] = rounded
    else {
      target[i] = nearestEnd(rounded, low, high, dtype)
      clipped++
    }
  }
  return clipped
}

/** Turns encoded numbers into the file's byte order in place. */
export function toFileOrder(bytes: Uint8Array, dtype: WritableDtype, byteOrder: ByteOrder): void {
  if (byteOrder !== machineByteOrder) swapInPlace(bytes, voxelLayout(dtype).swapUnit)
}

function encodeFourBit(values: Float32Array, columns: number, out: Uint8Array): number {
  const rowBytes = Math.ceil(columns / 2)
  let clipped = 0
  out.fill(0)
  for (let i = 0; i < values.length; i++) {
    let rounded = values[i] + roundingOffset - roundingOffset
    if (!(rounded >= 0 && rounded <= 15)) {
      rounded = nearestEnd(rounded, 0, 15, 'uint4')
      clipped++
    }
    const column = i % columns
    out[((i - column) / columns) * rowBytes + (column >> 1)] |= rounded << ((column & 1) << 2)
  }
  return clipped
}

function nearestEnd(value: number, low: number, high: number, dtype: WritableDtype): number {
  if (Number.isNaN(value)) {
    throw new MrcError(
      'not-representable',
      `A voxel is not a number (NaN), which ${dtype} can't hold.`,
      'Write float32 or float16, or replace such voxels first.'
    )
  }
  return value < low ? low : high
}

/** Finite values outside half precision's range are limited, not turned into infinity; infinities and NaN pass. */
function limitFinite(values: Float32Array, low: number, high: number): { limited: Float32Array; clipped: number } {
  let clipped = 0
  let limited = values
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if ((value > high && value < Infinity) || (value < low && value > -Infinity)) {
      if (limited === values) limited = values.slice()
      limited[i] = value > 0 ? high : low
      clipped++
    }
  }
  return { limited, clipped }
}
