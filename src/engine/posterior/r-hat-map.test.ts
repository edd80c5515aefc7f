import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainRHat } from './convergence.ts'
import { createMoments, pushDraw, type Moments } from './moments.ts'
import { rHatMap } from './r-hat-map.ts'

/** One value a draw; weights as logarithms. */
function chainOf(draws: readonly number[], logWeights: readonly number[] = draws.map(() => 0)): Moments {
  const moments = createMoments(1)
  draws.forEach((value, i) => pushDraw(moments, [value], logWeights[i]))
  return moments
}

describe('the R-hat of a voxel', () => {
  it('is sqrt(((n - 1)/n W + B/n) / W) of known means and variances', () => {
    // Means 1 and 4, sample variances 1 and 4, n = 3: W = 2.5, B/n = 4.5.
    const chains = [chainOf([0, 1, 2]), chainOf([2, 4, 6])]
    expect(rHatMap(chains)?.[0]).toBeCloseTo(Math.sqrt(((2 / 3) * 2.5 + 4.5) / 2.5), 6)
    // Three chains of equal means: sqrt((n - 1)/n), the least there is.
    expect(
      rHatMap(
        [
          [-1, 1],
          [3, -3],
          [0, 0]
        ].map((draws) => chainOf(draws))
      )?.[0]
    ).toBeCloseTo(Math.SQRT1_2, 6)
  })

  it('equals that of the draws themselves, voxel by voxel', () => {
    const draw = fc.float({ min: -100, max: 100, noNaN: true }).map((value) => Math.round(value * 8) / 8)
    const volumes = fc.array(fc.tuple(draw, draw, draw), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(volumes, { minLength: 2, maxLength: 4 }), (chains) => {
        const moments = chains.map((volumesOf) => {
          const one = createMoments(3)
          for (const values of volumesOf) pushDraw(one, values)
          return one
        })
        const map = rHatMap(moments)
        for (const voxel of [0, 1, 2] as const) {
          const series = chains.map((volumesOf) => Float64Array.from(volumesOf, (values) => values[voxel]))
          const expected = plainRHat(series)
          const found = map?.[voxel] ?? 0
          if (Number.isFinite(expected)) expect(Math.abs(found / expected - 1)).toBeLessThan(1e-6)
          else expect(found === 1 || Number.isNaN(found)).toBe(true)
        }
      })
    )
  })

  it('is 1 where all chains stand still at one value, and not a number where at several', () => {
    const still = (value: number): Moments => chainOf([value, value, value])
    // A value that thirds of a sum don't give back to the bit.
    expect(rHatMap([still(0.1), still(0.1), still(0.1)])?.[0]).toBe(1)
    expect(rHatMap([still(0.1), still(0.2)])?.[0]).toBeNaN()
  })

  it('is not there for one chain, fewer than two draws each, or chains of several lengths', () => {
    expect(rHatMap([])).toBeNull()
    expect(rHatMap([chainOf([1, 2])])).toBeNull()
    expect(rHatMap([chainOf([1]), chainOf([2])])).toBeNull()
    expect(rHatMap([createMoments(1), createMoments(1)])).toBeNull()
    expect(rHatMap([chainOf([1, 2]), chainOf([1, 2, 3])])).toBeNull()
  })

  it('takes draws that weigh the same for what they are, and unequal ones for as many as they are worth', () => {
    const [a, b] = [
      [0, 1, 2],
      [2, 4, 6]
    ]
    const half = a.map(() => Math.log(0.5))
    expect(rHatMap([chainOf(a, half), chainOf(b, half)])?.[0]).toBeCloseTo(
      rHatMap([chainOf(a), chainOf(b)])?.[0] ?? 0,
      6
    )
    // Weights 2, 1, 1 are worth n = 16 / 6 draws; means 0.75 and 3.5, population variances 0.6875 and 2.75.
    const logs = [Math.log(2), 0, 0]
    const n = 16 / 6
    const spread = (0.6875 + 2.75) / 2
    const expected = Math.sqrt((spread + 2.75 ** 2 / 2) / ((spread * n) / (n - 1)))
    expect(rHatMap([chainOf(a, logs), chainOf(b, logs)])?.[0]).toBeCloseTo(expected, 6)
  })
})
