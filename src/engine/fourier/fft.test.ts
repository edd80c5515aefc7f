import { describe, expect, it } from 'vitest'
import { testNoise } from './fixtures/noise.ts'
import { transform, fieldOf, type AxisIndex } from './field.ts'
import { frequency, frequencySigns, mirrored } from './frequency.ts'
import { fftPlan } from './plan.ts'

function directDft(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = re.length
  const outRe = new Float64Array(n)
  const outIm = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((k * j) % n)) / n
      outRe[k] += re[j] * Math.cos(angle) - im[j] * Math.sin(angle)
      outIm[k] += re[j] * Math.sin(angle) + im[j] * Math.cos(angle)
    }
  }
  return { re: outRe, im: outIm }
}

const largest = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
const difference = (a: Float64Array, b: Float64Array): number => largest(a.map((v, i) => v - b[i]))

describe('fftPlan', () => {
  const lengths = [
    ...Array.from({ length: 36 }, (_, i) => i + 1),
    49,
    58,
    62,
    64,
    67,
    94,
    100,
    121,
    127,
    128,
    206,
    243,
    251,
    361
  ]
  it.each(lengths)('agrees with the direct transform at length %i', (n) => {
    const re = testNoise(n, n)
    const im = testNoise(n, n + 99)
    const expected = directDft(re, im)
    const gotRe = re.slice()
    const gotIm = im.slice()
    const plan = fftPlan(n)
    plan.forward(gotRe, gotIm)
    const scale = Math.sqrt(n)
    expect(difference(gotRe, expected.re) / scale).toBeLessThan(5e-14)
    expect(difference(gotIm, expected.im) / scale).toBeLessThan(5e-14)
    plan.inverse(gotRe, gotIm)
    expect(difference(gotRe, re)).toBeLessThan(2e-14)
    expect(difference(gotIm, im)).toBeLessThan(2e-14)
  })

  it.each([12, 31, 35, 64, 74])('transforms interleaved lines as it does single ones, length %i', (n) => {
    const batch = 5
    const re = testNoise(n * batch, 3)
    const im = testNoise(n * batch, 4)
    const gotRe = re.slice()
    const gotIm = im.slice()
    fftPlan(n).forward(gotRe, gotIm, batch)
    for (let b = 0; b < batch; b++) {
      const lineRe = Float64Array.from({ length: n }, (_, k) => re[k * batch + b])
      const lineIm = Float64Array.from({ length: n }, (_, k) => im[k * batch + b])
      fftPlan(n).forward(lineRe, lineIm)
      for (let k = 0; k < n; k++) {
        expect(gotRe[k * batch + b]).toBeCloseTo(lineRe[k], 11)
        expect(gotIm[k * batch + b]).toBeCloseTo(lineIm[k], 11)
      }
    }
  })

  it('conserves energy (Parseval) on a long prime', () => {
    const n = 1009
    const re = testNoise(n, 8)
    const im = testNoise(n, 9)
    const energy = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * v + b[i] * b[i], 0)
    const before = energy(re, im)
    fftPlan(n).forward(re, im)
    expect(energy(re, im) / n / before).toBeCloseTo(1, 13)
  })

  it('refuses lengths that are none', () => {
    for (const n of [0, -3, 2.5, NaN]) expect(() => fftPlan(n)).toThrow(RangeError)
  })
})

describe('transform', () => {
  it('is the product of one-dimensional transforms, on any choice of axes', () => {
    const size = [3, 5, 4] as const
    const values = testNoise(60, 5)
    for (const axes of [[0], [1], [2], [0, 2], [0, 1, 2]] as AxisIndex[][]) {
      const field = fieldOf(values, size)
      transform(field, 'forward', axes)
      for (const [kz, ky, kx] of [
        [0, 0, 0],
        [1, 2, 3],
        [2, 4, 1]
      ]) {
        let re = 0
        let im = 0
        for (let z = 0; z < 3; z++) {
          for (let y = 0; y < 5; y++) {
            for (let x = 0; x < 4; x++) {
              let turns = 0
              if (axes.includes(0)) turns += (kz * z) / 3
              else if (z !== kz) continue
              if (axes.includes(1)) turns += (ky * y) / 5
              else if (y !== ky) continue
              if (axes.includes(2)) turns += (kx * x) / 4
              else if (x !== kx) continue
              re += values[(z * 5 + y) * 4 + x] * Math.cos(2 * Math.PI * turns)
              im -= values[(z * 5 + y) * 4 + x] * Math.sin(2 * Math.PI * turns)
            }
          }
        }
        const at = (kz * 5 + ky) * 4 + kx
        expect(field.re[at]).toBeCloseTo(re, 12)
        expect(field.im[at]).toBeCloseTo(im, 12)
      }
      transform(field, 'inverse', axes)
      expect(difference(field.re, values)).toBeLessThan(1e-14)
      expect(largest(field.im)).toBeLessThan(1e-14)
    }
  })

  it('refuses a box that the values do not fill', () => {
    expect(() => fieldOf(new Float32Array(7), [2, 2, 2])).toThrow(/7 values/)
  })
})

describe('frequency', () => {
  it('is signed, in cycles per voxel, and names the Nyquist bin -1/2', () => {
    expect([0, 1, 2, 3, 4, 5].map((k) => frequency(k, 6) * 6)).toEqual([0, 1, 2, -3, -2, -1])
    expect([0, 1, 2, 3, 4].map((k) => Math.round(frequency(k, 5) * 5))).toEqual([0, 1, 2, -2, -1])
    expect(frequencySigns(3, 6)).toEqual([-0.5, 0.5])
    expect(frequencySigns(2, 6)).toEqual([2 / 6])
    expect(frequencySigns(2, 5)).toEqual([2 / 5])
  })
  it('finds the mirror bin', () => {
    expect([0, 1, 2, 3].map((k) => mirrored(k, 4))).toEqual([0, 3, 2, 1])
  })
})
