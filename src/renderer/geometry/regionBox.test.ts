import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boxAround, boxFromCorners, boxProblem, dragBox, sameBox } from './regionBox.ts'

const size = { x: 94, y: 206, z: 36 }

test('corners in any order give the same box of whole voxels', () => {
  const a = { x: 10.4, y: 90.6, z: 3 }
  const b = { x: 30.6, y: 20.2, z: 30 }
  expect(boxFromCorners(a, b, size)).toEqual({ x: [10, 31], y: [20, 91], z: [3, 30] })
  expect(sameBox(boxFromCorners(a, b, size), boxFromCorners(b, a, size))).toBe(true)
})

test('whatever is dragged or typed stays a box inside the volume', () => {
  const coordinate = fc.double({ min: -500, max: 500, noNaN: true })
  const point = fc.record({ x: coordinate, y: coordinate, z: coordinate })
  const side = fc.constantFrom<0 | 1 | undefined>(0, 1, undefined)
  const grip = fc.oneof(fc.constant('all' as const), fc.record({ x: side, y: side, z: side }))
  fc.assert(
    fc.property(point, point, grip, point, (a, b, grabbed, shift) => {
      const box = boxFromCorners(a, b, size)
      expect(boxProblem(box, size)).toBeNull()
      expect(boxProblem(dragBox(box, grabbed, shift, size), size)).toBeNull()
    })
  )
})

test('moving keeps the extent at the faces, resizing keeps the other side', () => {
  const box = { x: [0, 10], y: [100, 120], z: [5, 9] } as const
  const copy = () =>
    ({ x: [...box.x], y: [...box.y], z: [...box.z] }) as {
      x: [number, number]
      y: [number, number]
      z: [number, number]
    }
  expect(dragBox(copy(), 'all', { x: -5, y: 500, z: 1.4 }, size)).toEqual({ x: [0, 10], y: [186, 206], z: [6, 10] })
  expect(dragBox(copy(), { x: 1, y: 0 }, { x: 500, y: 500, z: 500 }, size)).toEqual({
    x: [0, 94],
    y: [119, 120],
    z: [5, 9]
  })
})

test('a box around a voxel is cut where the volume is thinner', () => {
  expect(boxAround({ x: 2, y: 100, z: 18 }, 48, size)).toEqual({ x: [0, 48], y: [76, 124], z: [0, 36] })
})

test('a box that leaves the volume or is empty is told in words', () => {
  expect(boxProblem({ x: [0, 95], y: [0, 1], z: [0, 1] }, size)).toMatch(/x must stay within 0 and 94/)
  expect(boxProblem({ x: [0, 9], y: [5, 5], z: [0, 1] }, size)).toMatch(/y must run/)
})
