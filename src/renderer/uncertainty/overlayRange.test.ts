import { expect, test } from 'vitest'
import type { OpenVolume } from '../../shared/volumes.ts'
import { defaultOverlay, overlayRange } from '../stores/overlay.ts'

const std = { role: 'std', contrast: { low: 8, high: 12 } } as OpenVolume
const share = { role: 'wedge-share', contrast: { low: 0.2, high: 0.7 } } as OpenVolume
const muting = { ...defaultOverlay, style: 'value-suppressing' } as const

test('the muting palette ends where the halves of the values’ range are two SDs wide', () => {
  expect(overlayRange(muting, std, 120)).toEqual({ low: 0, high: 30 })
  // Each border of its rows is then at most half a bin of the row before it: 120 / 8 / 2 and 120 / 4 / 2.
  expect(30 / 4).toBeLessThanOrEqual(120 / 8 / 2)
  expect((2 * 30) / 4).toBeLessThanOrEqual(120 / 4 / 2)
  expect(overlayRange({ ...muting, high: 14 }, std, 120)).toEqual({ low: 0, high: 14 })
})

test('R-hat begins at 1, where chains agree, and ends at what is no longer accepted', () => {
  const rHat = { role: 'r-hat', contrast: { low: 0.99, high: 3 } } as OpenVolume
  expect(overlayRange(defaultOverlay, rHat)).toEqual({ low: 1, high: 1.2 })
  expect(overlayRange({ ...defaultOverlay, low: 0.9, high: 1.5 }, rHat)).toEqual({ low: 0.9, high: 1.5 })
})

test('other maps, and colours over grey values, keep their own range', () => {
  expect(overlayRange(defaultOverlay, std, 120)).toEqual({ low: 0, high: 12 })
  expect(overlayRange(muting, share, 120)).toEqual({ low: 0, high: 1 })
  expect(overlayRange(muting, std)).toEqual({ low: 0, high: 12 })
})
