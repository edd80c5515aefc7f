import { expect, test } from 'vitest'
import { above, below, emptySpace } from './emptySpace.ts'

const count = { x: 7, y: 5, z: 6 }
const at = (x: number, y: number, z: number): number => (z * count.y + y) * count.x + x

/** Bricks that all have values from 0 to 1, but for some. */
function bricks(others: readonly (readonly [x: number, y: number, z: number, low: number, high: number])[]) {
  const extremes = new Float32Array(2 * count.x * count.y * count.z)
  for (let i = 1; i < extremes.length; i += 2) extremes[i] = 1
  for (const [x, y, z, low, high] of others) extremes.set([low, high], 2 * at(x, y, z))
  return { count, extremes }
}

test('each brick knows the chessboard distance to the nearest with something to draw', () => {
  const seeds = [
    [1, 1, 0, 0, 8],
    [6, 4, 5, 3, 4]
  ] as const
  const pairs = emptySpace(bricks(seeds), { from: 3.5, to: 9 })
  for (let z = 0; z < count.z; z++)
    for (let y = 0; y < count.y; y++)
      for (let x = 0; x < count.x; x++) {
        const far = seeds.map(([sx, sy, sz]) => Math.max(Math.abs(x - sx), Math.abs(y - sy), Math.abs(z - sz)))
        expect(pairs[2 * at(x, y, z)]).toBe(Math.min(...far))
      }
})

test('nothing to draw anywhere: as far as can be said', () => {
  expect(new Set(emptySpace(bricks([]), { from: 3, to: 9 }))).toEqual(new Set([255, 0]))
})

test('a level has sides; bricks without any number are stopped at, and are on none', () => {
  const nothing = [Infinity, -Infinity] as const
  const wall = Array.from({ length: count.y * count.z }, (_, i) => {
    return [3, i % count.y, Math.floor(i / count.y), ...nothing] as const
  })
  const behind = wall.flatMap(([, y, z]) => [4, 5, 6].map((x) => [x, y, z, 7, 9] as const))
  const pairs = emptySpace(bricks([...wall, ...behind]), { level: 5 })
  const pair = (x: number) => Array.from(pairs.subarray(2 * at(x, 2, 2), 2 * at(x, 2, 2) + 2))
  expect(pair(0)).toEqual([3, below])
  expect(pair(2)).toEqual([1, below])
  expect(pair(3)).toEqual([1, 0])
  expect(pair(4)).toEqual([1, above])
  expect(pair(6)).toEqual([3, above])
})
