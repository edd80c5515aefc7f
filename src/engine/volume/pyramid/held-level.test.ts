import { expect, test } from 'vitest'
import type { Plane, XYZ } from '../../../shared/axes.ts'
import { memoryVolume } from '../memory-volume.ts'
import { memoryInfo, positions } from '../test-volumes.ts'
import type { CoarseLevel } from '../volume.ts'
import { HeldLevel, heldLevels } from './held-level.ts'

const size: XYZ = { x: 5, y: 7, z: 3 }

function levelOf(levelSize: XYZ): CoarseLevel & { reads: number } {
  const volume = memoryVolume(positions(levelSize), memoryInfo(levelSize))
  return {
    size: levelSize,
    binning: { x: 2, y: 2, z: 2 },
    reads: 0,
    readSlice(plane, index, options) {
      this.reads++
      return volume.readSlice(plane, index, options)
    }
  }
}

test('slices are the level’s own, before and after it is in memory, and then cost no reading', async () => {
  const level = levelOf(size)
  const held = new HeldLevel(level)
  const all = async () => {
    const slices = []
    for (const [plane, count] of [
      ['xy', 3],
      ['xz', 7],
      ['yz', 5]
    ] as [Plane, number][])
      for (let i = 0; i < count; i++) slices.push(await held.readSlice(plane, i))
    return slices
  }
  const before = await all()
  expect(held.isInMemory).toBe(false)
  await held.load(new AbortController().signal)
  expect(held.isInMemory).toBe(true)
  const reads = level.reads
  expect(await all()).toEqual(before)
  expect(level.reads).toBe(reads)
  // The caller's own: what a caller writes is nobody else's.
  const [slice] = await all()
  slice.data.fill(-1)
  expect((await all())[0]).toEqual(before[0])
})

test('as much is held as fits, from the coarsest on', () => {
  const levels = [levelOf({ x: 40, y: 40, z: 40 }), levelOf({ x: 20, y: 20, z: 20 }), levelOf({ x: 10, y: 10, z: 10 })]
  const isHeld = (bytes: number) => heldLevels(levels, bytes).map((level) => level instanceof HeldLevel)
  expect(isHeld(4 * 1000)).toEqual([false, false, true])
  expect(isHeld(4 * 9000)).toEqual([false, true, true])
  expect(isHeld(4 * 73_000)).toEqual([true, true, true])
  expect(isHeld(100)).toEqual([false, false, false])
})

test('what is no longer wanted is not held', async () => {
  const held = new HeldLevel(levelOf(size))
  await expect(held.load(AbortSignal.abort())).rejects.toThrow()
  expect(held.isInMemory).toBe(false)
})
