import { expect, test } from 'vitest'
import { interpolateCividis, interpolateViridis } from 'd3-scale-chromatic'
import { colourIndex, colourTable, shareOfRange } from '../../shared/colour-maps.ts'
import { colourBarScale } from './colour-bar.ts'

const labels = (low: number, high: number, most = 5): string[] =>
  colourBarScale({ low, high }, 'q', most).ticks.map(({ label }) => label)

test('ticks are round numbers inside the range', () => {
  expect(labels(0, 1)).toEqual(['0', '0.5', '1.0'])
  expect(labels(-53, 178)).toEqual(['0', '100'])
  expect(labels(-53, 178, 6)).toEqual(['−50', '0', '50', '100', '150'])
  expect(labels(0.1, 0.3)).toEqual(['0.10', '0.15', '0.20', '0.25', '0.30'])
})

test('every tick is where its value is', () => {
  for (const [low, high] of [
    [3, 17],
    [-2.5, 0.7],
    [17, 3]
  ]) {
    for (const { share, label } of colourBarScale({ low, high }, 'q', 6).ticks) {
      expect(low + share * (high - low)).toBeCloseTo(Number(label.replace('−', '-')), 9)
    }
  }
})

test('very small and very large values share a power of ten', () => {
  const small = colourBarScale({ low: 0, high: 4e-5 }, 'variance', 5)
  expect(small.quantity).toBe('variance ×10⁻⁵')
  expect(small.ticks.map(({ label }) => label)).toEqual(['0', '1', '2', '3', '4'])
  expect(colourBarScale({ low: 0, high: 2e6 }, 'variance', 3).quantity).toBe('variance ×10⁶')
})

test('no range gives more ticks than asked for, or none', () => {
  for (let i = 0; i < 200; i++) {
    const low = Math.sin(i * 12.9898) * 10 ** ((i % 13) - 6)
    const high = low + Math.abs(Math.cos(i * 78.233)) * 10 ** (((i * 7) % 13) - 6)
    const { ticks } = colourBarScale({ low, high }, 'q', 6)
    expect(ticks.length, `${low} ${high}`).toBeLessThanOrEqual(6)
    expect(ticks.length, `${low} ${high}`).toBeGreaterThanOrEqual(1)
    for (const { share } of ticks) expect(share).toBeLessThanOrEqual(1)
  }
})

test('tables hold d3’s colours', () => {
  for (const i of [0, 77, 128, 255]) {
    expect([...colourTable('viridis').subarray(i * 4, i * 4 + 4)]).toEqual([...hex(interpolateViridis(i / 255)), 255])
    const cividis = (interpolateCividis(i / 255).match(/\d+/g) ?? []).map(Number)
    expect([...colourTable('cividis').subarray(i * 4, i * 4 + 3)]).toEqual(cividis)
    expect([...colourTable('grey').subarray(i * 4, i * 4 + 3)]).toEqual([i, i, i])
  }
})

test('values outside the range take its ends’ colours, and a turned range inverts', () => {
  const range = { low: 10, high: 20 }
  expect([5, 10, 15, 20, 25].map((value) => shareOfRange(value, range))).toEqual([0, 0, 0.5, 1, 1])
  expect(shareOfRange(12, { low: 20, high: 10 })).toBeCloseTo(0.8, 12)
  expect(shareOfRange(12.5, range, 2)).toBe(0.5)
  expect([0, 0.5, 1].map(colourIndex)).toEqual([0, 128, 255])
})

function hex(text: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
}
