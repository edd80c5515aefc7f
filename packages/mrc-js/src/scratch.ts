/** Buffers kept for the next read, so that scrolling through slices allocates nothing but its results. */
const kept: Uint8Array<ArrayBuffer>[] = []
const keptLimit = 8
/** Larger buffers than this are not kept. */
const keptBytes = 1 << 20

/**
 * Memory that has not been set to zero where the platform offers that (Node): every byte is overwritten by a read anyway, and zeroing a large
 * slice costs as much as reading it from the page cache.
 */
export function unfilledBytes(length: number): Uint8Array<ArrayBuffer> {
  return typeof Buffer === 'undefined' ? new Uint8Array(length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
}

/** A buffer of at least this length, for a read whose bytes are used at once. */
export function takeScratch(length: number): Uint8Array<ArrayBuffer> {
  const found = kept.findIndex((buffer) => buffer.length >= length)
  return found < 0 ? unfilledBytes(length) : kept.splice(found, 1)[0]
}

export function giveScratch(buffer: Uint8Array<ArrayBuffer>): void {
  if (buffer.length > 0 && buffer.length <= keptBytes && kept.length < keptLimit) kept.push(buffer)
}
