import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { defaultWedge } from '../../../shared/wedge.ts'
import { voxelCount } from '../../fourier/field.ts'
import { testNoise } from '../../fourier/fixtures/noise.ts'
import { applyMultiplier } from '../../fourier/multiplier.ts'
import { readGoldenNoise } from '../../wedge/fixtures/golden.ts'
import { createWedgeOperator } from '../../wedge/operator.ts'
import { estimateSpectrum } from './estimate-spectrum.ts'
import { powerAt, spectrumOf, type RadialSpectrum } from './radial-spectrum.ts'

/** Variance of testNoise. */
const uniformVariance = 1 / 3
const unitNoise = (count: number, seed: number): Float64Array =>
  testNoise(count, seed).map((v) => v / Math.sqrt(uniformVariance))

/** Falls to a negligible power well inside the signal band, as a low-passed structure does. */
const truth: RadialSpectrum = {
  logPower: Float32Array.from({ length: 200 }, (_, i) => 4 - 40 * ((i / 199) * 0.866) ** 1.5)
}

function simulated(size: ZYX, sigma: number): Float32Array {
  const root = spectrumOf(truth, size).map(Math.sqrt)
  const field = applyMultiplier(unitNoise(voxelCount(size), 3), size, root)
  const noise = unitNoise(voxelCount(size), 4)
  return createWedgeOperator(defaultWedge, size).apply(Float32Array.from(field, (v, i) => v + sigma * noise[i]))
}

describe('estimateSpectrum', () => {
  it.each([
    [64, 64, 64],
    [40, 75, 58]
  ] as ZYX[])('finds the spectrum and the noise of a simulated tomogram, %i x %i x %i', (...size) => {
    const sigma = 0.7
    const { spectrum, sigma: found } = estimateSpectrum(simulated(size, sigma), size, defaultWedge)
    expect(Math.abs(found / sigma - 1)).toBeLessThan(0.03)
    for (const radius of [0.06, 0.1, 0.15, 0.2])
      expect(Math.abs(Math.log(powerAt(spectrum, radius) / powerAt(truth, radius)))).toBeLessThan(0.25)
    // Below detection: a hundredth of the noise.
    expect(powerAt(spectrum, 0.45) / (0.01 * sigma ** 2)).toBeCloseTo(1, 1)
  })

  it('takes a given sigma and leaves less signal for a larger one', () => {
    const size: ZYX = [48, 48, 48]
    const volume = simulated(size, 0.7)
    const small = estimateSpectrum(volume, size, defaultWedge, 0.5)
    const large = estimateSpectrum(volume, size, defaultWedge, 1.2)
    expect([small.sigma, large.sigma]).toEqual([0.5, 1.2])
    expect(powerAt(small.spectrum, 0.15)).toBeGreaterThan(powerAt(large.spectrum, 0.15))
  })

  it('finds nothing but noise in the golden file', () => {
    const { values, size } = readGoldenNoise()
    const { sigma, spectrum } = estimateSpectrum(values, size, { ...defaultWedge, lowPass: 0.5 })
    // White noise of variance 1 before the wedge was cut out; 0.5232 of its power is left.
    const expected = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length / 0.5232)
    expect(Math.abs(sigma / expected - 1)).toBeLessThan(0.02)
    for (const radius of [0.02, 0.05, 0.1, 0.2, 0.3, 0.4])
      expect(powerAt(spectrum, radius)).toBeLessThan(0.25 * sigma ** 2)
  })

  it('stays positive and finite in degenerate boxes and for low-passed data', () => {
    for (const size of [
      [1, 40, 30],
      [20, 20, 20],
      [5, 1, 7],
      [2, 2, 2]
    ] as ZYX[]) {
      const { sigma, spectrum } = estimateSpectrum(
        Float32Array.from(testNoise(voxelCount(size), 1)),
        size,
        defaultWedge
      )
      expect(sigma).toBeGreaterThan(0)
      expect(spectrum.logPower.every(Number.isFinite)).toBe(true)
    }
    const size: ZYX = [32, 32, 32]
    const lowPassed = applyMultiplier(
      unitNoise(voxelCount(size), 2),
      size,
      spectrumOf({ logPower: Float32Array.from({ length: 100 }, (_, i) => (i < 30 ? 0 : -30)) }, size)
    )
    const { sigma, spectrum } = estimateSpectrum(Float32Array.from(lowPassed), size, defaultWedge)
    expect(sigma).toBeGreaterThan(0.01)
    expect(spectrum.logPower.every(Number.isFinite)).toBe(true)
  })

  it('estimates large volumes from boxes', () => {
    const size: ZYX = [4, 400, 30]
    const { sigma } = estimateSpectrum(Float32Array.from(unitNoise(voxelCount(size), 5)), size, defaultWedge)
    expect(Math.abs(sigma - 1)).toBeLessThan(0.05)
  })
})
