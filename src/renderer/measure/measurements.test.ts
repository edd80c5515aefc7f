import { beforeEach, expect, test } from 'vitest'
import { formatDistance, formatVoxels, lengthOf } from '../../shared/distances.ts'
import { linesAsTable } from './copyLines.ts'
import { clearLines, dropBegun, linesOf, measurePoint, removeLine, useMeasure } from './measurements.ts'

beforeEach(() => useMeasure.setState(useMeasure.getInitialState(), true))
const lines = (group = 't') => linesOf(useMeasure.getState(), group)

test('lengths across slices count every axis with its own voxel size', () => {
  const line = { from: { x: 1, y: 2, z: 3 }, to: { x: 4, y: 6, z: 15 } }
  expect(lengthOf(line, { x: 10, y: 10, z: 10 })).toEqual({ nm: 13, voxels: 13 })
  // 3 x 2 nm, 4 x 1 nm, 12 x 0.5 nm: sqrt(36 + 16 + 36).
  expect(lengthOf(line, { x: 20, y: 10, z: 5 }).nm).toBeCloseTo(Math.sqrt(88), 12)
  expect(lengthOf(line, { x: 20, y: 10, z: 5 }).voxels).toBe(13)
  expect(lengthOf(line, null)).toEqual({ nm: null, voxels: 13 })
  expect(formatDistance(lengthOf(line, null))).toBe('13.0 voxels')
  expect(formatDistance({ nm: 9.384, voxels: 13 })).toBe('9.38 nm')
  expect(formatVoxels({ nm: 1, voxels: 5 })).toBe('5.00 voxels')
})

test('two points make a line, several lines are kept, each tomogram has its own', () => {
  const at = (x: number) => ({ x, y: 0, z: 0 })
  measurePoint('t', at(1))
  expect(lines()).toEqual([])
  measurePoint('t', at(5))
  measurePoint('t', at(2))
  // A point in another tomogram begins anew.
  measurePoint('u', at(0))
  measurePoint('u', at(9))
  measurePoint('t', at(2))
  measurePoint('t', at(8))
  expect(lines().map((line) => lengthOf(line, null).voxels)).toEqual([4, 6])
  expect(lines('u').map((line) => lengthOf(line, null).voxels)).toEqual([9])
  removeLine('t', lines()[0].id)
  expect(lines().map(({ id }) => id)).toEqual([2])
  measurePoint('t', at(1))
  expect(dropBegun()).toBe(true)
  expect(dropBegun()).toBe(false)
  clearLines('t')
  expect(lines()).toEqual([])
  expect(lines('u')).toHaveLength(1)
})

test('the table has positions as the read-out counts them', () => {
  const line = { id: 1, from: { x: 0.5, y: 0.5, z: 0.5 }, to: { x: 3.5, y: 4.5, z: 0.5 } }
  expect(linesAsTable([line], { x: 10, y: 10, z: 10 }).split('\n')[1]).toBe(
    '1\t5.000\t5.000\t0.00\t0.00\t0.00\t3.00\t4.00\t0.00'
  )
})
