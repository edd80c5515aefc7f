import { describe, expect, it } from 'vitest'
import { bulkEss, plainRHat, rankNormalise, rHat, splitChains } from './convergence.ts'
import { normalQuantile } from './normal-quantile.ts'

/** First-order autoregression on a linear congruential generator: the same numbers in any language. */
function autoregression(chain: number, length: number, phi: number, shift: number): number[] {
  let state = 12345 + 7919 * chain
  let x = 0
  return Array.from({ length }, () => {
    state = Number((1664525n * BigInt(state) + 1013904223n) % 4294967296n)
    x = phi * x + state / 4294967296 - 0.5
    return x + shift * chain
  })
}
const family = (chains: number, length: number, phi: number, shift: number): number[][] =>
  Array.from({ length: chains }, (_, c) => autoregression(c, length, phi, shift))

describe('normalQuantile', () => {
  it('agrees with scipy.stats.norm.ppf', () => {
    const p = [1e-300, 1e-12, 0.02, 0.3, 0.5, 0.8, 0.999999]
    const expected = [
      -37.0470962993612, -7.034483825301131, -2.053748910631823, -0.5244005127080409, 0, 0.8416212335729143,
      4.753424308817087
    ]
    p.forEach((value, i) => expect(normalQuantile(value)).toBeCloseTo(expected[i], 10))
  })
  it('reaches infinity at the ends', () => {
    expect(normalQuantile(0)).toBe(-Infinity)
    expect(normalQuantile(1)).toBe(Infinity)
  })
})

describe('convergence diagnostics', () => {
  // Written apart in numpy with rankdata and norm.ppf of scipy and autocovariances by FFT. The last one is
  // held by the cap on antithetic chains, S log10 S.
  it.each([
    [4, 101, 0.6, 0, 1.0675840823345768, 79.24214926920271],
    [4, 100, 0.9, 0, 1.4599118122868284, 9.391532456291047],
    [2, 60, 0.3, 0.2, 1.0685359195195265, 29.107555874687808],
    [1, 50, -0.3, 0, 0.9799849653694473, 50 * Math.log10(50)]
  ])('agrees with the reference for %i chains of %i, phi %f, shift %f', (chains, length, phi, shift, r, ess) => {
    const draws = family(chains, length, phi, shift)
    expect(rHat(draws)).toBeCloseTo(r, 9)
    expect(bulkEss(draws)).toBeCloseTo(ess, 6)
  })

  it('finds the effective size of a long autoregression', () => {
    const draws = family(4, 5000, 0.8, 0)
    const exact = (20_000 * (1 - 0.8)) / (1 + 0.8)
    expect(bulkEss(draws) / exact).toBeGreaterThan(0.85)
    expect(bulkEss(draws) / exact).toBeLessThan(1.15)
    expect(rHat(draws)).toBeLessThan(1.01)
  })

  it('sees chains in different places and chains of different width', () => {
    expect(rHat(family(4, 200, 0.2, 1))).toBeGreaterThan(1.5)
    const widths = family(4, 400, 0, 0).map((chain, c) => chain.map((x) => x * (c < 2 ? 1 : 5)))
    expect(rHat(widths)).toBeGreaterThan(1.1)
    expect(plainRHat(rankNormalise(splitChains(widths)))).toBeLessThan(1.03)
  })

  it('says nothing about constant, too short or diverged chains', () => {
    expect(rHat([[1, 1, 1, 1, 1, 1]])).toBeNaN()
    expect(bulkEss([[1, 2, 3]])).toBeNaN()
    expect(bulkEss([[1, 2, 3, NaN, 4, 5]])).toBeNaN()
    expect(rHat([])).toBeNaN()
  })

  it('shares ranks among ties', () => {
    const [scores] = rankNormalise([Float64Array.of(1, 2, 2, 3)])
    expect(scores[1]).toBe(scores[2])
    expect(scores[1]).toBeCloseTo(0, 12)
    expect(scores[0]).toBeCloseTo(-scores[3], 12)
  })
})
