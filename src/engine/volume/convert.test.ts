import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openMrc } from 'mrc-js'
import { expect, test } from 'vitest'
import { wholeBox } from '../../shared/axes.ts'
import type { XYZ } from '../../shared/axes.ts'
import { convertVolume } from './convert.ts'
import type { Conversion, ConvertRequest } from './convert.ts'
import { blurRaster, gaussianKernel, mirroredIndex } from './filters/gaussian.ts'
import { memoryVolume } from './memory-volume.ts'
import { openVolume } from './open-volume.ts'
import { inFolder, memoryInfo, plainHeader, positions, realFile } from './test-volumes.ts'
import type { HeaderFacts } from './write-volume.ts'

const plain: ConvertRequest = { type: null, bin: 1, roi: null, sigma: 0 }

async function converted(
  data: Float32Array,
  size: XYZ,
  out: string,
  request: Partial<ConvertRequest>,
  header: Partial<HeaderFacts> = {}
): Promise<Conversion & { values: Float32Array }> {
  const volume = memoryVolume(data, memoryInfo(size, header))
  const result = await convertVolume(volume, out, { ...plain, ...request }, 'wedgeview 1.2.3')
  const written = await openVolume(out)
  const values = await written.readBox(wholeBox(written.info.size))
  expect(written.info.size).toEqual(result.size)
  await written.close()
  return { ...result, values }
}

test('whole bins are means, and the header follows region and bin', () =>
  inFolder(async (folder) => {
    const size = { x: 11, y: 9, z: 8 }
    const out = join(folder, 'out.mrc')
    const roi = { x: [1, 11], y: [0, 9], z: [2, 8] } as ConvertRequest['roi']
    const header = { ...plainHeader, origin: { x: 5, y: -7, z: 0 }, start: { x: 3, y: 4, z: -2 }, labels: ['first'] }
    const { values, statistics, notes } = await converted(positions(size), size, out, { roi, bin: 2 }, header)
    // Voxels are x + 100 y + 10000 z: a bin is its first voxel plus half of 1 + 100 + 10000.
    const expected = Float32Array.from({ length: 5 * 4 * 3 }, (_, i) => {
      const [x, y, z] = [i % 5, Math.floor(i / 5) % 4, Math.floor(i / 20)]
      return 1 + 2 * x + 200 * y + 10000 * (2 + 2 * z) + 5050.5
    })
    expect(values).toEqual(expected)
    const file = await openMrc(out)
    expect(file.voxelSizeAngstrom).toEqual({ x: 20, y: 20, z: 20 })
    expect(file.origin).toEqual({ x: 5 + 10, y: -7, z: 20 })
    expect(file.start).toEqual({ x: 2, y: 2, z: 0 })
    expect(file.labels).toEqual(['first', 'wedgeview 1.2.3 convert: roi 1:11,0:9,2:8; bin 2; float32'])
    const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length
    expect(file.header.dmin).toBe(expected[0])
    expect(file.header.dmax).toBe(expected.at(-1))
    expect(file.header.dmean).toBeCloseTo(mean, 2)
    const variance = expected.reduce((sum, value) => sum + (value - mean) ** 2, 0) / expected.length
    expect(file.header.rms / Math.sqrt(variance)).toBeCloseTo(1, 6)
    expect(statistics).toMatchObject({ finite: 60 })
    expect(notes.join(' ')).toContain('1 voxels along y')
    await file.close()
  }))

test('values that are no numbers are left out of bins; an axis shorter than a bin is one bin', () =>
  inFolder(async (folder) => {
    const data = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    data[0] = Number.NaN
    data.fill(Number.POSITIVE_INFINITY, 6, 9)
    const { values, size, header } = await converted(data, { x: 6, y: 2, z: 1 }, join(folder, 'a.mrc'), { bin: 3 })
    expect(size).toEqual({ x: 2, y: 1, z: 1 })
    expect(header.voxelSizeAngstrom).toEqual({ x: 30, y: 20, z: 10 })
    expect([...values]).toEqual([2.5, 8])
    const { values: none } = await converted(data.fill(Number.NaN), { x: 6, y: 2, z: 1 }, join(folder, 'b.mrc'), {
      bin: 2
    })
    expect(none.every(Number.isNaN)).toBe(true)
  }))

test('a 3-D Gaussian damps a wave that suits the mirrored box by the kernel’s own transfer function', () =>
  inFolder(async (folder) => {
    // cos(pi k (i + 1/2) / n) is even about both ends, so mirroring continues it and convolution only scales it.
    const size = { x: 24, y: 17, z: 13 }
    const sigma = 1.7
    const k = { x: 3, y: 2, z: 4 }
    const wave = (axis: 'x' | 'y' | 'z', i: number): number => Math.cos((Math.PI * k[axis] * (i + 0.5)) / size[axis])
    const data = Float32Array.from({ length: 24 * 17 * 13 }, (_, i) => {
      const [x, y, z] = [i % 24, Math.floor(i / 24) % 17, Math.floor(i / 408)]
      return 100 * wave('x', x) * wave('y', y) * wave('z', z)
    })
    const kernel = gaussianKernel(sigma)
    const radius = (kernel.length - 1) / 2
    const damped = (['x', 'y', 'z'] as const).map((axis) =>
      kernel.reduce((sum, tap, i) => sum + tap * Math.cos((Math.PI * k[axis] * (i - radius)) / size[axis]), 0)
    )
    const factor = damped[0] * damped[1] * damped[2]
    const { values } = await converted(data, size, join(folder, 'a.mrc'), { sigma })
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - factor * data[i])), 0)
    expect(worst).toBeLessThan(2e-5)
    // And that is a Gaussian's: exp(-2 pi^2 sigma^2 f^2) with f = k / (2 n).
    const square = (['x', 'y', 'z'] as const).reduce((sum, axis) => sum + (k[axis] / (2 * size[axis])) ** 2, 0)
    expect(factor / Math.exp(-2 * Math.PI ** 2 * sigma ** 2 * square)).toBeCloseTo(1, 2)
  }))

test('a Gaussian wider than the box leaves its mean, gaps stay gaps, and a spot becomes the kernel', () => {
  const kernel = gaussianKernel(1)
  const spot = new Float32Array(15 * 15)
  spot[7 * 15 + 7] = 1
  const blurred = blurRaster(spot, 15, 15, kernel)
  for (let dy = -4; dy <= 4; dy++)
    for (let dx = -4; dx <= 4; dx++)
      expect(blurred[(7 + dy) * 15 + 7 + dx]).toBeCloseTo(kernel[4 + dx] * kernel[4 + dy], 7)
  const wide = blurRaster(Float32Array.of(1, 2, 6), 1, 3, gaussianKernel(20))
  wide.forEach((value) => expect(value).toBeCloseTo(3, 1))
  const gap = blurRaster(Float32Array.of(2, Number.NaN, 2, 2), 1, 4, kernel)
  expect(gap[1]).toBeNaN()
  expect(gap[0]).toBeCloseTo(2, 6)
  expect([-1, 0, 2, 3, 5, 6, -4, -7].map((i) => mirroredIndex(i, 3))).toEqual([0, 0, 2, 2, 0, 0, 2, 0])
})

test('whole-number types are rounded to nearest; what does not fit is refused and nothing is left', () =>
  inFolder(async (folder) => {
    const size = { x: 4, y: 1, z: 2 }
    const data = Float32Array.of(-0.6, 1.4, 126.7, 127.4, 2, 3, -128, 5)
    const { values, type } = await converted(data, size, join(folder, 'a.mrc'), { type: 'int8' })
    expect([...values]).toEqual([-1, 1, 127, 127, 2, 3, -128, 5])
    expect(type).toBe('int8')
    data[7] = 128
    const out = join(folder, 'b.mrc')
    const refusal = converted(data, size, out, { type: 'int8' })
    await expect(refusal).rejects.toMatchObject({ kind: 'input', code: 'value-out-of-range' })
    await expect(refusal).rejects.toThrow('int8 holds -128 to 127')
    data[7] = Number.NaN
    await expect(converted(data, size, out, { type: 'uint16' })).rejects.toMatchObject({ code: 'value-out-of-range' })
    await expect(converted(data.fill(Number.NaN), size, out, { type: 'int16' })).rejects.toMatchObject({
      code: 'value-not-a-number'
    })
    await expect(converted(data.fill(1e5), size, out, { type: 'float16' })).rejects.toMatchObject({
      code: 'value-out-of-range'
    })
    expect(await readdir(folder)).toEqual(['a.mrc'])
  }))

test('compressed files are read and written, and keep their type and values', () =>
  inFolder(async (folder) => {
    const volume = await openVolume(realFile('EMD-3197.map'))
    const out = join(folder, 'out.mrc.gz')
    const { type } = await convertVolume(volume, out, plain, 'wedgeview 1.2.3')
    expect(type).toBe('float32')
    expect(await readdir(folder)).toEqual(['out.mrc.gz'])
    expect(gunzipSync(await readFile(out)).length).toBe(1024 + 20 ** 3 * 4)
    const again = await openVolume(out)
    expect(again.info).toMatchObject({ compressed: 'gzip', start: volume.info.start })
    expect(await again.readBox(wholeBox(again.info.size))).toEqual(await volume.readBox(wholeBox(volume.info.size)))
    const whole = await convertVolume(
      again,
      join(folder, 'int.mrc'),
      { ...plain, type: null, bin: 4 },
      'wedgeview 1.2.3'
    )
    expect(whole.size).toEqual({ x: 5, y: 5, z: 5 })
    expect(whole.statistics.mean).toBeCloseTo((await volume.statistics?.())?.mean ?? Number.NaN, 6)
    await again.close()
    await volume.close()
  }))

test('a conversion that is stopped leaves nothing, wherever it is', () =>
  inFolder(async (folder) => {
    const size = { x: 64, y: 64, z: 40 }
    for (const name of ['a.mrc', 'a.mrc.gz']) {
      const controller = new AbortController()
      const volume = memoryVolume(new Float32Array(64 * 64 * 40), memoryInfo(size))
      const stopped = convertVolume(volume, join(folder, name), { ...plain, sigma: 1 }, 'wedgeview 1.2.3', {
        signal: controller.signal,
        onProgress: (fraction) => fraction > 0.4 && controller.abort()
      })
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    }
    await writeFile(join(folder, 'file'), '')
    const nowhere = join(folder, 'file', 'out.mrc')
    const volume = memoryVolume(new Float32Array(8), memoryInfo({ x: 2, y: 2, z: 2 }))
    await expect(convertVolume(volume, nowhere, plain, 'wedgeview 1.2.3')).rejects.toMatchObject({ kind: 'job' })
    expect(await readdir(folder)).toEqual(['file'])
  }))
