import type { SwapUnit } from './mode.ts'

export type ByteOrder = 'little' | 'big'

/** The byte order of the machine this runs on. */
export const machineByteOrder: ByteOrder = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big'

/** Reverses the bytes of every 2-, 4- or 8-byte number in place. `bytes` starts at a number and holds whole ones. */
export function swapInPlace(bytes: Uint8Array, unit: SwapUnit): void {
  if (unit === 1) return
  const whole = bytes.length - (bytes.length % unit)
  const aligned = bytes.byteOffset % 4 === 0
  // Four bytes at a time: two 16-bit numbers or one 32-bit number a step.
  const fast = aligned && unit < 8 ? whole - (whole % 4) : 0
  if (fast > 0) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, fast / 4)
    if (unit === 2) {
      for (let i = 0; i < words.length; i++) {
        const word = words[i]
        words[i] = ((word & 0x00ff00ff) << 8) | ((word >>> 8) & 0x00ff00ff)
      }
    } else {
      for (let i = 0; i < words.length; i++) {
        const word = words[i]
        words[i] = ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
      }
    }
  }
  for (let i = fast; i < whole; i += unit) bytes.subarray(i, i + unit).reverse()
}
