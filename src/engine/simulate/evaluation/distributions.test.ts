import { describe, expect, it } from 'vitest'
import { normalDensity, normalDistribution } from './normal.ts'
import { studentCentral, studentHalfWidth } from './student.ts'

describe('the normal distribution', () => {
  it.each([
    // Abramowitz and Stegun, tables 26.1 and 26.2.
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1, 0.8413447460685429],
    [-1.96, 0.0249978951482204],
    [3, 0.9986501019683699],
    [-5, 2.866515718791939e-7]
  ])('at %d', (z, expected) => {
    expect(normalDistribution(z) / expected).toBeCloseTo(1, 12)
    const slope = (normalDistribution(z + 1e-5) - normalDistribution(z - 1e-5)) / 2e-5
    expect(slope).toBeCloseTo(normalDensity(z), 8)
  })
})

describe('Student’s t', () => {
  it.each([
    // Closed forms for 1 and 2 degrees; tables for the rest.
    [0.9, 1, Math.tan((0.9 * Math.PI) / 2)],
    [0.95, 2, 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2))],
    [0.95, 10, 2.2281388519862744],
    [0.5, 30, 0.6827556933212924],
    [0.8, 4, 1.5332062740589436],
    [0.95, Infinity, 1.959963984540054]
  ])('half width of level %d with %d degrees of freedom', (level, degrees, expected) => {
    expect(studentHalfWidth(level, degrees) / expected).toBeCloseTo(1, 9)
  })

  it('goes over into the normal, and takes degrees that are no whole number', () => {
    expect(studentCentral(1.5, 1e6)).toBeCloseTo(2 * normalDistribution(1.5) - 1, 5)
    const [low, middle, high] = [2, 2.5, 3].map((degrees) => studentHalfWidth(0.9, degrees))
    expect(middle).toBeLessThan(low)
    expect(middle).toBeGreaterThan(high)
    expect(studentCentral(studentHalfWidth(0.9, 2.5), 2.5)).toBeCloseTo(0.9, 10)
  })
})
