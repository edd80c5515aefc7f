import { describe, expect, it } from 'vitest'
import type { Axis, ZYX } from '../../shared/axes.ts'
import { defaultWedge, type Wedge } from '../../shared/wedge.ts'
import { frequency, mirrored } from '../fourier/frequency.ts'
import { readGoldenNoise } from './fixtures/golden.ts'
import { forwardReal } from '../fourier/real.ts'
import { measuredFraction, measuredFractionLimit } from './fraction.ts'
import { axisIndex, wedgeMask, wedgePlane } from './mask.ts'

const wedge = (part: Partial<Wedge> = {}): Wedge => ({ ...defaultWedge, ...part })
const axes: Axis[] = ['x', 'y', 'z']
const pairs = axes.flatMap((tiltAxis) => axes.filter((a) => a !== tiltAxis).map((beamAxis) => ({ tiltAxis, beamAxis })))

describe('wedgeMask', () => {
  it.each(pairs)('follows the angle rule with tilt axis $tiltAxis and beam $beamAxis', ({ tiltAxis, beamAxis }) => {
    const size: ZYX = [9, 12, 7]
    const w = wedge({ tiltAxis, beamAxis, tiltMin: -48, tiltMax: 61 })
    const mask = wedgeMask(w, size)
    const third = axes.find((a) => a !== tiltAxis && a !== beamAxis)!
    let checked = 0
    for (let z = 0, i = 0; z < size[0]; z++) {
      for (let y = 0; y < size[1]; y++) {
        for (let x = 0; x < size[2]; x++, i++) {
          const k = [z, y, x]
          const f = (axis: Axis): number => frequency(k[axisIndex(axis)], size[axisIndex(axis)])
          // Nyquist bins stand for two signs and have their own test.
          if ([third, beamAxis].some((axis) => f(axis) === -0.5)) continue
          const across = f(third)
          const beam = f(beamAxis)
          const angle = across === 0 && beam === 0 ? 0 : across === 0 ? 90 : (Math.atan(beam / across) * 180) / Math.PI
          expect(mask[i]).toBe(angle >= -48 && angle <= 61 ? 1 : 0)
          checked++
        }
      }
    }
    expect(checked).toBeGreaterThan(500)
  })

  it('includes frequencies exactly at the limits, and k = 0', () => {
    const { values } = wedgePlane(wedge({ tiltMin: -45, tiltMax: 45 }), [11, 1, 11])
    for (let k = 0; k <= 5; k++) {
      expect(values[k * 11 + k]).toBe(1)
      expect(values[k * 11 + mirrored(k, 11)]).toBe(1)
      if (k > 0) expect(values[k * 11 + k - 1]).toBe(0)
    }
    // atan(1/2), not a nice number in floating point.
    const limit = (Math.atan(0.5) * 180) / Math.PI
    const half = wedgePlane(wedge({ tiltMin: -1, tiltMax: limit }), [41, 1, 41]).values
    for (let k = 1; k <= 10; k++) expect(half[k * 41 + 2 * k]).toBe(1)
  })

  it('uses physical frequencies: a non-cubic box has the same angle', () => {
    const { values } = wedgePlane(wedge({ tiltMin: -44.9, tiltMax: 44.9 }), [10, 1, 40])
    // 1/10 cycle per voxel along z meets 4/40 along x at 45 degrees.
    expect(values[1 * 40 + 4]).toBe(0)
    expect(values[1 * 40 + 5]).toBe(1)
  })

  it.each([
    { tiltMin: -60, tiltMax: 60 },
    { tiltMin: -48, tiltMax: 60 },
    { tiltMin: 5, tiltMax: 33 },
    { tiltMin: -90, tiltMax: 20, edgeSoftness: 2.5 },
    { tiltMin: -40, tiltMax: 70, edgeSoftness: 1, lowPass: 0.31 }
  ])('keeps M(k) = M(-k), Nyquist planes included: %o', (part) => {
    for (const size of [
      [8, 4, 8],
      [8, 3, 6],
      [7, 2, 8],
      [9, 1, 5]
    ] as ZYX[]) {
      const mask = wedgeMask(wedge(part), size)
      for (let z = 0; z < size[0]; z++)
        for (let y = 0; y < size[1]; y++)
          for (let x = 0; x < size[2]; x++) {
            const at = (z * size[1] + y) * size[2] + x
            const opposite = (mirrored(z, size[0]) * size[1] + mirrored(y, size[1])) * size[2] + mirrored(x, size[2])
            expect(mask[at]).toBe(mask[opposite])
          }
    }
  })

  it('counts a Nyquist bin as measured when either sign is', () => {
    // Range 10 … 80 degrees: (+x, +z) and (-x, -z) quadrants only. The bin (z = 1/8, x = +-1/2) has a measured reading with +1/2.
    const { values } = wedgePlane(wedge({ tiltMin: 10, tiltMax: 80 }), [8, 1, 8])
    expect(values[1 * 8 + 4]).toBe(1)
    expect(values[7 * 8 + 4]).toBe(1)
    expect(values[1 * 8 + 3]).toBe(1)
    expect(values[7 * 8 + 3]).toBe(0)
  })

  it('measures everything from -90 to 90, degenerate boxes included', () => {
    for (const size of [
      [6, 5, 4],
      [1, 5, 1],
      [1, 1, 161],
      [7, 1, 1]
    ] as ZYX[])
      expect(wedgeMask(wedge({ tiltMin: -90, tiltMax: 90 }), size).every((m) => m === 1)).toBe(true)
    // One slice along the beam: only kz = 0, all of it measured.
    expect(wedgeMask(wedge(), [1, 4, 6]).every((m) => m === 1)).toBe(true)
    // One column across: only kx = 0, nothing but the origin measured.
    expect([...wedgeMask(wedge(), [4, 1, 1])]).toEqual([1, 0, 0, 0])
  })

  it('low-passes in the plane perpendicular to the tilt axis', () => {
    const { values } = wedgePlane(wedge({ tiltMin: -90, tiltMax: 90, lowPass: 0.25 }), [16, 1, 16])
    expect(values[4 * 16]).toBe(1)
    expect(values[5 * 16]).toBe(0)
    expect(values[3 * 16 + 3]).toBe(0)
    expect(values[2 * 16 + 3]).toBe(1)
  })

  it('softens the edge over the stated width without changing the measured fraction', () => {
    const size: ZYX = [101, 1, 101]
    const soft = wedge({ edgeSoftness: 4 })
    const { values } = wedgePlane(soft, size)
    const tan = Math.tan((30 * Math.PI) / 180)
    for (let z = 10; z < 45; z++) {
      for (let x = 0; x < 45; x++) {
        // Distance to the 60-degree line in Fourier pixels of a cubic box.
        const pixels = (x - z * tan) * Math.cos((30 * Math.PI) / 180)
        const m = values[z * 101 + x]
        if (pixels > 2) expect(m).toBe(1)
        else if (pixels < -2) expect(m).toBe(0)
        else expect(m).toBeCloseTo(0.5 + 0.5 * Math.sin((Math.PI * pixels) / 4), 10)
      }
    }
    expect(measuredFraction(soft, size)).toBeCloseTo(measuredFraction(wedge(), size), 2)
    expect(values[0]).toBe(1)
  })
})

describe('measuredFraction', () => {
  it('has the closed form of method.md 8.3', () => {
    // +-60 degrees: 1 - tan(30)/2.
    expect(measuredFractionLimit(-60, 60)).toBeCloseTo(1 - Math.tan(Math.PI / 6) / 2, 12)
    expect(measuredFractionLimit(-45, 45)).toBeCloseTo(0.5, 12)
    expect(measuredFractionLimit(-90, 90)).toBeCloseTo(1, 12)
    expect(measuredFractionLimit(-48, 60)).toBeCloseTo(
      1 - (Math.tan(Math.PI / 6) + Math.tan((42 * Math.PI) / 180)) / 4,
      12
    )
    expect(measuredFractionLimit(10, 30)).toBeCloseTo((Math.tan(Math.PI / 6) - Math.tan(Math.PI / 18)) / 4, 12)
  })

  it.each([
    { tiltMin: -60, tiltMax: 60, size: [301, 1, 301] as ZYX },
    { tiltMin: -48, tiltMax: 60, size: [301, 1, 301] as ZYX },
    { tiltMin: -60, tiltMax: 60, size: [201, 1, 451] as ZYX },
    { tiltMin: -70, tiltMax: 20, size: [400, 1, 250] as ZYX }
  ])('approaches it on large boxes: $tiltMin … $tiltMax in $size', ({ tiltMin, tiltMax, size }) => {
    expect(
      Math.abs(measuredFraction(wedge({ tiltMin, tiltMax }), size) - measuredFractionLimit(tiltMin, tiltMax))
    ).toBeLessThan(0.004)
  })
})

describe('the golden file', () => {
  it('holds power at exactly the frequencies that the mask measures, off the Nyquist planes', () => {
    const { values, size } = readGoldenNoise()
    const mask = wedgeMask(wedge({ lowPass: 0.5 }), size)
    const { halfWidth, re, im } = forwardReal(values, size)
    let disagree = 0
    let kept = 0
    let smallestKept = Infinity
    let largestCut = 0
    let count = 0
    for (let z = 0, i = 0; z < 100; z++) {
      for (let y = 0; y < 100; y++) {
        for (let x = 0; x < halfWidth; x++, i++) {
          if (z === 50 || y === 50 || x === 50) continue
          const power = re[i] * re[i] + im[i] * im[i]
          const measured = mask[(z * 100 + y) * 100 + x] === 1
          // White noise of standard deviation s has power near s^2 N; float32 rounding leaves about 1e-9.
          const holds = power > 1e-2
          if (holds !== measured) disagree++
          if (measured) smallestKept = Math.min(smallestKept, power)
          else largestCut = Math.max(largestCut, power)
          kept += measured ? 1 : 0
          count++
        }
      }
    }
    expect(disagree).toBe(0)
    expect(smallestKept / largestCut).toBeGreaterThan(1e6)
    expect(kept / count).toBeGreaterThan(0.5)
  })

  it('has the kept fraction that its authors state', () => {
    const { size } = readGoldenNoise()
    // The stated rule, with its own reading of the Nyquist planes (index 50 as +50 and -50 alike).
    expect(measuredFraction(wedge({ lowPass: 0.5 }), size)).toBeCloseTo(0.5232, 2)
  })
})
