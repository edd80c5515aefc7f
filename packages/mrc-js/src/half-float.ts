let table: Float32Array | undefined

/** Value of each of the 65536 IEEE 754 half-precision bit patterns; built once, 256 KiB. */
export function halfToFloatTable(): Float32Array {
  if (table) return table
  const values = new Float32Array(65536)
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 31
    const fraction = bits & 1023
    if (exponent === 0) values[bits] = sign * fraction * 2 ** -24
    else if (exponent === 31) values[bits] = fraction === 0 ? sign * Infinity : Number.NaN
    else values[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  }
  table = values
  return values
}

/**
 * Rounds float32 values to half precision, ties to even, too large ones to infinity, as IEEE 754 says.
 * Works on the bit patterns, so that a long run costs no call a value.
 */
export function floatToHalf(values: Float32Array, out: Uint16Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]
    const sign = (word >>> 16) & 0x8000
    const magnitude = word & 0x7fffffff
    if (magnitude >= 0x47800000) {
      // 65536 and more, infinity, NaN (kept quiet, with a fraction that is not zero).
      out[i] = magnitude > 0x7f800000 ? sign | 0x7e00 : sign | 0x7c00
    } else if (magnitude >= 0x38800000) {
      // Normal: move the exponent's bias, round the 13 bits that go; a carry runs into the exponent correctly.
      const shifted = magnitude - 0x38000000
      out[i] = sign | ((shifted + 0xfff + ((shifted >>> 13) & 1)) >>> 13)
    } else if (magnitude >= 0x33000000) {
      // Subnormal: multiples of 2^-24.
      const shift = 126 - (magnitude >>> 23)
      const fraction = (magnitude & 0x7fffff) | 0x800000
      const half = fraction >>> shift
      const rest = fraction & ((1 << shift) - 1)
      const tie = 1 << (shift - 1)
      out[i] = sign | (half + (rest > tie || (rest === tie && (half & 1) === 1) ? 1 : 0))
    } else {
      out[i] = sign
    }
  }
}
