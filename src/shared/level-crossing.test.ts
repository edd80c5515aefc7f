import { expect, test } from 'vitest'
import type { XYZ } from './axes.ts'
import { crossingOfMembers, crossingOfProbability, normalShare, probabilityAbove } from './level-crossing.ts'

function volume(size: XYZ, valueAt: (x: number, y: number, z: number) => number): Float32Array {
  const data = new Float32Array(size.x * size.y * size.z)
  let at = 0
  for (let z = 0; z < size.z; z++)
    for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++) data[at++] = valueAt(x, y, z)
  return data
}

const probabilityAt = (cells: { size: XYZ; values: Float32Array }, x: number, y: number, z: number): number =>
  cells.values[2 * ((z * cells.size.y + y) * cells.size.x + x)]

test('members that are planes: each cell has the share of the planes that pass through it', async () => {
  const size = { x: 9, y: 5, z: 4 }
  // The level 0 of member k lies at x = offset.
  const offsets = [1.5, 2.5, 2.25, 2.75, 5.5]
  const members = offsets.map((offset) => volume(size, (x) => x - offset))
  const cells = await crossingOfMembers(members, size, 0)
  expect(cells?.size).toEqual({ x: 8, y: 4, z: 3 })
  for (let z = 0; z < 3; z++)
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 8; x++) {
        const through = offsets.filter((offset) => x < offset && offset < x + 1).length
        expect(probabilityAt(cells!, x, y, z)).toBeCloseTo(through / 5, 6)
      }
})

test('forty members that are balls of different radii, moved apart', async () => {
  const size = { x: 13, y: 12, z: 11 }
  const balls = Array.from({ length: 40 }, (_, k) => ({ x: 5.3 + 0.03 * k, y: 5.6, z: 5.1, radius: 3 + 0.02 * k }))
  const inside = (ball: (typeof balls)[number], x: number, y: number, z: number): number =>
    ball.radius - Math.hypot(x - ball.x, y - ball.y, z - ball.z)
  const members = balls.map((ball) => volume(size, (x, y, z) => inside(ball, x, y, z)))
  const cells = await crossingOfMembers(members, size, 0)
  let uncertain = 0
  for (let z = 0; z < 10; z++)
    for (let y = 0; y < 11; y++)
      for (let x = 0; x < 12; x++) {
        const crossed = balls.filter((ball) => {
          const corners = [0, 1].flatMap((c) =>
            [0, 1].flatMap((b) => [0, 1].map((a) => inside(ball, x + a, y + b, z + c) > 0))
          )
          return corners.some(Boolean) && !corners.every(Boolean)
        }).length
        const p = probabilityAt(cells!, x, y, z)
        expect(p).toBeCloseTo(crossed / 40, 6)
        if (p > 0 && p < 1) uncertain++
      }
  expect(uncertain).toBeGreaterThan(50)
})

test('the Gaussian approximation along a slope adds up to 1 and has the spread of the surface', async () => {
  const size = { x: 40, y: 2, z: 1 }
  // Level 0 at x = 20.3 with an SD of 3 / 0.5 voxels.
  const mean = volume(size, (x) => 0.5 * (x - 20.3))
  const above = probabilityAbove(
    mean,
    mean.map(() => 3),
    0
  )
  const cells = await crossingOfProbability(above, mean, size)
  expect(cells?.size).toEqual({ x: 39, y: 1, z: 1 })
  let total = 0
  let first = 0
  let second = 0
  for (let x = 0; x < 39; x++) {
    const p = probabilityAt(cells!, x, 0, 0)
    total += p
    first += p * (x + 0.5)
    second += p * (x + 0.5) ** 2
  }
  expect(total).toBeCloseTo(1, 2)
  expect(first / total).toBeCloseTo(20.2, 0)
  expect(Math.sqrt(second / total - (first / total) ** 2)).toBeGreaterThan(5.4)
  expect(Math.sqrt(second / total - (first / total) ** 2)).toBeLessThan(6.3)
})

test('many Gaussian members agree with the Gaussian approximation where neighbours vary together', async () => {
  const size = { x: 30, y: 1, z: 1 }
  const mean = volume(size, (x) => 0.4 * (x - 14.6))
  // Quantiles of one normal variable that all voxels share.
  const count = 400
  const draws = Array.from({ length: count }, (_, k) => quantile((k + 0.5) / count))
  const members = draws.map((draw) => mean.map((value) => value + 1.5 * draw))
  const counted = await crossingOfMembers(members, size, 0)
  const above = probabilityAbove(
    mean,
    mean.map(() => 1.5),
    0
  )
  const gaussian = await crossingOfProbability(above, mean, size)
  for (let x = 0; x < 29; x++)
    expect(Math.abs(probabilityAt(counted!, x, 0, 0) - probabilityAt(gaussian!, x, 0, 0))).toBeLessThan(1.5 / count)
})

test('voxels without a number belong to no surface; one voxel has no surface', async () => {
  const size = { x: 4, y: 4, z: 4 }
  const hole = volume(size, (x, y, z) => (x === 1 && y === 1 && z === 1 ? Number.NaN : x - 0.5))
  const cells = await crossingOfMembers([hole, volume(size, (x) => x - 0.5)], size, 0)
  expect(probabilityAt(cells!, 0, 0, 0)).toBe(0)
  expect(probabilityAt(cells!, 0, 2, 2)).toBe(1)
  const single = await crossingOfMembers([Float32Array.of(3)], { x: 1, y: 1, z: 1 }, 0)
  expect([...single!.values]).toEqual([0, 3])
})

test('stops when it is not wanted any more', async () => {
  const size = { x: 3, y: 3, z: 40 }
  const abort = new AbortController()
  const cells = crossingOfMembers([volume(size, (x) => x)], size, 1, abort.signal)
  abort.abort()
  expect(await cells).toBeNull()
})

test('shares of the normal distribution', () => {
  // From tables.
  for (const [z, share] of [
    [0, 0.5],
    [1, 0.8413447461],
    [-1.6448536, 0.05],
    [2.5758293, 0.995],
    [-5, 2.8665157e-7]
  ])
    expect(Math.abs(normalShare(z) - share)).toBeLessThan(1e-7)
})

/** By bisection of `normalShare`. */
function quantile(share: number): number {
  let [low, high] = [-9, 9]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (normalShare(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
