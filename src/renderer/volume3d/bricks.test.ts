import { expect, test } from 'vitest'
import { coarseEdge, findBricks, fineEdge } from './bricks.ts'

test('each brick has the extremes of its voxels and their neighbours, exactly', async () => {
  const size = { x: 37, y: 16, z: 18 }
  let seed = 7
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647
  // Two values a voxel, of which the first counts.
  const data = Float32Array.from({ length: 2 * 37 * 16 * 18 }, (_, i) => (i % 2 === 0 ? random() : 99))
  const levels = await findBricks(data, size, undefined, 2)
  expect(levels?.fine.count).toEqual({ x: 10, y: 4, z: 5 })
  expect(levels?.coarse.count).toEqual({ x: 3, y: 1, z: 2 })
  if (!levels) return
  for (const [{ count, extremes }, edge] of [
    [levels.fine, fineEdge],
    [levels.coarse, coarseEdge]
  ] as const)
    for (let bz = 0; bz < count.z; bz++)
      for (let by = 0; by < count.y; by++)
        for (let bx = 0; bx < count.x; bx++) {
          let low = Infinity
          let high = -Infinity
          for (let z = Math.max(0, bz * edge - 1); z <= Math.min(size.z - 1, (bz + 1) * edge); z++)
            for (let y = Math.max(0, by * edge - 1); y <= Math.min(size.y - 1, (by + 1) * edge); y++)
              for (let x = Math.max(0, bx * edge - 1); x <= Math.min(size.x - 1, (bx + 1) * edge); x++) {
                const value = data[2 * ((z * size.y + y) * size.x + x)]
                low = Math.min(low, value)
                high = Math.max(high, value)
              }
          const at = 2 * ((bz * count.y + by) * count.x + bx)
          expect([extremes[at], extremes[at + 1]]).toEqual([low, high])
        }
})

test('values that are no number are passed over; a brick of nothing else is empty', async () => {
  const data = new Float32Array(40).fill(NaN)
  data[39] = 2
  const levels = await findBricks(data, { x: 40, y: 1, z: 1 })
  expect(Array.from(levels?.coarse.extremes ?? [])).toEqual([Infinity, -Infinity, Infinity, -Infinity, 2, 2])
  expect(Array.from(levels?.fine.extremes.subarray(14) ?? [])).toEqual([Infinity, -Infinity, Infinity, -Infinity, 2, 2])
})

test('stops when it is no longer wanted', async () => {
  expect(await findBricks(new Float32Array(8), { x: 2, y: 2, z: 2 }, AbortSignal.abort())).toBeNull()
})
