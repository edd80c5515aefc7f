import { expect, test } from 'vitest'
import { standardViews } from '../../shared/camera.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { wedgeSolid, type DrawnPoint } from './wedgeSolid.ts'

const extent = (faces: readonly (readonly DrawnPoint[])[], axis: 'x' | 'y'): number =>
  Math.max(...faces.flat().map((point) => Math.abs(point[axis])))

test('from each side the solid is as wide as the wedge that no tilt recorded', () => {
  // Tilts of 60 degrees about y: beyond them x reaches cos 60.
  const front = wedgeSolid({ rotation: standardViews.front }, defaultWedge)
  expect(extent(front, 'x')).toBeCloseTo(0.5, 9)
  expect(extent(front, 'y')).toBeCloseTo(0.55, 9)
  const side = wedgeSolid({ rotation: standardViews.side }, defaultWedge)
  expect(extent(side, 'x')).toBeCloseTo(0.55, 9)
  expect(extent(side, 'y')).toBeCloseTo(1, 9)
  // Along the tilt axis every point lies beyond the limits: up by tan 60 times what it lies aside, at the least.
  const along = wedgeSolid({ rotation: standardViews.top }, defaultWedge)
  for (const { x, y } of along.flat())
    expect(Math.abs(y)).toBeGreaterThanOrEqual(Math.tan(Math.PI / 3) * Math.abs(x) - 1e-9)
  expect(extent(along, 'y')).toBeCloseTo(1, 9)
})

test('an uneven range leans, a whole one leaves nothing', () => {
  // Tilts from -30 to 90 degrees: unmeasured are directions from 90 to 150.
  const faces = wedgeSolid({ rotation: standardViews.top }, { ...defaultWedge, tiltMin: -30, tiltMax: 90 })
  for (const { x, y } of faces.flat()) expect(x * y).toBeGreaterThanOrEqual(-1e-9)
  expect(wedgeSolid({ rotation: standardViews.top }, { ...defaultWedge, tiltMin: -90, tiltMax: 90 })).toEqual([])
})
