import { expect, test } from 'vitest'
import { addedPoint, movedPoint, opacityAt, removedPoint, transferTable, visibleRange } from './transfer-function.ts'

const points = [
  { share: 0, opacity: 0 },
  { share: 0.5, opacity: 0 },
  { share: 0.75, opacity: 0.4 },
  { share: 1, opacity: 0.2 }
]

test('opacity runs straight from point to point', () => {
  expect(opacityAt(points, 0.25)).toBe(0)
  expect(opacityAt(points, 0.625)).toBeCloseTo(0.2, 12)
  expect(opacityAt(points, 0.75)).toBe(0.4)
  expect(opacityAt(points, 0.875)).toBeCloseTo(0.3, 12)
})

test('what is transparent may be skipped, and nothing else', () => {
  const table = transferTable(points, 'viridis')
  const [from, to] = visibleRange(table)
  for (let i = 0; i < 256; i++) {
    const isVisible = table[i * 4 + 3] > 0
    expect(isVisible).toBe(i / 255 >= from && i / 255 <= to)
  }
  expect(visibleRange(transferTable([{ share: 0, opacity: 0 }], 'grey'))).toEqual([1, 0])
})

test('points move between their neighbours, are added without a change, and the ends stay', () => {
  expect(movedPoint(points, 1, { share: 0.9, opacity: 2 })[1]).toEqual({ share: 0.75, opacity: 1 })
  expect(movedPoint(points, 0, { share: 0.3, opacity: 0.1 })[0]).toEqual({ share: 0, opacity: 0.1 })
  const more = addedPoint(points, 0.6)
  for (let share = 0; share <= 1; share += 0.01)
    expect(opacityAt(more, share)).toBeCloseTo(opacityAt(points, share), 12)
  expect(removedPoint(more, 2)).toEqual(points)
  expect(removedPoint(points, 0)).toEqual(points)
})
