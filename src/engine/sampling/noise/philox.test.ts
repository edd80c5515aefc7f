import { describe, expect, it } from 'vitest'
import { philox4x32 } from './philox.ts'

function words(counter: number[], key: number[]): string {
  const out = new Uint32Array(4)
  philox4x32(out, counter[0], counter[1], counter[2], counter[3], key[0], key[1])
  return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ')
}

describe('philox4x32', () => {
  // The known-answer vectors published with the authors' Random123 library.
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1']
  ])('gives the published words for counter %j, key %j', (counter, key, expected) => {
    expect(words(counter, key)).toBe(expected)
  })

  it('agrees with a 64-bit integer reference on arbitrary counters', () => {
    const reference = (counter: bigint[], key: bigint[]): string => {
      let [c0, c1, c2, c3] = counter
      let [k0, k1] = key
      for (let round = 0; round < 10; round++) {
        const p0 = 0xd2511f53n * c0
        const p1 = 0xcd9e8d57n * c2
        ;[c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & 0xffffffffn, (p0 >> 32n) ^ c3 ^ k1, p0 & 0xffffffffn]
        k0 = (k0 + 0x9e3779b9n) & 0xffffffffn
        k1 = (k1 + 0xbb67ae85n) & 0xffffffffn
      }
      return [c0, c1, c2, c3].map((word) => word.toString(16).padStart(8, '0')).join(' ')
    }
    for (let n = 1; n < 200; n++) {
      const counter = [n * 2654435761, n * 40503, n * 22695477, n * 1103515245].map((v) => v % 2 ** 32)
      const key = [(n * 69069) % 2 ** 32, (n * 1664525) % 2 ** 32]
      expect(words(counter, key)).toBe(reference(counter.map(BigInt), key.map(BigInt)))
    }
  })
})
