import { expect, test } from 'vitest'
import { blockFacts, firstLevel, levelEnclosing, voxelsBeyond } from './blockFacts.ts'

test('moments of known values, NaN left out', () => {
  const facts = blockFacts([Float32Array.of(1, 2, 3), Float32Array.of(4, 10, NaN, Infinity)])
  expect(facts).toMatchObject({ min: 1, max: 10, mean: 4, count: 5, whole: true })
  expect(facts.std).toBeCloseTo(Math.sqrt(10), 6)
  expect(facts.skewness).toBeCloseTo((-27 - 8 - 1 + 0 + 216) / 5 / 10 ** 1.5, 6)
})

test('levels and enclosed voxels are each other’s inverse, on either side', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i * 12.9898) * 50 + 7)
  const facts = blockFacts([values])
  for (const dark of [true, false])
    for (const voxels of [10, 500, 5000, 9990]) {
      const level = levelEnclosing(facts, voxels, dark)
      const counted = values.filter((value) => (dark ? value < level : value > level)).length
      expect(Math.abs(counted - voxels)).toBeLessThanOrEqual(40)
      expect(voxelsBeyond(facts, level, dark)).toBeCloseTo(voxels, 3)
    }
})

test('a first level lies among the values, on the dense side', () => {
  const facts = blockFacts([Float32Array.from({ length: 1000 }, (_, i) => (i < 50 ? -10 : (i % 7) * 0.1))])
  const level = firstLevel(facts, true)
  expect(level).toBeLessThan(facts.mean)
  expect(level).toBeGreaterThan(facts.min)
  expect(firstLevel(blockFacts([new Float32Array(8).fill(3)]), false)).toBe(3)
})
