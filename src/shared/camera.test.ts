import { expect, test } from 'vitest'
import { eyeDistance, fitted, panned, project, rolled, standardViews, turned, viewAxes, zoomed } from './camera.ts'
import type { Camera, Vector } from './camera.ts'

const size = { width: 400, height: 200 }
const rest: Camera = {
  rotation: standardViews.front,
  target: { x: 10, y: 20, z: 30 },
  height: 100,
  perspective: false
}

function close(a: Vector, b: Vector): void {
  a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 12))
}

test('at rest x points to the right, y up and z at the viewer', () => {
  expect(project(rest, { x: 20, y: 20, z: 30 }, size)).toEqual({ x: 220, y: 100 })
  expect(project(rest, { x: 10, y: 30, z: 90 }, size)).toEqual({ x: 200, y: 80 })
  close(viewAxes(rest).back, [0, 0, 1])
})

test('the standard views are the three slice planes, drawn as slices are', () => {
  const side = viewAxes({ rotation: standardViews.side })
  close(side.right, [0, 1, 0])
  close(side.up, [0, 0, 1])
  close(side.back, [1, 0, 0])
  const top = viewAxes({ rotation: standardViews.top })
  close(top.right, [1, 0, 0])
  close(top.up, [0, 0, 1])
  close(top.back, [0, -1, 0])
})

test('perspective keeps the target plane at its size, and makes near things larger', () => {
  const camera = { ...rest, perspective: true }
  const eye = eyeDistance(camera, 0)
  expect(eye).toBeCloseTo(50 / Math.tan(Math.PI / 12), 10)
  expect(project(camera, { x: 20, y: 20, z: 30 }, size)?.x).toBeCloseTo(220, 10)
  expect(project(camera, { x: 20, y: 20, z: 30 + eye / 2 }, size)?.x).toBeCloseTo(240, 10)
  expect(project(camera, { x: 20, y: 20, z: 31 + eye }, size)).toBeNull()
})

test('dragging to the right turns the front to the right, and a full turn comes back', () => {
  const a = viewAxes(turned(rest, 100, 0, 200))
  close(a.back, [-1, 0, 0])
  let camera = rest
  for (let i = 0; i < 40; i++) camera = turned(camera, 7, -3, (40 * 7.6157731058639087) / 2)
  close(viewAxes(camera).back, [0, 0, 1])
  const quarter = viewAxes(rolled(rest, Math.PI / 2))
  close(quarter.right, [0, -1, 0])
})

test('panning keeps the point under the pointer, from any side', () => {
  const camera = turned(rest, 37, -12, 100)
  const point = { x: 4, y: 25, z: 12 }
  const before = project(camera, point, size)
  const after = project(panned(camera, 15, -8, size.height), point, size)
  expect(after?.x).toBeCloseTo((before?.x ?? 0) + 15, 10)
  expect(after?.y).toBeCloseTo((before?.y ?? 0) - 8, 10)
})

test('a fit shows every corner from any side, in a wide and in a narrow pane', () => {
  const low = { x: 0, y: 0, z: 0 }
  const high = { x: 100, y: 40, z: 260 }
  for (const pane of [size, { width: 100, height: 300 }])
    for (const turn of [0, 13, 55, 90]) {
      const camera = turned(fitted(rest, low, high, pane.width / pane.height), turn, turn / 2, 100)
      for (const x of [0, 100])
        for (const y of [0, 40])
          for (const z of [0, 260]) {
            const at = project(camera, { x, y, z }, pane)
            expect(at?.x).toBeGreaterThanOrEqual(0)
            expect(at?.x).toBeLessThanOrEqual(pane.width)
            expect(at?.y).toBeGreaterThanOrEqual(0)
            expect(at?.y).toBeLessThanOrEqual(pane.height)
          }
    }
  expect(zoomed(rest, 2).height).toBe(50)
})
