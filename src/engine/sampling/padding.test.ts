import { describe, expect, it } from 'vitest'
import { cropTo, padByReflection, paddedSize, reflected } from './padding.ts'

describe('padding', () => {
  it('mirrors at the end voxels without repeating them, any number of times', () => {
    expect(Array.from({ length: 10 }, (_, i) => reflected(i, 4))).toEqual([0, 1, 2, 3, 2, 1, 0, 1, 2, 3])
    expect(reflected(-1, 4)).toBe(1)
    expect(reflected(5, 1)).toBe(0)
  })

  it('pads to a multiple and crops back to the same voxels', () => {
    const values = Float32Array.from({ length: 3 * 5 * 2 }, (_, i) => i)
    const size = paddedSize([3, 5, 2], 4)
    expect(size).toEqual([4, 8, 4])
    const padded = padByReflection(values, [3, 5, 2], size)
    expect(padded.length).toBe(4 * 8 * 4)
    // (z, y, x) = (3, 6, 3) mirrors (1, 2, 1).
    expect(padded[(3 * 8 + 6) * 4 + 3]).toBe(values[(1 * 5 + 2) * 2 + 1])
    expect(cropTo(padded, size, [3, 5, 2])).toEqual(values)
  })

  it('leaves a fitting volume alone', () => {
    const values = new Float32Array(8)
    expect(padByReflection(values, [2, 2, 2], paddedSize([2, 2, 2], 2))).toBe(values)
  })
})
