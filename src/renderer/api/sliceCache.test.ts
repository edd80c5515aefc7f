import { expect, test } from 'vitest'
import { SliceCache, type SliceKey } from './sliceCache.ts'

const key = (index: number, revision = 0): SliceKey => ({ volumeId: 'a', revision, plane: 'xy', index, filters: '' })

function cache(slices: number, revision = 0) {
  const asked: number[] = []
  const made = new SliceCache((wanted) => {
    asked.push(wanted.index)
    const values = new Float32Array(4).fill(wanted.index)
    return Promise.resolve({ rows: 2, columns: 2, revision, binning: { row: 1, column: 1 }, values })
  }, slices * 16)
  return { asked, made }
}

test('requests for the same slice are joined, and kept', async () => {
  const { asked, made } = cache(4)
  const [a, b] = await Promise.all([made.get(key(3)), made.get(key(3))])
  expect(a).toBe(b)
  expect(await made.get(key(3))).toBe(a)
  expect(asked).toEqual([3])
  expect(a.values[0]).toBe(3)
})

test('the least recently used slice goes first', async () => {
  const { asked, made } = cache(2)
  await made.get(key(1))
  await made.get(key(2))
  await made.get(key(1))
  await made.get(key(3))
  expect(made.peek(key(2))).toBeNull()
  expect(made.peek(key(1))).not.toBeNull()
  expect(asked).toEqual([1, 2, 3])
})

test('a slice that is newer than asked for is kept under its own revision', async () => {
  const { made } = cache(4, 7)
  const slice = await made.get(key(1, 5))
  expect(slice.revision).toBe(7)
  expect(made.peek(key(1, 5))).toBeNull()
  expect(made.peek(key(1, 7))).toBe(slice)
})

test('a failed request is not remembered', async () => {
  let calls = 0
  const made = new SliceCache(() => {
    calls++
    return Promise.reject(new Error('truncated'))
  }, 1000)
  await expect(made.get(key(1))).rejects.toThrow('truncated')
  await expect(made.get(key(1))).rejects.toThrow('truncated')
  expect(calls).toBe(2)
})

test('a closed volume leaves nothing behind', async () => {
  const { made } = cache(4)
  await made.get(key(1))
  made.forget('a')
  expect(made.peek(key(1))).toBeNull()
})
