import { expect, test } from 'vitest'
import { formatBytes, formatSeconds, formatValue, positionNm } from './format.ts'
import { robustContrast } from './percentile.ts'

test('values keep the digits that help, with a true minus sign', () => {
  expect(formatValue(0)).toBe('0.0000')
  expect(formatValue(-18)).toBe('−18.000')
  expect(formatValue(113)).toBe('113.00')
  expect(formatValue(1234.56)).toBe('1234.6')
  expect(formatValue(0.00001234)).toBe('1.234e−5')
  expect(formatValue(Number.NaN)).toBe('NaN')
})

test('durations and sizes read as a person says them', () => {
  expect([0.2, 42, 150, 7200, 400_000].map(formatSeconds)).toEqual(['under 1 s', '42 s', '3 min', '2.0 h', '4.6 days'])
  expect([512, 2_750, 1.5e9].map(formatBytes)).toEqual(['512 B', '2.8 kB', '1.5 GB'])
})

test('positions are in nm from the middle of voxel 0', () => {
  expect(positionNm({ x: 47, y: 0, z: 1 }, { x: 10.52, y: 10.52, z: 20 }).x).toBeCloseTo(49.444, 9)
})

test('robust limits leave out the tails and what is no number', () => {
  const values = Float32Array.from({ length: 1001 }, (_, i) => i)
  values[0] = -1e9
  values[1000] = Number.NaN
  values[500] = Number.POSITIVE_INFINITY
  const limits = robustContrast(values)
  expect(limits?.low).toBeGreaterThanOrEqual(4)
  expect(limits?.low).toBeLessThanOrEqual(6)
  expect(limits?.high).toBeGreaterThanOrEqual(993)
  expect(robustContrast([Number.NaN])).toBeNull()
  expect(robustContrast([5, 5, 5])).toEqual({ low: 4.5, high: 5.5 })
})
