import { expect, test } from 'vitest'
import { fieldOfBox, fieldOfView, intersection, rangeWithin } from './fieldOfView.ts'
import { axesOfPane } from './paneTransform.ts'

test('a pane shows the voxels that its size, centre and zoom reach', () => {
  const field = fieldOfView({
    axes: axesOfPane('xz', false),
    width: 100,
    height: 45,
    centre: { x: 20, y: 7, z: 10.5 },
    pixelsPerVoxel: { x: 10, y: 10, z: 20 }
  })
  expect(field).toEqual({ x: [15, 25], z: [9, 12] })
})

test('what all panes show is the intersection, counted from a map’s own corner', () => {
  const box = { x: [39, 80], y: [81, 122], z: [0, 36] } as const
  const field = intersection([
    { x: [-5, 94], y: [60, 150] },
    fieldOfBox({ x: [...box.x], y: [...box.y], z: [...box.z] })
  ])
  expect(field).toEqual({ x: [39, 80], y: [81, 122], z: [0, 36] })
  expect(rangeWithin(field.x, 0, 94)).toEqual([39, 80])
  expect(rangeWithin(field.x, 39, 41)).toEqual([0, 41])
  expect(rangeWithin(undefined, 39, 41)).toEqual([0, 41])
  expect(rangeWithin([200, 300], 0, 94)).toBeNull()
})
