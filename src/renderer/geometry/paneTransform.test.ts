import { describe, expect, test } from 'vitest'
import {
  axesOfPane,
  clampVoxel,
  fitScale,
  toPane,
  toVolume,
  voxelAspect,
  voxelAt,
  zoomedCentre,
  type PaneTransform
} from './paneTransform.ts'

const xy: PaneTransform = {
  axes: axesOfPane('xy', false),
  width: 400,
  height: 200,
  centre: { x: 50, y: 20, z: 5 },
  pixelsPerVoxel: { x: 4, y: 4, z: 4 }
}

describe('orientation as in IMOD', () => {
  test('x grows to the right, row 0 is at the bottom', () => {
    expect(toPane(xy, { x: 50, y: 20, z: 0 })).toEqual({ x: 200, y: 100 })
    expect(toPane(xy, { x: 51, y: 20, z: 0 }).x).toBe(204)
    expect(toPane(xy, { x: 50, y: 21, z: 0 }).y).toBe(96)
  })

  test('XZ has z upwards; YZ beside XY has z to the right and keeps y upwards', () => {
    expect(axesOfPane('xz', false)).toMatchObject({ right: 'x', up: 'z', normal: 'y' })
    expect(axesOfPane('yz', true)).toMatchObject({ right: 'z', up: 'y', normal: 'x' })
    expect(axesOfPane('yz', false)).toMatchObject({ right: 'y', up: 'z', normal: 'x' })
  })
})

test('pane to volume is the inverse of volume to pane', () => {
  for (const plane of ['xy', 'xz', 'yz'] as const)
    for (const transposed of [false, true]) {
      const transform = { ...xy, axes: axesOfPane(plane, transposed), pixelsPerVoxel: { x: 3, y: 2, z: 7 } }
      const point = { x: 12.25, y: 3.5, z: 8.75 }
      const { x, y } = toPane(transform, point)
      const back = toVolume(transform, x, y, point[transform.axes.normal])
      expect(back.x).toBeCloseTo(point.x, 10)
      expect(back.y).toBeCloseTo(point.y, 10)
      expect(back.z).toBeCloseTo(point.z, 10)
    }
})

test('a voxel covers [i, i + 1); outside there is none', () => {
  const size = { x: 3, y: 1, z: 2 }
  expect(voxelAt({ x: 0, y: 0, z: 0 }, size)).toEqual({ x: 0, y: 0, z: 0 })
  expect(voxelAt({ x: 2.999, y: 0.5, z: 1 }, size)).toEqual({ x: 2, y: 0, z: 1 })
  expect(voxelAt({ x: 3, y: 0, z: 0 }, size)).toBeNull()
  expect(voxelAt({ x: -0.001, y: 0, z: 0 }, size)).toBeNull()
  expect(clampVoxel({ x: 9, y: -4, z: 1.5 }, size)).toEqual({ x: 2, y: 0, z: 1 })
})

test('zooming keeps the anchor where it is on screen', () => {
  const anchor = { x: 61, y: 11, z: 5 }
  const before = toPane(xy, anchor)
  const factor = 2.5
  const scaled = { x: 10, y: 10, z: 10 }
  const after = toPane({ ...xy, pixelsPerVoxel: scaled, centre: zoomedCentre(xy.centre, anchor, factor) }, anchor)
  expect(after.x).toBeCloseTo(before.x, 10)
  expect(after.y).toBeCloseTo(before.y, 10)
})

test('a fit shows the whole box in every pane, touching the margin in one', () => {
  const box = { x: [0, 94], y: [0, 206], z: [0, 36] } as const
  const panes = [
    { axes: axesOfPane('xy', false), width: 640, height: 600 },
    { axes: axesOfPane('xz', false), width: 640, height: 180 },
    { axes: axesOfPane('yz', true), width: 240, height: 600 }
  ]
  const scale = fitScale({ x: [...box.x], y: [...box.y], z: [...box.z] }, { x: 1, y: 1, z: 2 }, panes)
  const fills = panes.map(({ axes, width, height }) => {
    const extent = { x: 94, y: 206, z: 72 }
    return Math.max((extent[axes.right] * scale) / (width - 16), (extent[axes.up] * scale) / (height - 16))
  })
  expect(Math.max(...fills)).toBeCloseTo(1, 10)
})

test('anisotropic voxels are drawn true; unknown sizes count as cubes', () => {
  expect(voxelAspect({ x: 10, y: 10, z: 25 })).toEqual({ x: 1, y: 1, z: 2.5 })
  expect(voxelAspect(null)).toEqual({ x: 1, y: 1, z: 1 })
  expect(voxelAspect({ x: 0, y: 1, z: 1 })).toEqual({ x: 1, y: 1, z: 1 })
})
