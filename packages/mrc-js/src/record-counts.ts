import type { MrcHeader } from './header.ts'

/** Byte of the file at which `extra` begins. */
const extraOffset = 96

/** The two 16-bit numbers of bytes 128 to 131 that describe a section's record: integers and reals (AGAR), or bytes and flags (SERI). */
export function recordCounts(header: MrcHeader, little: boolean): [number, number] {
  const view = new DataView(header.extra.buffer, header.extra.byteOffset, header.extra.byteLength)
  return [view.getInt16(128 - extraOffset, little), view.getInt16(130 - extraOffset, little)]
}
