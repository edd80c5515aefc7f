import { bzip2Crc } from './bzip2-crc.ts'
import { MrcError } from './error.ts'

const blockMagic = 0x314159265359
const endMagic = 0x177245385090
const groupLength = 50
const longestCode = 20

/** Compressed bytes that must be at hand before a block is decoded: more than any block can take. */
export const bzip2BlockInputLimit = 4 * 1024 * 1024

/**
 * Decodes a bzip2 stream block by block (at most 900 kB each), from the published format. The caller keeps `input` filled: at least
 * bzip2BlockInputLimit bytes ahead, or all there is. Each block's checksum is verified.
 */
export class Bzip2Decoder {
  private readonly name: string
  private input = new Uint8Array(0)
  private bitPosition = 0
  private blockLimit = 0
  private state: 'header' | 'blocks' = 'header'
  private combinedCrc = 0
  private table = new Uint32Array(0)

  constructor(name: string) {
    this.name = name
  }

  /** Bytes of input not yet used. */
  get unread(): number {
    return this.input.length - (this.bitPosition >>> 3)
  }

  /** Adds compressed bytes, dropping those already used. */
  push(bytes: Uint8Array): void {
    const used = this.bitPosition >>> 3
    const joined = new Uint8Array(this.input.length - used + bytes.length)
    joined.set(this.input.subarray(used))
    joined.set(bytes, this.input.length - used)
    this.input = joined
    this.bitPosition &= 7
  }

  /** The next block's bytes, or undefined at the end of the data. Throws MrcError corrupt-compression. */
  nextBlock(): Uint8Array | undefined {
    for (;;) {
      if (this.state === 'header') {
        if (this.unread < 4) {
          if (this.blockLimit === 0) throw this.corrupt('it does not begin like one')
          return undefined
        }
        // Anything but another stream after the first is padding.
        if (!this.readStreamHeader()) return undefined
      }
      const magic = this.bits(24) * 2 ** 24 + this.bits(24)
      if (magic === blockMagic) return this.readBlock()
      if (magic !== endMagic) throw this.corrupt('a block does not begin where it should')
      const expected = this.bits32()
      if (expected !== this.combinedCrc) throw this.corrupt('its checksum is wrong')
      this.bitPosition = (this.bitPosition + 7) & ~7
      this.state = 'header'
    }
  }

  private readStreamHeader(): boolean {
    const at = this.bitPosition >>> 3
    const level = this.input[at + 3] - 48
    const magic = this.input[at] === 0x42 && this.input[at + 1] === 0x5a && this.input[at + 2] === 0x68
    if (!magic || level < 1 || level > 9) {
      if (this.blockLimit === 0) throw this.corrupt('it does not begin like one')
      return false
    }
    this.bitPosition += 32
    this.blockLimit = level * 100_000
    this.combinedCrc = 0
    this.state = 'blocks'
    return true
  }

  private readBlock(): Uint8Array {
    const expected = this.bits32()
    if (this.bits(1) === 1) throw this.corrupt('it uses the obsolete randomised blocks')
    const origin = this.bits(24)
    const count = this.readSymbols()
    if (origin >= count) throw this.corrupt('a block points outside itself')
    const bytes = this.invertTransform(origin, count)
    const crc = bzip2Crc(bytes)
    if (crc !== expected) throw this.corrupt("a block's checksum is wrong")
    this.combinedCrc = (((this.combinedCrc << 1) | (this.combinedCrc >>> 31)) ^ crc) >>> 0
    return bytes
  }

  /** Huffman, move-to-front and zero-run decoding into the low bytes of `table`; returns the block's length. */
  private readSymbols(): number {
    const used = this.readUsedBytes()
    const alphabet = used.length + 2
    const groups = this.bits(3)
    const selectors = this.readSelectors(groups)
    const codes = Array.from({ length: groups }, () => readCodeLengths(this, alphabet))
    if (this.table.length < this.blockLimit) this.table = new Uint32Array(this.blockLimit)
    const { table } = this
    const front = Uint8Array.from(used)
    const end = used.length + 1
    let count = 0
    let run = 0
    let runWeight = 1
    for (let group = 0; ; group++) {
      if (group === selectors.length) throw this.corrupt('a block has no end')
      const code = codes[selectors[group]]
      for (let i = 0; i < groupLength; i++) {
        const symbol = this.decodeSymbol(code)
        if (symbol <= 1) {
          run += runWeight << symbol
          runWeight <<= 1
          if (run > this.blockLimit) throw this.corrupt('a block is too long')
          continue
        }
        if (run > 0) {
          if (count + run > this.blockLimit) throw this.corrupt('a block is too long')
          table.fill(front[0], count, count + run)
          count += run
          run = 0
          runWeight = 1
        }
        if (symbol === end) return count
        if (count === this.blockLimit) throw this.corrupt('a block is too long')
        const place = symbol - 1
        const byte = front[place]
        front.copyWithin(1, 0, place)
        front[0] = byte
        table[count++] = byte
      }
    }
  }

  private readUsedBytes(): number[] {
    const ranges = this.bits(16)
    const used: number[] = []
    for (let range = 0; range < 16; range++) {
      if ((ranges & (0x8000 >> range)) === 0) continue
      const members = this.bits(16)
      for (let i = 0; i < 16; i++) if ((members & (0x8000 >> i)) !== 0) used.push(range * 16 + i)
    }
    if (used.length === 0) throw this.corrupt('a block uses no byte at all')
    return used
  }

  private readSelectors(groups: number): Uint8Array {
    const count = this.bits(15)
    if (groups < 2 || groups > 6 || count === 0) throw this.corrupt('a block has no code tables')
    const order = [0, 1, 2, 3, 4, 5]
    const selectors = new Uint8Array(count)
    for (let i = 0; i < count; i++) {
      let place = 0
      while (this.bits(1) === 1) {
        place++
        if (place >= groups) throw this.corrupt('a code table is chosen that does not exist')
      }
      const [chosen] = order.splice(place, 1)
      order.unshift(chosen)
      selectors[i] = chosen
    }
    return selectors
  }

  private decodeSymbol(code: PrefixCode): number {
    const { input } = this
    const at = this.bitPosition >>> 3
    const lead = this.bitPosition & 7
    // Up to 20 bits beginning anywhere in a byte lie in the next four bytes; past the end they read as 0.
    const word = ((input[at] << 24) | (input[at + 1] << 16) | (input[at + 2] << 8) | input[at + 3]) << lead
    const window = word >>> 12
    let length = code.shortest
    while (length <= longestCode && window > code.limits[length]) length++
    if (length > longestCode || at >= input.length) throw this.corrupt('it ends in the middle of a block')
    this.bitPosition += length
    return code.symbols[code.offsets[length] + (window >>> (longestCode - length))]
  }

  /** Undoes the Burrows-Wheeler transform and the run-length coding in front of it. */
  private invertTransform(origin: number, count: number): Uint8Array {
    const { table } = this
    const starts = new Uint32Array(257)
    for (let i = 0; i < count; i++) starts[(table[i] & 255) + 1]++
    for (let byte = 0; byte < 256; byte++) starts[byte + 1] += starts[byte]
    for (let i = 0; i < count; i++) table[starts[table[i] & 255]++] |= i << 8
    const out = new ByteCollector(count)
    let position = table[origin] >>> 8
    let previous = -1
    let repeats = 0
    for (let i = 0; i < count; i++) {
      const entry = table[position]
      const byte = entry & 255
      position = entry >>> 8
      if (repeats === 4) {
        out.repeat(previous, byte)
        repeats = 0
        previous = -1
        continue
      }
      repeats = byte === previous ? repeats + 1 : 1
      previous = byte
      out.add(byte)
    }
    return out.take()
  }

  bits(count: number): number {
    let value = 0
    for (let left = count; left > 0;) {
      const at = this.bitPosition >>> 3
      if (at >= this.input.length) throw this.corrupt('it ends in the middle of a block')
      const free = 8 - (this.bitPosition & 7)
      const take = Math.min(free, left)
      value = (value << take) | ((this.input[at] >>> (free - take)) & ((1 << take) - 1))
      this.bitPosition += take
      left -= take
    }
    return value
  }

  private bits32(): number {
    return ((this.bits(16) << 16) | this.bits(16)) >>> 0
  }

  corrupt(what: string): MrcError {
    return new MrcError(
      'corrupt-compression',
      `${this.name} is damaged as a bzip2 file: ${what}.`,
      'Copy or download the file again; bzip2recover may save a part.'
    )
  }
}

/** Canonical prefix code: `limits[n]` is the largest 20-bit window whose code has at most n bits. */
interface PrefixCode {
  shortest: number
  limits: Int32Array
  offsets: Int32Array
  symbols: Uint16Array
}

function readCodeLengths(decoder: Bzip2Decoder, alphabet: number): PrefixCode {
  const lengths = new Uint8Array(alphabet)
  let length = decoder.bits(5)
  for (let symbol = 0; symbol < alphabet; symbol++) {
    for (;;) {
      if (length < 1 || length > longestCode) throw decoder.corrupt('a code is too long')
      if (decoder.bits(1) === 0) break
      length += decoder.bits(1) === 0 ? 1 : -1
    }
    lengths[symbol] = length
  }
  const limits = new Int32Array(longestCode + 2).fill(-1)
  const offsets = new Int32Array(longestCode + 2)
  const symbols = new Uint16Array(alphabet)
  let code = 0
  let placed = 0
  let shortest = longestCode
  for (let bits = 1; bits <= longestCode; bits++) {
    const first = code
    offsets[bits] = placed - first
    for (let symbol = 0; symbol < alphabet; symbol++) {
      if (lengths[symbol] !== bits) continue
      symbols[placed++] = symbol
      code++
      shortest = Math.min(shortest, bits)
    }
    if (code > 1 << bits) throw decoder.corrupt('a code is impossible')
    // Windows below this begin with a code of at most this many bits.
    limits[bits] = code * 2 ** (longestCode - bits) - 1
    code *= 2
  }
  return { shortest, limits, offsets, symbols }
}

/** A byte array that grows, since runs of up to 259 bytes hide in five. */
class ByteCollector {
  private bytes: Uint8Array
  private length = 0

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity)
  }

  add(byte: number): void {
    if (this.length === this.bytes.length) this.grow(1)
    this.bytes[this.length++] = byte
  }

  repeat(byte: number, times: number): void {
    if (this.length + times > this.bytes.length) this.grow(times)
    this.bytes.fill(byte, this.length, this.length + times)
    this.length += times
  }

  take(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  private grow(least: number): void {
    const larger = new Uint8Array(this.bytes.length * 2 + least)
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }
}
