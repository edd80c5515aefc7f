import { describe, expect, it } from 'vitest'
import type { XYZ } from '../../shared/axes.ts'
import { toZYX } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { voxelCount } from '../fourier/field.ts'
import { testNoise } from '../fourier/fixtures/noise.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { memoryInfo } from '../volume/test-volumes.ts'
import type { Volume } from '../volume/volume.ts'
import { axisIndex } from '../wedge/mask.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { deviationPower } from './deviation-power.ts'
import { directionalPower } from './directional-power.ts'
import { spectrumBox, volumePower } from './volume-power.ts'

const exact = { taper: 'none', about: 'zero' } as const
/** Odd, even, not cubic; one with a single slice along the tilt axis. */
const sizes: XYZ[] = [
  { x: 24, y: 20, z: 24 },
  { x: 31, y: 9, z: 22 },
  { x: 17, y: 1, z: 28 }
]

/** White noise of variance 1. */
const noise = (size: XYZ, seed: number): Float32Array =>
  Float32Array.from(testNoise(voxelCount(toZYX(size)), seed), (v) => v * Math.sqrt(3))
const volumeOf = (values: Float32Array, size: XYZ): Volume => memoryVolume(values, memoryInfo(size))
const meanSquare = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
  return sum / values.length
}

describe('power by direction', () => {
  it.each(sizes)('adds up to the voxels’ mean square, and its two parts to it (Parseval), %o', async (size) => {
    const values = noise(size, 5)
    for (const axes of [
      { tiltAxis: 'y', beamAxis: 'z' },
      { tiltAxis: 'x', beamAxis: 'z' },
      { tiltAxis: 'z', beamAxis: 'y' }
    ] as const)
      for (const edgeSoftness of [0, 3]) {
        const wedge = { ...defaultWedge, ...axes, tiltMin: -48, edgeSoftness }
        const power = await volumePower(volumeOf(values, size), axes.tiltAxis, exact)
        const { variance, measured, wedge: inside } = directionalPower(power, size, wedge)
        expect(variance).toBeCloseTo(meanSquare(values), 5)
        expect(measured.share + inside.share).toBeCloseTo(1, 12)
        expect(measured.frequencies + inside.frequencies).toBeCloseTo(1, 12)
        const parts = (measured.power ?? 0) * measured.frequencies + (inside.power ?? 0) * inside.frequencies
        expect(parts).toBeCloseTo(variance, 10)
        expect(measured.frequencies).toBeCloseTo(createWedgeOperator(wedge, toZYX(size)).measuredFraction, 12)
      }
  })

  it('is flat for white noise, to the error that so many frequencies leave', async () => {
    const size = { x: 47, y: 64, z: 40 }
    const power = await volumePower(volumeOf(noise(size, 2), size), 'y', exact)
    const { bins, wedge, measured } = directionalPower(power, size, defaultWedge)
    expect(bins.length).toBeGreaterThan(80)
    // Each frequency of the plane averages 64 squares, of relative error sqrt(2 / 64) at most; a bin has several.
    for (const bin of bins) expect(Math.abs(bin.power - 1)).toBeLessThan(5 * Math.sqrt(2 / 64))
    expect(wedge.power).toBeCloseTo(1, 1)
    expect(measured.power).toBeCloseTo(1, 1)
  })

  it('is all in the one direction that a plane wave has', async () => {
    const size = { x: 30, y: 6, z: 42 }
    const wave = new Float32Array(voxelCount(toZYX(size))).map((_, i) => {
      const x = i % size.x
      const z = Math.floor(i / (size.x * size.y))
      return 3 * Math.cos(2 * Math.PI * ((4 * x) / size.x + (11 * z) / size.z) + 0.3)
    })
    const power = await volumePower(volumeOf(wave, size), 'y', exact)
    const { bins, variance, wedge } = directionalPower(power, size, defaultWedge)
    const degrees = (Math.atan(11 / 42 / (4 / 30)) * 180) / Math.PI
    const strongest = bins.reduce((a, b) => (b.power > a.power ? b : a))
    expect(Math.abs(strongest.degrees - degrees)).toBeLessThanOrEqual(1)
    for (const bin of bins) if (bin !== strongest) expect(bin.power / strongest.power).toBeLessThan(1e-6)
    expect(variance).toBeCloseTo(4.5, 4)
    // 63 degrees: all of it in the wedge of +-60.
    expect(wedge.share).toBeCloseTo(1, 9)
  })

  it('follows the direction and not the radii that a bin happens to hold', () => {
    // Falls by five decades with the radius; twice as strong at positive angles.
    const size: XYZ = { x: 24, y: 1, z: 21 }
    const values = Float64Array.from({ length: 21 * 24 }, (_, at) => {
      const signed = (k: number, n: number): number => (2 * k < n ? k : k - n) / n
      const z = signed(Math.floor(at / 24), 21)
      const x = signed(at % 24, 24)
      return Math.exp(-Math.round(Math.hypot(x, z) * 21)) * (z * x > 0 ? 2 : 1)
    })
    const { bins } = directionalPower({ axes: [0, 2], size: [21, 24], values }, size, defaultWedge)
    const inside = bins.filter(({ degrees }) => Math.abs(degrees) > 1 && Math.abs(degrees) < 89)
    const [positive, negative] = [1, -1].map((sign) => inside.filter(({ degrees }) => degrees * sign > 0))
    const level = negative[0].power
    for (const bin of negative) expect(Math.abs(bin.power / level - 1)).toBeLessThan(0.15)
    for (const bin of positive) expect(Math.abs(bin.power / level / 2 - 1)).toBeLessThan(0.15)
  })

  it.each(sizes)('leaves nothing in the wedge of what T_M has passed, and all in it of the rest, %o', async (size) => {
    const wedge = { ...defaultWedge, tiltMin: -40, tiltMax: 55 }
    const operator = createWedgeOperator(wedge, toZYX(size))
    const values = noise(size, 9)
    const ofPart = async (part: Float32Array) =>
      directionalPower(await volumePower(volumeOf(part, size), 'y', exact), size, wedge)
    const passed = await ofPart(operator.apply(values))
    expect(passed.wedge.share).toBeLessThan(1e-12)
    for (const { degrees, power } of passed.bins) if (degrees > 56 || degrees < -41) expect(power).toBeLessThan(1e-12)
    const rest = await ofPart(operator.complement(values))
    expect(rest.measured.share).toBeLessThan(1e-12)
    const whole = await ofPart(values)
    expect(rest.variance + passed.variance).toBeCloseTo(whole.variance, 5)
  })

  it('refuses a plane of another box or axis', async () => {
    const size = sizes[1]
    const power = await volumePower(volumeOf(noise(size, 1), size), 'y', exact)
    expect(() => directionalPower(power, size, { ...defaultWedge, tiltAxis: 'x' })).toThrow(RangeError)
    expect(() => directionalPower(power, sizes[0], defaultWedge)).toThrow(RangeError)
  })
})

describe('power of a family’s deviations', () => {
  it('is the mean of the members’ own, and knows nothing of the mean', async () => {
    const size = sizes[1]
    const mean = noise(size, 1).map((v) => 100 + 20 * v)
    const deviations = [3, 4, 5].map((seed) => noise(size, seed))
    const members = deviations.map((d) =>
      volumeOf(
        mean.map((v, i) => v + d[i]),
        size
      )
    )
    const power = await deviationPower(volumeOf(mean, size), members, 'y', { taper: 'none' })
    const { variance } = directionalPower(power, size, defaultWedge)
    expect(variance).toBeCloseTo(
      deviations.reduce((sum, d) => sum + meanSquare(d) / 3, 0),
      3
    )
    const own = await Promise.all(deviations.map((d) => volumePower(volumeOf(d, size), 'y', exact)))
    for (let k = 0; k < power.values.length; k += 7)
      expect(power.values[k]).toBeCloseTo((own[0].values[k] + own[1].values[k] + own[2].values[k]) / 3, 3)
    await expect(deviationPower(volumeOf(mean, size), [], 'y')).rejects.toThrow(RangeError)
  })

  it('takes a part of a volume as if it were all there is', async () => {
    const size: XYZ = { x: 20, y: 14, z: 16 }
    const values = noise(size, 8)
    const box = { x: [3, 17], y: [2, 11], z: [1, 16] } as const
    const cut = await volumeOf(values, size).readBox({ x: [3, 17], y: [2, 11], z: [1, 16] })
    const small = { x: 14, y: 9, z: 15 }
    const whole = await volumePower(volumeOf(values, size), 'y', {
      box: { x: [...box.x], y: [...box.y], z: [...box.z] }
    })
    const part = await volumePower(volumeOf(cut, small), 'y')
    expect(whole).toEqual(part)
    expect(whole.axes).toEqual([axisIndex('z'), axisIndex('x')])
    expect(spectrumBox({ x: 900, y: 900, z: 900 }, 'z', { x: [0, 20], y: [300, 800], z: [10, 400] })).toEqual({
      x: [0, 20],
      y: [422, 678],
      z: [10, 400]
    })
  })
})
