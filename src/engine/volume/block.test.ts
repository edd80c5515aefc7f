import { describe, expect, it } from 'vitest'
import type { Box, XYZ } from '../../shared/axes.ts'
import { readBlock } from './block.ts'
import { memoryVolume } from './memory-volume.ts'
import { memoryInfo } from './test-volumes.ts'
import type { CoarseLevel } from './volume.ts'

/** value = 1 + x + 10 y + 100 z: a mean over a bin is the value at the bin's middle. */
function ramp(size: XYZ): Float32Array {
  const data = new Float32Array(size.x * size.y * size.z)
  for (let z = 0, i = 0; z < size.z; z++)
    for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++, i++) data[i] = 1 + x + 10 * y + 100 * z
  return data
}

const size: XYZ = { x: 13, y: 9, z: 7 }
const volume = memoryVolume(ramp(size), memoryInfo(size))
const whole: Box = { x: [0, 13], y: [0, 9], z: [0, 7] }

describe('readBlock', () => {
  it('is exact where the box has few enough voxels', async () => {
    const box: Box = { x: [3, 8], y: [2, 5], z: [6, 7] }
    const block = await readBlock(volume, [], box, 15)
    expect(block.size).toEqual({ x: 5, y: 3, z: 1 })
    expect(block.binning).toEqual({ x: 1, y: 1, z: 1 })
    expect(block.box).toEqual(box)
    expect(Array.from(block.data.subarray(0, 6))).toEqual([624, 625, 626, 627, 628, 634])
  })

  it('bins no more than it must, and says which voxels it covers', async () => {
    const block = await readBlock(volume, [], whole, 6 * 4 * 3)
    expect(block.size).toEqual({ x: 6, y: 4, z: 3 })
    expect(block.box).toEqual({ x: [0, 12], y: [0, 8], z: [0, 6] })
    for (let z = 0, i = 0; z < 3; z++)
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 6; x++, i++)
          expect(block.data[i]).toBe(1 + (2 * x + 0.5) + 10 * (2 * y + 0.5) + 100 * (2 * z + 0.5))
  })

  it('bins what is longer than a texture may be, however few voxels that are', async () => {
    const block = await readBlock(volume, [], whole, 1e6, { maxSide: 5 })
    expect(block.binning).toEqual({ x: 3, y: 3, z: 3 })
    expect(block.size).toEqual({ x: 4, y: 3, z: 2 })
    const exact = await readBlock(volume, [], { ...whole, x: [4, 9], y: [0, 5], z: [2, 7] }, 1e6, { maxSide: 5 })
    expect(exact.size).toEqual({ x: 5, y: 5, z: 5 })
  })

  it('keeps a volume of one slice one slice thick', async () => {
    const flat = { x: 20, y: 20, z: 1 }
    const block = await readBlock(
      memoryVolume(ramp(flat), memoryInfo(flat)),
      [],
      { x: [0, 20], y: [0, 20], z: [0, 1] },
      25
    )
    expect(block.size).toEqual({ x: 5, y: 5, z: 1 })
    expect(block.binning).toEqual({ x: 4, y: 4, z: 1 })
    expect(block.data[0]).toBe(1 + 1.5 + 15)
  })

  it('takes the finest level of a pyramid that fits, edges included', async () => {
    const half: XYZ = { x: 7, y: 5, z: 4 }
    const level: CoarseLevel = {
      size: half,
      binning: { x: 2, y: 2, z: 2 },
      async readSlice(_plane, index) {
        const data = new Float32Array(35).map((_, i) => index * 1000 + i)
        return { rows: 5, columns: 7, data }
      }
    }
    const block = await readBlock(volume, [level], { x: [4, 13], y: [0, 9], z: [2, 7] }, 100)
    expect(block.size).toEqual({ x: 5, y: 5, z: 3 })
    expect(block.box).toEqual({ x: [4, 13], y: [0, 9], z: [2, 7] })
    expect(Array.from(block.data.subarray(0, 6))).toEqual([1002, 1003, 1004, 1005, 1006, 1009])
  })

  it('refuses a box that leaves the volume, and stops when nobody wants it', async () => {
    await expect(readBlock(volume, [], { ...whole, x: [0, 14] }, 10)).rejects.toMatchObject({ code: 'roi-outside' })
    await expect(readBlock(volume, [], whole, 10, { signal: AbortSignal.abort() })).rejects.toThrow()
  })
})
