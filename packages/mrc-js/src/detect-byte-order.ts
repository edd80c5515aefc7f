import type { ByteOrder } from './byte-order.ts'
import { decodeHeader, headerByteLength } from './header.ts'
import type { MrcHeader } from './header.ts'
import { dtypeForMode, rowByteLength } from './mode.ts'

/** The order a machine stamp names. Old writers put only the first half right (44 20, 44 11), so only that half is asked. */
export function byteOrderOfStamp(stamp: readonly number[]): ByteOrder | undefined {
  if ((stamp[0] & 0xf0) === 0x40) return 'little'
  if (stamp[0] === 0x11) return 'big'
  return undefined
}

export function hasMapString(header: MrcHeader): boolean {
  return header.map.startsWith('MAP')
}

export function isAxisPermutation(header: MrcHeader): boolean {
  return [header.mapc, header.mapr, header.maps].sort().join() === '1,2,3'
}

/** Bytes the voxels should take, or NaN when mode or sizes make no sense. */
export function declaredDataBytes(header: MrcHeader): number {
  const dtype = dtypeForMode(header.mode)
  if (dtype === undefined || header.nx <= 0 || header.ny <= 0 || header.nz <= 0) return Number.NaN
  return rowByteLength(dtype, header.nx) * header.ny * header.nz
}

/** How well the values of a header read in one byte order hang together; 0 when they can't be a header at all. */
function plausibility(header: MrcHeader, fileBytes: number): number {
  const bytes = declaredDataBytes(header)
  if (Number.isNaN(bytes)) {
    // An unknown mode with sane sizes still tells the byte order, so that the error can name the mode.
    const sane = [header.nx, header.ny, header.nz].every((n) => n > 0 && n < 1 << 20)
    return sane && Math.abs(header.mode) < 1 << 16 ? 1 : 0
  }
  let score = 2
  const room = fileBytes - 1024
  if (isAxisPermutation(header)) score += 4
  if (bytes <= room) score += 3
  if (header.nsymbt >= 0 && bytes + header.nsymbt === room) score += 4
  if ([header.mx, header.my, header.mz].every((m) => m >= 0 && m < 1 << 24)) score += 1
  if (header.nlabl >= 0 && header.nlabl <= 10) score += 1
  return score
}

/** Decides the byte order by what the values say, with the machine stamp as the tie-breaker. */
export function detectByteOrder(
  bytes: Uint8Array,
  fileBytes: number
): { byteOrder: ByteOrder; header: MrcHeader; stamp: ByteOrder | undefined } {
  const stamp = byteOrderOfStamp([bytes[212], bytes[213]])
  const first: ByteOrder = stamp ?? 'little'
  const second: ByteOrder = first === 'little' ? 'big' : 'little'
  const firstHeader = decodeHeader(bytes, first)
  const secondHeader = decodeHeader(bytes, second)
  return plausibility(secondHeader, fileBytes) > plausibility(firstHeader, fileBytes)
    ? { byteOrder: second, header: secondHeader, stamp }
    : { byteOrder: first, header: firstHeader, stamp }
}

/** Bytes that the whole file should have by its header; only the header's own length when the header makes no sense. */
export function declaredFileBytes(head: Uint8Array): number {
  const { header } = detectByteOrder(head, Number.MAX_SAFE_INTEGER)
  const bytes = headerByteLength + Math.max(0, header.nsymbt) + declaredDataBytes(header)
  return Number.isSafeInteger(bytes) ? bytes : headerByteLength
}
