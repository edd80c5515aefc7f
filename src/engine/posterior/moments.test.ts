import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createFamily, familyMaps, pushMember } from './family.ts'
import { createMoments, pushDraw, varianceOf, weightEss } from './moments.ts'

describe('streaming moments', () => {
  it('equals the two-pass mean and population variance', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.float({ min: -100, max: 100, noNaN: true }), fc.double({ min: -30, max: 30, noNaN: true })),
          {
            minLength: 1,
            maxLength: 30
          }
        ),
        (draws) => {
          const moments = createMoments(1)
          for (const [value, logWeight] of draws) pushDraw(moments, [value], logWeight)
          const top = Math.max(...draws.map(([, logWeight]) => logWeight))
          const weights = draws.map(([, logWeight]) => Math.exp(logWeight - top))
          const total = weights.reduce((a, b) => a + b)
          const mean = draws.reduce((sum, [value], i) => sum + (weights[i] * value) / total, 0)
          const variance = draws.reduce((sum, [value], i) => sum + (weights[i] * (value - mean) ** 2) / total, 0)
          expect(moments.mean[0]).toBeCloseTo(mean, 8)
          expect(Math.abs(varianceOf(moments)[0] - variance)).toBeLessThan(1e-5 * (1 + variance))
          expect(weightEss(moments)).toBeCloseTo(total ** 2 / weights.reduce((a, w) => a + w * w, 0), 8)
        }
      )
    )
  })

  it('does not lose a small variance beside a large mean', () => {
    const moments = createMoments(1)
    for (let i = 0; i < 1000; i++) pushDraw(moments, [1e8 + (i % 2)])
    expect(varianceOf(moments)[0]).toBeCloseTo(0.25, 6)
  })

  it('survives log weights far outside what exp can hold', () => {
    const moments = createMoments(1)
    pushDraw(moments, [1], -1e6)
    pushDraw(moments, [2], -1e6 + Math.log(3))
    pushDraw(moments, [50], -Infinity)
    expect(moments.mean[0]).toBeCloseTo(1.75, 9)
    expect(varianceOf(moments)[0]).toBeCloseTo(0.1875, 6)
    expect(weightEss(moments)).toBeCloseTo(1.6, 9)
    expect(moments.count).toBe(3)
    pushDraw(moments, [7], 1e6)
    expect(moments.mean[0]).toBe(7)
    expect(varianceOf(moments)[0]).toBe(0)
  })

  it('is empty before the first draw', () => {
    const moments = createMoments(2)
    expect(Array.from(varianceOf(moments))).toEqual([0, 0])
    expect(weightEss(moments)).toBe(0)
  })
})

describe('family', () => {
  it('splits the variance and counts what is above the threshold', () => {
    const family = createFamily(2, 0.5)
    const draws: [number[], number[], number][] = [
      [[0, 1], [0, 0.5], 0],
      [[1, 1], [0.25, 0.5], Math.log(3)],
      [[0.5, -1], [0.5, 0.25], 0]
    ]
    for (const [x, measured, logWeight] of draws)
      pushMember(family, Float32Array.from(x), Float32Array.from(measured), logWeight)
    const maps = familyMaps(family)
    // Weights 1, 3, 1.
    expect(maps.mean[0]).toBeCloseTo((0 + 3 + 0.5) / 5, 6)
    expect(maps.probability?.[0]).toBeCloseTo(3 / 5, 6)
    expect(maps.probability?.[1]).toBeCloseTo(4 / 5, 6)
    const wedge = [0, 0.75, 0]
    const mean = (3 * 0.75) / 5
    const variance = [1, 3, 1].reduce((sum, w, i) => sum + w * (wedge[i] - mean) ** 2, 0) / 5
    expect(maps.wedgeVariance[0]).toBeCloseTo(variance, 6)
    expect(maps.draws).toBe(3)
  })
})
