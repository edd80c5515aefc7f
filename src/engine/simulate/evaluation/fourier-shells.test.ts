import { describe, expect, it } from 'vitest'
import type { ZYX } from '../../../shared/axes.ts'
import { defaultWedge } from '../../../shared/wedge.ts'
import { fieldOf, transform } from '../../fourier/field.ts'
import { frequency } from '../../fourier/frequency.ts'
import { fillNormal } from '../../sampling/noise/normal.ts'
import { wedgeMask } from '../../wedge/mask.ts'
import { createWedgeOperator } from '../../wedge/operator.ts'
import { shellCorrelator } from './fourier-shells.ts'

function noise([d, h, w]: ZYX, chain: number): Float32Array {
  const out = new Float32Array(d * h * w)
  fillNormal(out, 0, out.length, 0, { seed: 2, chain, step: 3, purpose: 'simulation' })
  return out
}

describe('FSC', () => {
  it('is sqrt(S / (S + N)) for a signal with white noise added', () => {
    const size: ZYX = [40, 40, 40]
    const truth = noise(size, 0)
    const added = noise(size, 1)
    const volume = truth.map((value, i) => value + 2 * added[i])
    const { all } = shellCorrelator(truth, size, wedgeMask(defaultWedge, size), 10)(volume)
    expect(all).toHaveLength(20)
    for (const { cyclesPerVoxel, resolutionAngstrom, correlation, coefficients } of all) {
      expect(resolutionAngstrom).toBeCloseTo(10 / cyclesPerVoxel, 9)
      // Half of the coefficients are independent complex numbers.
      expect(Math.abs((correlation ?? 0) - Math.sqrt(1 / 5))).toBeLessThan(4 / Math.sqrt(coefficients))
    }
  })

  it('tells the wedge from the measured region', () => {
    const size: ZYX = [36, 32, 40]
    const truth = noise(size, 0)
    const operator = createWedgeOperator(defaultWedge, size)
    const volume = operator.apply(truth)
    const other = operator.complement(noise(size, 1))
    for (let i = 0; i < volume.length; i++) volume[i] += other[i]
    const curves = shellCorrelator(truth, size, wedgeMask(defaultWedge, size), null)(volume)
    for (const { correlation } of curves.measured) expect(correlation).toBeCloseTo(1, 5)
    for (const { correlation, coefficients } of curves.wedge.slice(2))
      expect(Math.abs(correlation ?? 1)).toBeLessThan(5 / Math.sqrt(coefficients))
    expect(curves.all[0].resolutionAngstrom).toBeNull()
    // The first shell of a wedge has few coefficients or none; none means none.
    for (const { correlation, coefficients } of curves.wedge) if (coefficients === 0) expect(correlation).toBeNull()
  })

  it.each([[[9, 12, 7]], [[1, 16, 15]], [[8, 8, 8]]] as [ZYX][])(
    'agrees with sums over the whole spectrum, box %j',
    (size) => {
      const [truth, volume] = [noise(size, 0), noise(size, 1)]
      truth.forEach((value, i) => (volume[i] += value))
      const mask = wedgeMask({ ...defaultWedge, tiltMin: -40, tiltMax: 65 }, size)
      const curves = shellCorrelator(truth, size, mask, null)(volume)
      const [a, b] = [fieldOf(truth, size), fieldOf(volume, size)]
      transform(a, 'forward')
      transform(b, 'forward')
      const longest = Math.max(...size)
      for (let shell = 1; shell <= Math.floor(longest / 2); shell++) {
        const sums = { all: [0, 0, 0, 0], wedge: [0, 0, 0, 0] }
        for (let z = 0, i = 0; z < size[0]; z++)
          for (let y = 0; y < size[1]; y++)
            for (let x = 0; x < size[2]; x++, i++) {
              const radius = Math.hypot(frequency(z, size[0]), frequency(y, size[1]), frequency(x, size[2]))
              if (Math.round(radius * longest) !== shell) continue
              const terms = [
                a.re[i] * b.re[i] + a.im[i] * b.im[i],
                a.re[i] ** 2 + a.im[i] ** 2,
                b.re[i] ** 2 + b.im[i] ** 2,
                1
              ]
              terms.forEach((term, n) => {
                sums.all[n] += term
                sums.wedge[n] += (1 - mask[i]) * term
              })
            }
        for (const kind of ['all', 'wedge'] as const) {
          const [cross, first, second, count] = sums[kind]
          const found = curves[kind][shell - 1]
          expect(found.coefficients).toBeCloseTo(count, 6)
          if (count > 0) expect(found.correlation).toBeCloseTo(cross / Math.sqrt(first * second), 6)
          else expect(found.correlation).toBeNull()
        }
      }
    }
  )
})
