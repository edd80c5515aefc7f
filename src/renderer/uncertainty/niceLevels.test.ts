import { expect, test } from 'vitest'
import { niceLevels, parseLevels } from './niceLevels.ts'

test('levels are round numbers strictly inside the range', () => {
  expect(niceLevels({ low: 0, high: 14 })).toEqual([5, 10])
  expect(niceLevels({ low: 0, high: 1 })).toEqual([0.2, 0.4, 0.6, 0.8])
  expect(niceLevels({ low: 3, high: 11.3 })).toEqual([4, 6, 8, 10])
  expect(niceLevels({ low: -2e-4, high: 2e-4 })).toEqual([-1e-4, 0, 1e-4])
  expect(niceLevels({ low: 5, high: 5 })).toEqual([])
})

test('typed levels are read whatever separates them', () => {
  expect(parseLevels('4, 6.5,10')).toEqual([4, 6.5, 10])
  expect(parseLevels(' 10 4;4 ')).toEqual([4, 10])
  expect(parseLevels('')).toEqual([])
  expect(parseLevels('−3, 2')).toEqual([-3, 2])
  expect(parseLevels('4, many')).toBeNull()
})
