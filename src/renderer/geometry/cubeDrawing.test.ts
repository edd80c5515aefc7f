import { expect, test } from 'vitest'
import { viewAxes } from '../../shared/camera.ts'
import { sides } from './cubeDrawing.ts'

test('a click on a side brings that side to the front, upright', () => {
  expect(sides.map(({ axis, sign }) => `${sign}${axis}`).sort()).toEqual(['-1x', '-1y', '-1z', '1x', '1y', '1z'])
  for (const { axis, sign, rotation } of sides) {
    const { back, up } = viewAxes({ rotation })
    const normal = { x: [sign, 0, 0], y: [0, sign, 0], z: [0, 0, sign] }[axis]
    back.forEach((value, i) => expect(value).toBeCloseTo(normal[i], 6))
    // z is up where it can be, else y: as the slices are drawn.
    const upright = axis === 'z' ? [0, 1, 0] : [0, 0, 1]
    up.forEach((value, i) => expect(value).toBeCloseTo(upright[i], 6))
  }
})
