import { expect, test } from 'vitest'
import { blockFacts } from '../blockFacts.ts'
import { codesFor, encoded, floatsOf, inTexture } from './codes.ts'

/** What a texture gives back of a code: its bytes apart, each as a share of 255, put together as the shader does. */
function sampled(code: number): number {
  return (code & 255) / 255 / 257 + ((code >> 8) / 255) * (256 / 257)
}

function codesOf(values: Float32Array) {
  return codesFor(blockFacts([values]), values.length)
}

test('whole numbers over any range of 16 bits come back as they were', () => {
  const values = Float32Array.from({ length: 65536 }, (_, i) => i - 32768)
  const codes = codesOf(values)
  expect(codes).toEqual({ low: -32768, step: 1 })
  if (!codes) return
  const coded = encoded(values, codes)
  expect(floatsOf({ slabs: [coded.slice(0, 70), coded.slice(70)], codes })).toEqual(values)
  for (const value of [-32768, -1, 0, 255, 256, 32767])
    expect(sampled(coded[value + 32768])).toBeCloseTo(inTexture(codes, value), 12)
})

test('other numbers come back to half a step', () => {
  const values = Float32Array.from({ length: 5000 }, (_, i) => 1e-3 * Math.sin(i) + 7)
  const codes = codesOf(values)
  expect(codes?.step).toBeCloseTo(2e-3 / 65535, 9)
  if (!codes) return
  const back = floatsOf({ slabs: [encoded(values, codes)], codes })
  for (const [i, value] of values.entries())
    expect(Math.abs(back[i] - value)).toBeLessThanOrEqual(0.51 * codes.step + 1e-7)
})

test('16 bits are not enough next to an outlier, nor where a voxel has no number', () => {
  const values = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i))
  expect(codesOf(values)).not.toBeNull()
  values[9] = 60
  expect(codesOf(values)).not.toBeNull()
  values[9] = 1e6
  expect(codesOf(values)).toBeNull()
  values[9] = NaN
  expect(codesOf(values)).toBeNull()
})

test('one value everywhere', () => {
  const values = new Float32Array(8).fill(-2.5)
  const codes = codesOf(values)
  expect(codes && floatsOf({ slabs: [encoded(values, codes)], codes })).toEqual(values)
})
