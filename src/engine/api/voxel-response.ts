import { endianness } from 'node:os'
import type { Slice } from '../volume/volume.ts'

/** A slice as a body of little-endian float32, rows x columns. */
export function voxelResponse({ rows, columns, data }: Slice, revision: number): Response {
  return new Response(littleEndian(data), {
    headers: {
      'Content-Type': 'application/octet-stream',
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
