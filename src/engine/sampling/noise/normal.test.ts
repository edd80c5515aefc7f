import { describe, expect, it } from 'vitest'
import { fillField, wholeFrame } from './field.ts'
import { drawUniform, fillNormal } from './normal.ts'
import type { NoiseKey } from './normal.ts'

const key: NoiseKey = { seed: 7, chain: 2, step: 5, purpose: 'langevin' }

describe('normal noise', () => {
  it('is the Box-Muller transform of the published Philox words', () => {
    const out = new Float64Array(4)
    // Counter and key all zero: the first known-answer vector of Random123.
    fillNormal(out, 0, 4, 0, { seed: 0, chain: 0, step: 0, purpose: 'start' })
    const u = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8].map((word) => (word + 0.5) / 2 ** 32)
    const expected = [
      Math.sqrt(-2 * Math.log(u[0])) * Math.cos(2 * Math.PI * u[1]),
      Math.sqrt(-2 * Math.log(u[0])) * Math.sin(2 * Math.PI * u[1]),
      Math.sqrt(-2 * Math.log(u[2])) * Math.cos(2 * Math.PI * u[3]),
      Math.sqrt(-2 * Math.log(u[2])) * Math.sin(2 * Math.PI * u[3])
    ]
    expect(Array.from(out)).toEqual(expected)
  })

  it('has the moments and tails of N(0, 1)', () => {
    const n = 400_000
    const out = new Float32Array(n)
    fillNormal(out, 0, n, 0, key)
    let [m1, m2, m3, m4, beyond2] = [0, 0, 0, 0, 0]
    let lag = 0
    for (let i = 0; i < n; i++) {
      const v = out[i]
      m1 += v
      m2 += v * v
      m3 += v ** 3
      m4 += v ** 4
      if (Math.abs(v) > 2) beyond2++
      if (i > 0) lag += v * out[i - 1]
    }
    // Five standard errors of each estimate.
    const bound = 5 / Math.sqrt(n)
    expect(Math.abs(m1 / n)).toBeLessThan(bound)
    expect(Math.abs(m2 / n - 1)).toBeLessThan(bound * Math.sqrt(2))
    expect(Math.abs(m3 / n)).toBeLessThan(bound * Math.sqrt(15))
    expect(Math.abs(m4 / n - 3)).toBeLessThan(bound * Math.sqrt(96))
    expect(Math.abs(beyond2 / n - 0.04550026)).toBeLessThan(bound * 0.21)
    expect(Math.abs(lag / n)).toBeLessThan(bound)
  })

  it('gives an element by its index, wherever the drawing starts', () => {
    const whole = new Float32Array(64)
    fillNormal(whole, 0, 64, 0, key)
    for (let first = 0; first < 9; first++)
      for (let count = 1; count < 12; count++) {
        const part = new Float32Array(count + 2)
        fillNormal(part, 1, count, first, key)
        expect(part.subarray(1, 1 + count)).toEqual(whole.subarray(first, first + count))
        expect(part[0]).toBe(0)
        expect(part[count + 1]).toBe(0)
      }
  })

  it('addresses indices beyond 2^32 blocks without repeating', () => {
    const near = new Float32Array(4)
    const far = new Float32Array(4)
    fillNormal(near, 0, 4, 0, key)
    fillNormal(far, 0, 4, 4 * 2 ** 32, key)
    expect(far).not.toEqual(near)
  })

  it('changes with the seed, the chain, the step and the purpose', () => {
    const draw = (change: Partial<NoiseKey>): number => {
      const out = new Float64Array(1)
      fillNormal(out, 0, 1, 11, { ...key, ...change })
      return out[0]
    }
    const all = [{}, { seed: 8 }, { chain: 3 }, { step: 6 }, { purpose: 'candidate' as const }].map(draw)
    expect(new Set(all).size).toBe(all.length)
  })

  it('draws the same noise where two boxes overlap', () => {
    const whole: [number, number, number] = [5, 7, 9]
    const all = new Float32Array(2 * 5 * 7 * 9)
    fillField(all, 0, wholeFrame(2, whole), key)
    const box: [number, number, number] = [3, 4, 5]
    const origin: [number, number, number] = [1, 2, 3]
    const part = new Float32Array(2 * 3 * 4 * 5)
    fillField(part, 0, { channels: 2, box, origin, whole }, key)
    let at = 0
    for (let c = 0; c < 2; c++)
      for (let z = 0; z < 3; z++)
        for (let y = 0; y < 4; y++)
          for (let x = 0; x < 5; x++) expect(part[at++]).toBe(all[((c * 5 + z + 1) * 7 + y + 2) * 9 + x + 3])
  })

  it('draws uniforms inside (0, 1) with the right mean', () => {
    let sum = 0
    for (let step = 0; step < 20_000; step++) {
      const u = drawUniform({ ...key, step, purpose: 'accept' })
      expect(u > 0 && u < 1).toBe(true)
      sum += u
    }
    expect(Math.abs(sum / 20_000 - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 20_000))
  })
})
