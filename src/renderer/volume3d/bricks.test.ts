import { expect, test } from 'vitest'
import { brickEdge, findBricks } from './bricks.ts'

test('every voxel, and every neighbour of it, lies between the extremes of its brick', async () => {
  const size = { x: 37, y: 16, z: 18 }
  let seed = 7
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647
  const data = Float32Array.from({ length: 37 * 16 * 18 }, () => random())
  const bricks = await findBricks(data, size)
  expect(bricks?.count).toEqual({ x: 3, y: 1, z: 2 })
  if (!bricks) return
  const at = (x: number, y: number, z: number): number => data[(z * 16 + y) * 37 + x]
  let outside = 0
  for (let z = 0; z < size.z; z++)
    for (let y = 0; y < size.y; y++)
      for (let x = 0; x < size.x; x++) {
        const brick = Math.floor(z / brickEdge) * 3 + Math.floor(x / brickEdge)
        for (const [dx, dz] of [
          [0, 0],
          [1, 0],
          [-1, 1]
        ]) {
          const [nx, nz] = [x + dx, z + dz]
          if (nx < 0 || nx >= 37 || nz < 0 || nz >= 18) continue
          const value = at(nx, y, nz)
          if (value < bricks.extremes[2 * brick] || value > bricks.extremes[2 * brick + 1]) outside++
        }
      }
  expect(outside).toBe(0)
})

test('values that are no number are passed over; a brick of nothing else is empty', async () => {
  const data = new Float32Array(40).fill(NaN)
  data[39] = 2
  const bricks = await findBricks(data, { x: 40, y: 1, z: 1 })
  expect(Array.from(bricks?.extremes ?? [])).toEqual([Infinity, -Infinity, Infinity, -Infinity, 2, 2])
})

test('stops when it is no longer wanted', async () => {
  expect(await findBricks(new Float32Array(8), { x: 2, y: 2, z: 2 }, AbortSignal.abort())).toBeNull()
})
