import { describe, expect, it } from 'vitest'
import { boxSize } from '../../../shared/axes.ts'
import { middleBox } from './middle-box.ts'

describe('middleBox', () => {
  it('is the whole volume where that is small enough', () => {
    const size = { x: 94, y: 206, z: 36 }
    expect(middleBox(size, 94 * 206 * 36)).toEqual({ x: [0, 94], y: [0, 206], z: [0, 36] })
  })

  it('keeps the height of a flat tomogram and cuts the same from both ends of the others', () => {
    // 4 * 10 * 10 <= 450 < 4 * 11 * 11
    expect(middleBox({ x: 30, y: 21, z: 4 }, 450)).toEqual({ x: [10, 20], y: [5, 15], z: [0, 4] })
  })

  it.each([
    [{ x: 1024, y: 1440, z: 512 }, 2 ** 27, 512],
    [{ x: 700, y: 700, z: 1 }, 10_000, 100],
    [{ x: 5, y: 7, z: 9 }, 1, 1]
  ])('is the longest that fits: %o', (size, most, side) => {
    const cut = boxSize(middleBox(size, most))
    expect(cut).toEqual({ x: Math.min(size.x, side), y: Math.min(size.y, side), z: Math.min(size.z, side) })
    expect(cut.x * cut.y * cut.z).toBeLessThanOrEqual(most)
    const longer = side + 1
    expect(Math.min(size.x, longer) * Math.min(size.y, longer) * Math.min(size.z, longer)).toBeGreaterThan(most)
  })
})
