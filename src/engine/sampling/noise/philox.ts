/**
 * Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011). Four 32-bit words of noise are a pure function of a 128-bit
 * counter and a 64-bit key, so any element of any step can be drawn on its own, in any order.
 */
const multiplier0 = 0xd2511f53
const multiplier1 = 0xcd9e8d57
const weyl0 = 0x9e3779b9
const weyl1 = 0xbb67ae85

const m0Low = multiplier0 & 0xffff
const m0High = multiplier0 >>> 16
const m1Low = multiplier1 & 0xffff
const m1High = multiplier1 >>> 16

/**
 * Writes the four words for counter (c0, c1, c2, c3) and key (k0, k1) to `out[0..3]`.
 * All arguments are taken modulo 2^32.
 */
export function philox4x32(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number
): void {
  for (let round = 0; round < 10; round++) {
    // JavaScript has no 32 x 32 -> 64 product: the high word is put together from 16-bit halves (Warren, Hacker's Delight, 8-2).
    const a = c0 & 0xffff
    const b = c0 >>> 16
    const upper0 = Math.imul(m0High, a) + (Math.imul(m0Low, a) >>> 16)
    const lower0 = Math.imul(m0Low, b) + (upper0 & 0xffff)
    const high0 = Math.imul(m0High, b) + (upper0 >>> 16) + (lower0 >>> 16)

    const c = c2 & 0xffff
    const d = c2 >>> 16
    const upper1 = Math.imul(m1High, c) + (Math.imul(m1Low, c) >>> 16)
    const lower1 = Math.imul(m1Low, d) + (upper1 & 0xffff)
    const high1 = Math.imul(m1High, d) + (upper1 >>> 16) + (lower1 >>> 16)

    const low0 = Math.imul(multiplier0, c0)
    c0 = high1 ^ c1 ^ k0
    c1 = Math.imul(multiplier1, c2)
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + weyl0) | 0
    k1 = (k1 + weyl1) | 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}
