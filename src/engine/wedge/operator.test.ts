import { describe, expect, it } from 'vitest'
import type { Axis, ZYX } from '../../shared/axes.ts'
import { defaultWedge, type Wedge } from '../../shared/wedge.ts'
import { voxelCount } from '../fourier/field.ts'
import { testNoise } from '../fourier/fixtures/noise.ts'
import { applyMultiplier } from '../fourier/multiplier.ts'
import { readGoldenNoise } from './fixtures/golden.ts'
import { wedgeMask } from './mask.ts'
import { createWedgeOperator } from './operator.ts'

const wedge = (part: Partial<Wedge> = {}): Wedge => ({ ...defaultWedge, ...part })
const volume = (size: ZYX, seed: number): Float32Array => Float32Array.from(testNoise(voxelCount(size), seed))
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0)
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}

const axes: Axis[] = ['x', 'y', 'z']
const pairs = axes.flatMap((tiltAxis) => axes.filter((a) => a !== tiltAxis).map((beamAxis) => ({ tiltAxis, beamAxis })))
const sizes: ZYX[] = [
  [16, 16, 16],
  [12, 20, 10],
  [9, 11, 7],
  [8, 13, 1],
  [1, 6, 9]
]
const ranges = [
  { tiltMin: -60, tiltMax: 60 },
  { tiltMin: -48, tiltMax: 60 }
]
const cases = pairs.flatMap((pair) => sizes.flatMap((size) => ranges.map((range) => ({ ...pair, ...range, size }))))

describe('T_M (oracle 8.3)', () => {
  it.each(cases)('$tiltAxis/$beamAxis $tiltMin…$tiltMax in $size', ({ size, ...part }) => {
    const w = wedge(part)
    const op = createWedgeOperator(w, size)
    const a = volume(size, 1)
    const b = volume(size, 2)
    const ta = op.apply(a)
    // The same as the plain 3-D transform with the full mask, which keeps real volumes real.
    expect(worst(ta, applyMultiplier(a, size, wedgeMask(w, size)))).toBeLessThan(1e-6)
    // Self-adjoint to 1e-6 of the norms, idempotent, and with its complement the identity.
    const norms = Math.sqrt(dot(a, a) * dot(b, b))
    expect(Math.abs(dot(ta, b) - dot(a, op.apply(b))) / norms).toBeLessThan(1e-6)
    expect(worst(op.apply(ta), ta)).toBeLessThan(1e-6)
    const rest = op.complement(a)
    expect(
      worst(
        ta.map((v, i) => v + rest[i]),
        a
      )
    ).toBeLessThan(1e-6)
    expect(worst(op.apply(rest), new Float32Array(a.length))).toBeLessThan(1e-6)
  })

  it('is self-adjoint with soft edges too, and then not idempotent', () => {
    const size: ZYX = [14, 5, 18]
    const op = createWedgeOperator(wedge({ edgeSoftness: 3, lowPass: 0.4 }), size)
    const a = volume(size, 5)
    const b = volume(size, 6)
    expect(Math.abs(dot(op.apply(a), b) - dot(a, op.apply(b))) / Math.sqrt(dot(a, a) * dot(b, b))).toBeLessThan(1e-6)
    expect(worst(op.apply(op.apply(a)), op.apply(a))).toBeGreaterThan(1e-3)
  })

  it('leaves the golden file as it is: it has nothing outside the wedge off the Nyquist planes', () => {
    const { values, size } = readGoldenNoise()
    const rest = createWedgeOperator(wedge({ lowPass: 0.5 }), size).complement(values)
    const energy = (x: Float32Array): number => dot(x, x)
    expect(energy(rest) / energy(values)).toBeLessThan(1e-12)
  })

  it('keeps the mean, and NaN does not spread to other planes than its own pair', () => {
    const size: ZYX = [6, 8, 6]
    const op = createWedgeOperator(wedge(), size)
    const constant = new Float32Array(voxelCount(size)).fill(3)
    expect(worst(op.apply(constant), constant)).toBeLessThan(1e-6)
    constant[0] = NaN
    const out = op.apply(constant)
    expect(out.filter((v) => Number.isNaN(v)).length).toBeLessThanOrEqual(2 * 36)
  })

  it('refuses a volume of another size', () => {
    expect(() => createWedgeOperator(wedge(), [4, 4, 4]).apply(new Float32Array(63))).toThrow(/63 values/)
  })
})
