import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import { testNoise } from './fixtures/noise.ts'
import { fieldOf, transform, voxelCount } from './field.ts'
import { applyMultiplier } from './multiplier.ts'
import { columnWeight, forwardReal, fullSpectrum, inverseReal } from './real.ts'

const sizes: ZYX[] = [
  [1, 1, 1],
  [1, 1, 7],
  [1, 6, 5],
  [2, 3, 1],
  [4, 4, 4],
  [5, 7, 9],
  [6, 5, 8],
  [3, 37, 34],
  [12, 10, 31]
]

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}

describe('forwardReal and inverseReal', () => {
  it.each(sizes)('agree with the complex transform at %i x %i x %i', (...size) => {
    const values = testNoise(voxelCount(size), 11)
    const complex = fieldOf(values, size)
    transform(complex, 'forward')
    const half = forwardReal(values, size)
    const full = fullSpectrum(half)
    expect(worst(full.re, complex.re)).toBeLessThan(1e-12)
    expect(worst(full.im, complex.im)).toBeLessThan(1e-12)

    let energy = 0
    for (let i = 0; i < half.re.length; i++)
      energy += columnWeight(i % half.halfWidth, size[2]) * (half.re[i] ** 2 + half.im[i] ** 2)
    const squares = values.reduce((sum, v) => sum + v * v, 0)
    expect(energy / values.length / squares).toBeCloseTo(1, 12)

    expect(worst(inverseReal(half), values)).toBeLessThan(1e-14)
  })

  it('stays exact to double precision on a tomogram-sized odd box', () => {
    const size: ZYX = [45, 64, 75]
    const values = testNoise(voxelCount(size), 4)
    expect(worst(inverseReal(forwardReal(values, size)), values)).toBeLessThan(1e-14)
  })
})

describe('applyMultiplier', () => {
  it('shifts a volume by one voxel through a symmetric pair of cosines', () => {
    const size: ZYX = [4, 6, 5]
    const values = testNoise(voxelCount(size), 2)
    const symbol = Float64Array.from(values, (_, i) => 2 * Math.cos((2 * Math.PI * (i % 5)) / 5))
    const got = applyMultiplier(values, size, symbol)
    const expected = values.map((_, i) => {
      const row = i - (i % 5)
      return values[row + ((i + 1) % 5)] + values[row + ((i + 4) % 5)]
    })
    // Rows start at multiples of 5, so i % 5 is x and the neighbours wrap inside the row.
    expect(worst(got, expected)).toBeLessThan(1e-13)
  })
})
