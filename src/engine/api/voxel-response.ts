import { endianness } from 'node:os'
import type { Slice } from '../volume/volume.ts'

/**
 * A slice as a body of little-endian float32, rows x columns. Packed, values that are all integers of 16 bits are sent as such, in half the
 * bytes: what a tomogram of integers takes through a tunnel.
 */
export function voxelResponse({ rows, columns, data }: Slice, revision: number, packs = false): Response {
  const integers = packs ? asIntegers(data) : null
  return new Response(integers ? littleEndianIntegers(integers) : littleEndian(data), {
    headers: {
      'Content-Type': 'application/octet-stream',
      'X-Type': integers === null ? 'float32' : integers instanceof Int16Array ? 'int16' : 'uint16',
      'X-Rows': String(rows),
      'X-Columns': String(columns),
      'X-Revision': String(revision)
    }
  })
}

/** Float32 as a body. What is sent may be a cached slice, so a body always gets bytes of its own. */
export function littleEndian(data: Float32Array): ArrayBuffer {
  const bytes = new Float32Array(data).buffer
  if (endianness() === 'BE') Buffer.from(bytes).swap32()
  return bytes
}

/** The values themselves, where all of them are integers of 16 bits. */
function asIntegers(data: Float32Array): Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | null {
  return filled(new Int16Array(data.length), data) ?? filled(new Uint16Array(data.length), data)
}

function filled<Integers extends Int16Array | Uint16Array>(out: Integers, data: Float32Array): Integers | null {
  for (let i = 0; i < data.length; i++) {
    out[i] = data[i]
    // A fraction, a number out of range or NaN comes back as another.
    if (out[i] !== data[i]) return null
  }
  return out
}

function littleEndianIntegers({ buffer }: Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): ArrayBuffer {
  if (endianness() === 'BE') Buffer.from(buffer).swap16()
  return buffer
}
