import { expect, test } from 'vitest'
import { scaleBar } from './scaleBar.ts'

test('a bar is the longest 1, 2 or 5 length that fits, and as long as it says', () => {
  for (const angstromPerPixel of [0.137, 1, 2.62, 10.52, 333, 12_345.6]) {
    const bar = scaleBar(angstromPerPixel, 1, 140)
    if (!bar) throw new Error('no bar')
    expect(bar.pixels).toBeLessThanOrEqual(140 + 1e-9)
    expect(bar.pixels).toBeGreaterThan(140 / 2.5 - 1e-9)
    expect(bar.pixels * angstromPerPixel).toBeCloseTo(bar.lengthAngstrom, 6)
    expect(['1', '2', '5']).toContain(bar.lengthAngstrom.toPrecision(1)[0])
  }
})

test('lengths are written in the unit a microscopist would use', () => {
  expect(scaleBar(10.52 / 2.89, 1 / 2.89, 140)?.label).toBe('50 nm')
  expect(scaleBar(0.04, 1, 140)?.label).toBe('5 Å')
  expect(scaleBar(100, 1, 140)?.label).toBe('1 µm')
})

test('without a voxel size it counts voxels, without room there is none', () => {
  expect(scaleBar(null, 0.5, 140)).toMatchObject({ label: '50 voxels', pixels: 100 })
  expect(scaleBar(10, 1, 4)).toBeNull()
  expect(scaleBar(Number.NaN, 1, 140)).toBeNull()
})
