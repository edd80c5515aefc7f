import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { voxelCount, type AxisIndex } from '../fourier/field.ts'
import { testNoise } from '../fourier/fixtures/noise.ts'
import { mirrored } from '../fourier/frequency.ts'
import { applyMultiplier } from '../fourier/multiplier.ts'
import { broadcastPlane, wedgeMask, wedgePlane } from './mask.ts'
import { casMatrix, splitPlane, splitSymbol, type SplitSymbol } from './symbol.ts'

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}

/** cas transform along all axes, by matrices, as a graph would do it. */
function casTransform(values: ArrayLike<number>, size: ZYX): Float64Array {
  let now = Float64Array.from(values)
  for (const axis of [0, 1, 2] as const) {
    const n = size[axis]
    const c = casMatrix(n)
    const stride = axis === 2 ? 1 : axis === 1 ? size[2] : size[1] * size[2]
    const next = new Float64Array(now.length)
    for (let i = 0; i < now.length; i++) {
      const k = Math.floor(i / stride) % n
      const line = i - k * stride
      for (let j = 0; j < n; j++) next[i] += c[k * n + j] * now[line + j * stride]
    }
    now = next
  }
  return now
}

function flip(values: Float64Array, size: ZYX, axes: readonly AxisIndex[]): Float64Array {
  return values.map((_, i) => {
    const k = [Math.floor(i / (size[1] * size[2])), Math.floor(i / size[2]) % size[1], i % size[2]]
    for (const axis of axes) k[axis] = mirrored(k[axis], size[axis])
    return values[(k[0] * size[1] + k[1]) * size[2] + k[2]]
  })
}

function applySplit(values: ArrayLike<number>, split: SplitSymbol): Float64Array {
  const { size } = split
  const h = casTransform(values, size)
  const out = h.map((v, i) => v * split.even[i])
  for (const { axes, values: odd } of split.odd) {
    const flipped = flip(h, size, axes)
    for (let i = 0; i < out.length; i++) out[i] -= odd[i] * flipped[i]
  }
  return casTransform(out, size)
}

/** A random symbol with S(k) = S(-k). */
function randomSymbol(size: ZYX, seed: number): Float64Array {
  const noise = testNoise(voxelCount(size), seed)
  const opposite = flip(noise, size, [0, 1, 2])
  return noise.map((v, i) => v + opposite[i])
}

const sizes: ZYX[] = [
  [4, 4, 4],
  [5, 5, 5],
  [6, 5, 9],
  [3, 8, 7],
  [1, 7, 6],
  [6, 1, 5],
  [1, 1, 8]
]

describe('splitSymbol', () => {
  it.each(sizes)('filters by real matrices as the Fourier transform does, %i x %i x %i', (...size) => {
    const symbol = randomSymbol(size, 7)
    const values = testNoise(voxelCount(size), 3)
    const split = splitSymbol(symbol, size)
    expect(worst(applySplit(values, split), applyMultiplier(values, size, symbol))).toBeLessThan(3e-6)
  })

  it('has three odd parts in general and none for a radial symbol', () => {
    expect(splitSymbol(randomSymbol([5, 6, 7], 1), [5, 6, 7]).odd.map(({ axes }) => axes)).toEqual([
      [0, 1],
      [0, 2],
      [1, 2]
    ])
    const radial = Float64Array.from({ length: 343 }, (_, i) => {
      const k = [Math.floor(i / 49), Math.floor(i / 7) % 7, i % 7].map((v) => Math.min(v, 7 - v))
      return 1 / (1 + k[0] ** 2 + k[1] ** 2 + k[2] ** 2)
    })
    expect(splitSymbol(radial, [7, 7, 7]).odd).toEqual([])
  })

  it('refuses a symbol that would make volumes complex', () => {
    expect(() => splitSymbol(testNoise(60, 1), [3, 4, 5])).toThrow(/opposite/)
    expect(() => splitSymbol(new Float32Array(60).fill(NaN), [3, 4, 5])).toThrow(/opposite/)
    expect(() => splitSymbol(new Float32Array(59), [3, 4, 5])).toThrow(/59 values/)
  })
})

describe('splitPlane', () => {
  it.each([
    { tiltMin: -60, tiltMax: 60, hasOdd: false },
    { tiltMin: -48, tiltMax: 60, hasOdd: true }
  ])(
    'of a wedge $tiltMin … $tiltMax has an odd part only where the range is asymmetric',
    ({ tiltMin, tiltMax, hasOdd }) => {
      for (const size of [
        [8, 3, 6],
        [9, 4, 5]
      ] as ZYX[]) {
        const wedge = { ...defaultWedge, tiltMin, tiltMax }
        const plane = wedgePlane(wedge, size)
        const split = splitPlane(plane)
        expect(split.odd !== null).toBe(hasOdd)
        const full = splitSymbol(wedgeMask(wedge, size), size)
        expect(full.odd.length).toBe(hasOdd ? 1 : 0)
        expect(broadcastPlane({ ...plane, values: Float64Array.from(split.even) }, size)).toEqual(full.even)
        if (split.odd && full.odd.length > 0) {
          expect(full.odd[0].axes).toEqual(split.axes)
          expect(broadcastPlane({ ...plane, values: Float64Array.from(split.odd) }, size)).toEqual(full.odd[0].values)
        }
        const values = testNoise(voxelCount(size), 9)
        expect(worst(applySplit(values, full), applyMultiplier(values, size, wedgeMask(wedge, size)))).toBeLessThan(
          2e-6
        )
      }
    }
  )
})

describe('casMatrix', () => {
  it('is symmetric and its own inverse', () => {
    for (const n of [1, 2, 5, 8]) {
      const c = casMatrix(n)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          expect(c[i * n + j]).toBe(c[j * n + i])
          let product = 0
          for (let k = 0; k < n; k++) product += c[i * n + k] * c[k * n + j]
          expect(product).toBeCloseTo(i === j ? 1 : 0, 6)
        }
    }
  })
})
