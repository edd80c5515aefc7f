import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../shared/axes.ts'
import { forwardReal, fullSpectrum } from '../fourier/real.ts'
import { fillNormal } from '../sampling/noise/normal.ts'
import { wedgePlane } from '../wedge/mask.ts'
import { chooseProbes, diagnoseChains, readProbes } from './probes.ts'

const wedge = { tiltAxis: 'y', beamAxis: 'z', tiltMin: -60, tiltMax: 60, edgeSoftness: 0, lowPass: null } as const

function field(size: ZYX, chain: number, step: number): Float32Array {
  const out = new Float32Array(size[0] * size[1] * size[2])
  fillNormal(out, 0, out.length, 0, { seed: 1, chain, step, purpose: 'start' })
  return out
}

describe('probes', () => {
  it('reads voxels and the Fourier coefficients of the plain FFT', () => {
    const size: ZYX = [9, 7, 12]
    const plane = wedgePlane(wedge, size)
    const probes = chooseProbes(size, plane)
    const volume = field(size, 0, 0)
    const values = readProbes(probes, volume)
    const spectrum = fullSpectrum(forwardReal(volume, size))
    probes.voxels.forEach((index, i) => expect(values[i]).toBe(volume[index]))
    probes.frequencies.forEach(({ k, group }, i) => {
      const at = (k[0] * size[1] + k[1]) * size[2] + k[2]
      expect(values[probes.voxels.length + i]).toBeCloseTo(spectrum.re[at] / Math.sqrt(volume.length), 5)
      expect(plane.values[k[0] * plane.size[1] + k[2]]).toBe(group === 'measured' ? 1 : 0)
    })
    expect(probes.frequencies.filter(({ group }) => group === 'wedge').length).toBeGreaterThan(8)
    expect(probes.frequencies.filter(({ group }) => group === 'measured').length).toBeGreaterThan(8)
  })

  it('copes with a volume of one slice', () => {
    const size: ZYX = [1, 8, 8]
    const probes = chooseProbes(size, wedgePlane(wedge, size))
    expect(readProbes(probes, field(size, 0, 0)).every(Number.isFinite)).toBe(true)
  })

  it('finds independent draws effective and a chain of its own disagreeing', () => {
    const size: ZYX = [8, 8, 8]
    const probes = chooseProbes(size, wedgePlane(wedge, size))
    const series = [0, 1].map((chain) =>
      Array.from({ length: 100 }, (_, draw) => readProbes(probes, field(size, chain, draw)))
    )
    const good = diagnoseChains(probes, series)
    expect(good.ess).toBeGreaterThan(120)
    expect(good.rHat).toBeLessThan(1.02)
    expect(good.groups.map(({ group }) => group)).toEqual(['voxels', 'measured', 'wedge'])
    const apart = [
      series[0],
      series[1].map((values) => values.map((value, i) => (i >= probes.voxels.length ? value + 2 : value)))
    ]
    expect(diagnoseChains(probes, apart).rHat).toBeGreaterThan(1.3)
    expect(diagnoseChains(probes, [series[0].slice(0, 2)]).ess).toBeNull()
  })
})
