import { expect, test } from 'vitest'
import { cachedVolume } from './cached-volume.ts'
import { memoryVolume } from './memory-volume.ts'
import { SliceCache } from './slice-cache.ts'
import { memoryInfo, positions } from './test-volumes.ts'
import type { ReadOptions, Slice, Volume } from './volume.ts'

const size = { x: 4, y: 4, z: 8 }
const sliceBytes = 4 * 4 * 4

/** Reads wait until they are let go, and are counted. */
function slowVolume(): { volume: Volume; reads: () => number; aborted: () => number; release(): void } {
  const inner = memoryVolume(positions(size), memoryInfo(size))
  let reads = 0
  let aborted = 0
  let waiting: (() => void)[] = []
  const readSlice = async (plane: 'xy' | 'xz' | 'yz', index: number, { signal }: ReadOptions = {}): Promise<Slice> => {
    reads++
    await new Promise<void>((resolve, reject) => {
      waiting.push(resolve)
      signal?.addEventListener('abort', () => {
        aborted++
        reject(signal.reason)
      })
    })
    return inner.readSlice(plane, index)
  }
  return {
    volume: { ...inner, readSlice },
    reads: () => reads,
    aborted: () => aborted,
    release: () => {
      waiting.forEach((resolve) => resolve())
      waiting = []
    }
  }
}

test('the same slice asked for twice is read once', async () => {
  const slow = slowVolume()
  const cached = cachedVolume(slow.volume, new SliceCache(1e6))
  const both = Promise.all([cached.readSlice('xy', 3), cached.readSlice('xy', 3)])
  slow.release()
  const [first, second] = await both
  expect(first).toBe(second)
  expect(await cached.readSlice('xy', 3)).toBe(first)
  expect(slow.reads()).toBe(1)
})

test('a read goes on while anyone waits for it, and stops when nobody does', async () => {
  const slow = slowVolume()
  const cached = cachedVolume(slow.volume, new SliceCache(1e6))
  const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()]
  const first = cached.readSlice('xy', 1, { signal: one.signal })
  const second = cached.readSlice('xy', 1, { signal: two.signal })
  one.abort()
  await expect(first).rejects.toMatchObject({ name: 'AbortError' })
  expect(slow.aborted()).toBe(0)
  slow.release()
  expect((await second).data[0]).toBe(10000)
  const third = cached.readSlice('xy', 2, { signal: three.signal })
  three.abort()
  await expect(third).rejects.toMatchObject({ name: 'AbortError' })
  await new Promise(setImmediate)
  expect(slow.aborted()).toBe(1)
  // Asked for again after that, it is read anew.
  const again = cached.readSlice('xy', 2)
  slow.release()
  expect((await again).data[0]).toBe(20000)
})

test('the cache keeps to its budget and drops the slice unused for longest', async () => {
  const cache = new SliceCache(3 * sliceBytes)
  const volume = memoryVolume(positions(size), memoryInfo(size))
  let reads = 0
  const cached = cachedVolume(
    {
      ...volume,
      readSlice(plane, index) {
        reads++
        return volume.readSlice(plane, index)
      }
    },
    cache
  )
  for (const index of [0, 1, 2, 0, 3]) await cached.readSlice('xy', index)
  expect(cache.bytes).toBe(3 * sliceBytes)
  expect(reads).toBe(4)
  await cached.readSlice('xy', 0)
  expect(reads).toBe(4)
  await cached.readSlice('xy', 1)
  expect(reads).toBe(5)
  await cached.close()
  expect(cache.bytes).toBe(0)
})

test('two volumes share a budget, not slices', async () => {
  const cache = new SliceCache(1e6)
  const zeros = cachedVolume(memoryVolume(new Float32Array(128), memoryInfo(size)), cache)
  const other = cachedVolume(memoryVolume(positions(size), memoryInfo(size)), cache)
  await zeros.readSlice('xy', 1)
  expect((await other.readSlice('xy', 1)).data[0]).toBe(10000)
})
