import { describe, expect, it } from 'vitest'
import type { XYZ } from '../../shared/axes.ts'
import { toZYX, wholeBox } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { testNoise } from '../fourier/fixtures/noise.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { memoryInfo } from '../volume/test-volumes.ts'
import type { Volume } from '../volume/volume.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { temper } from './tempering.ts'
import { temperedMember, temperedShare, temperedStd, wedgePart } from './tempered-volume.ts'

/** Posterior variance per frequency of method.md 8.1 at a temperature. */
const varianceAt = (curvature: number, beta: number, gamma: number): number => 1 / (curvature / gamma + beta)

describe('the factors of a Gaussian family at another temperature', () => {
  it.each([0.01, 0.5, 1, 2, 300])('are those of the precision Lambda, to gamma = %d', (to) => {
    const gamma = 1.5
    const beta = 0.7
    const greyPerUnit = 40
    // lambda M |a|^2 + Q: the measured frequencies know more.
    const [outside, inside] = [9, 0.4]
    const measured = Float64Array.from({ length: 40 }, (_, k) => (k % 4 === 0 ? 0 : 1))
    const variance = measured.map((m) => greyPerUnit ** 2 * varianceAt(m ? outside : inside, beta, gamma))
    const factors = temper({ gamma, beta, greyPerUnit, variance, measured }, to)
    const expected = (curvature: number): number =>
      Math.sqrt(varianceAt(curvature, beta, to) / varianceAt(curvature, beta, gamma))
    expect(factors.wedge).toBeCloseTo(expected(inside), 10)
    expect(factors.measured).toBeCloseTo(expected(outside), 10)
    expect(factors.kind).toBe('tether')
  })

  it('keep the total variance of each part as Lambda has it where its frequencies differ', () => {
    const [gamma, to, beta] = [1, 4, 0.5]
    const curvatures = [0.1, 0.9, 3, 20]
    const variance = curvatures.map((h) => varianceAt(h, beta, gamma))
    const factors = temper({ gamma, beta, greyPerUnit: 1, variance, measured: [0, 0, 1, 1] }, to)
    const total = (from: number, at: number): number =>
      curvatures.slice(from, from + 2).reduce((sum, h) => sum + varianceAt(h, beta, at), 0)
    expect(factors.wedge ** 2).toBeCloseTo(total(0, to) / total(0, gamma), 10)
    expect(factors.measured ** 2).toBeCloseTo(total(2, to) / total(2, gamma), 10)
  })

  it('are the plain square root without a tether, and end at the conditional prior with one', () => {
    const none = temper({ gamma: 2, beta: 0, greyPerUnit: 1, variance: [1], measured: [1] }, 8)
    expect(none).toMatchObject({ wedge: 2, measured: 2, kind: 'plain' })
    const beta = 3
    const variance = [0.1, 0.3]
    const hot = temper({ gamma: 1, beta, greyPerUnit: 1, variance, measured: [1, 0] }, 1e9)
    expect(hot.measured ** 2 * variance[0]).toBeCloseTo(1 / beta, 6)
    expect(hot.wedge ** 2 * variance[1]).toBeCloseTo(1 / beta, 6)
    const cold = temper({ gamma: 1, beta, greyPerUnit: 1, variance, measured: [1, 0] }, 1e-9)
    expect(cold.measured).toBeLessThan(1e-4)
    // More variance than the tether allows: chance of few members, taken as held altogether.
    expect(temper({ gamma: 1, beta, greyPerUnit: 1, variance: [9, 9], measured: [1, 0] }, 4).wedge).toBe(1)
  })
})

describe('volumes at another temperature', () => {
  const size: XYZ = { x: 13, y: 6, z: 10 }
  const wedge = { ...defaultWedge, tiltMin: -50 }
  const voxels = size.x * size.y * size.z
  const volumeOf = (values: ArrayLike<number>): Volume => memoryVolume(Float32Array.from(values), memoryInfo(size))
  const mean = testNoise(voxels, 1).map((v) => 50 + 10 * v)
  // Three deviations that sum to nothing, so that their mean is the mean.
  const [a, b] = [testNoise(voxels, 2), testNoise(voxels, 3)]
  const deviations = [a, b, a.map((v, i) => -v - b[i])]
  const members = deviations.map((d) => mean.map((v, i) => v + d[i]))
  const variance = (of: readonly ArrayLike<number>[]): Float64Array =>
    Float64Array.from({ length: voxels }, (_, i) => {
      const values = of.map((member) => member[i])
      const centre = values.reduce((x, y) => x + y, 0) / values.length
      return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length
    })
  const factors = { gamma: 1, to: 3, wedge: 1.9, measured: 1.2, kind: 'tether', reason: '' } as const

  it('hold the SD of the tempered members, wedge and measured part each with its factor', async () => {
    const operator = createWedgeOperator(wedge, toZYX(size))
    const parts = deviations.map((d) => operator.complement(Float32Array.from(d)))
    const rest = deviations.map((d) => operator.apply(Float32Array.from(d)))
    const maps = {
      std: volumeOf(variance(members).map(Math.sqrt)),
      wedgeVariance: volumeOf(variance(parts)),
      measuredVariance: volumeOf(variance(rest))
    }
    const tempered = await Promise.all(
      members.map(async (member) => {
        const deviation = volumeOf(member.map((v, i) => v - mean[i]))
        const volume = temperedMember(volumeOf(member), volumeOf(mean), factors, await wedgePart(deviation, wedge))
        return volume.readBox(wholeBox(size))
      })
    )
    for (const [m, values] of tempered.entries())
      for (let i = 0; i < voxels; i += 37)
        expect(values[i]).toBeCloseTo(mean[i] + 1.9 * parts[m][i] + 1.2 * rest[m][i], 3)
    const expected = variance(tempered).map(Math.sqrt)
    const std = temperedStd(maps, factors)
    const found = await std.readBox(wholeBox(size))
    for (let i = 0; i < voxels; i++) expect(found[i]).toBeCloseTo(expected[i], 3)
    const slice = await std.readSlice('xz', 2)
    expect([slice.rows, slice.columns]).toEqual([size.z, size.x])
    expect(slice.data[3 * size.x + 5]).toBe(found[(3 * size.y + 2) * size.x + 5])
    const share = await temperedShare(maps.wedgeVariance, maps.measuredVariance, factors).readBox(wholeBox(size))
    const [w, r] = [variance(parts)[77] * 1.9 ** 2, variance(rest)[77] * 1.2 ** 2]
    expect(share[77]).toBeCloseTo(w / (w + r), 4)
  })

  it('scale by one factor without a transform', async () => {
    const plain = { ...factors, wedge: 2, measured: 2 }
    const values = await temperedMember(volumeOf(members[0]), volumeOf(mean), plain, null).readBox(wholeBox(size))
    for (let i = 0; i < voxels; i += 11) expect(values[i]).toBeCloseTo(mean[i] + 2 * deviations[0][i], 4)
    const std = volumeOf(variance(members).map(Math.sqrt))
    const doubled = await temperedStd({ std, wedgeVariance: null, measuredVariance: null }, plain).readBox(
      wholeBox(size)
    )
    expect(doubled[5]).toBeCloseTo(2 * Math.sqrt(variance(members)[5]), 4)
  })
})
