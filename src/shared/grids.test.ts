import { expect, test } from 'vitest'
import type { Box, XYZ } from './axes.ts'
import { compareGrids, cornerOffset, voxelBetween, type Gridded } from './grids.ts'

const cube = (length: number): XYZ => ({ x: length, y: length, z: length })

function grid(id: string, size: XYZ, voxelSizeAngstrom: XYZ | null, origin: XYZ = cube(0), start = cube(0)): Gridded {
  return {
    id,
    name: `${id}.mrc`,
    info: {
      path: `/data/${id}.mrc`,
      format: 'mrc',
      mode: 2,
      dtype: 'float32',
      byteOrder: 'little',
      size,
      voxelSizeAngstrom,
      origin,
      start,
      axisOrder: [1, 2, 3],
      isVolumeStack: false,
      extendedHeader: { type: '', bytes: 0 },
      labels: [],
      tilt: null,
      repairs: [],
      compressed: 'none'
    },
    region: null
  }
}

const raw = grid('raw', { x: 94, y: 206, z: 36 }, cube(10.52))

function map(id: string, box: Box): Gridded {
  const size = { x: box.x[1] - box.x[0], y: box.y[1] - box.y[0], z: box.z[1] - box.z[0] }
  return { ...grid(id, size, cube(10.52)), region: { tomogram: 'raw', box } }
}

const words = (a: Gridded, b: Gridded): string => {
  const relation = compareGrids(a, b)
  return relation.kind === 'different' ? `${relation.differences.join('; ')}. ${relation.why}`.trim() : relation.kind
}

test('maps of one tomogram: the same box, a box within the other, boxes that differ', () => {
  const box: Box = { x: [10, 50], y: [0, 40], z: [4, 20] }
  expect(compareGrids(map('a', box), map('b', box))).toEqual({ kind: 'equal' })
  expect(compareGrids(raw, map('b', box))).toEqual({ kind: 'nested', box })
  expect(compareGrids(map('a', box), { ...map('c', { ...box, x: [20, 30] }) })).toMatchObject({ kind: 'nested' })
  const shifted = map('d', { ...box, x: [30, 70] })
  expect(words(map('a', box), shifted)).toBe('the regions differ: x 10 to 49 against 30 to 69.')
  expect(compareGrids(map('a', box), shifted)).toMatchObject({ resamplable: true })
  expect(compareGrids(map('a', box), map('e', { ...box, z: [20, 30] }))).toMatchObject({
    kind: 'different',
    resamplable: false,
    why: 'The regions have no voxel in common.'
  })
})

test('files: what differs is spelled out', () => {
  expect(compareGrids(raw, grid('b', raw.info.size, cube(10.5201)))).toEqual({ kind: 'equal' })
  expect(words(raw, grid('b', { x: 47, y: 103, z: 18 }, cube(21.04)))).toBe(
    'the size is 94 × 206 × 36 against 47 × 103 × 18 voxels; the voxel size is 10.52 against 21.04 Å.'
  )
  expect(compareGrids(raw, grid('b', { x: 47, y: 103, z: 18 }, cube(21.04)))).toMatchObject({ resamplable: true })
  expect(words(raw, grid('b', { x: 93, y: 206, z: 36 }, null))).toBe(
    'the size is 94 × 206 × 36 against 93 × 206 × 36 voxels. b.mrc tells no voxel size, so that their positions can’t be related.'
  )
  // Without voxel sizes equal sizes are compared voxel by voxel.
  expect(compareGrids(raw, grid('b', raw.info.size, null))).toEqual({ kind: 'equal' })
  const far = grid('far', cube(20), cube(10.52), { x: 5000, y: 0, z: 0 })
  expect(compareGrids(raw, far)).toMatchObject({ resamplable: false, why: expect.stringContaining('no common place') })
})

test('a dropped origin moves nothing; two origins that differ do', () => {
  const at = (origin: XYZ): Gridded => grid('b', raw.info.size, cube(10.52), origin)
  expect(compareGrids(raw, at({ x: 300, y: 0, z: 0 }))).toEqual({ kind: 'equal' })
  const moved = compareGrids({ ...at({ x: 100, y: 0, z: 0 }), id: 'a' }, at({ x: 310.4, y: 0, z: 0 }))
  expect(moved).toMatchObject({ kind: 'different', differences: ['the box begins x 21, y 0, z 0 nm away'] })
  // A crop that a program saved with its position: origin, or start indices alone.
  const crop = grid('crop', cube(20), cube(10.52), { x: 105.2, y: 0, z: 52.6 })
  expect(voxelBetween(raw, crop, { x: 15.5, y: 3, z: 9 })).toEqual({
    x: expect.closeTo(5.5),
    y: expect.closeTo(3),
    z: expect.closeTo(4)
  })
  const starts = grid('starts', cube(20), cube(10.52), cube(0), { x: 10, y: 0, z: 0 })
  expect(cornerOffset(raw, starts)?.x).toBeCloseTo(105.2)
})

test('positions go by way of nm, and back; without voxel sizes only between equal sizes', () => {
  const binned = grid('b', { x: 47, y: 103, z: 18 }, cube(21.04))
  const there = voxelBetween(raw, binned, { x: 41, y: 100, z: 18 })
  expect(there).toEqual({ x: expect.closeTo(20.5), y: expect.closeTo(50), z: expect.closeTo(9) })
  expect(there && voxelBetween(binned, raw, there)?.x).toBeCloseTo(41)
  const unknown = grid('u', raw.info.size, null)
  expect(voxelBetween(raw, unknown, { x: 1, y: 2, z: 3 })).toEqual({ x: 1, y: 2, z: 3 })
  expect(voxelBetween(binned, unknown, { x: 1, y: 2, z: 3 })).toBeNull()
})
