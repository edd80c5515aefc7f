import { expect, test } from 'vitest'
import { robustContrast, percentile, percentileContrast } from './contrast.ts'
import { histogramRange, volumeHistogram } from './histogram.ts'
import { memoryVolume } from './memory-volume.ts'
import { StatisticsAccumulator, volumeStatistics } from './statistics.ts'
import { stratifiedSample } from './stratified-sample.ts'
import { memoryInfo, positions } from './test-volumes.ts'
import type { Volume } from './volume.ts'

function volumeOf(size: { x: number; y: number; z: number }, data: Float32Array): Volume {
  return memoryVolume(data, memoryInfo(size))
}

test('percentiles are numpy’s', () => {
  // numpy.percentile([1, 2, 4, 8], [0.5, 50, 99.5]) = 1.015, 3, 7.94
  const sorted = Float32Array.of(1, 2, 4, 8)
  expect(percentile(sorted, 0.005)).toBeCloseTo(1.015, 6)
  expect(percentile(sorted, 0.5)).toBe(3)
  expect(percentile(sorted, 0.995)).toBeCloseTo(7.94, 5)
})

test('contrast ignores what is not finite and always has a width', () => {
  expect(percentileContrast(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY))).toEqual({ low: 0, high: 1 })
  expect(percentileContrast(Float32Array.of(7, 7, Number.NaN))).toEqual({ low: 6.5, high: 7.5 })
  // One voxel in a thousand differs: the percentiles are equal, the range is not.
  const nearly = new Float32Array(1000).fill(2)
  nearly[5] = 3
  expect(percentileContrast(nearly)).toEqual({ low: 2, high: 3 })
})

test('the sample of a large volume finds its percentiles, wherever the values are', async () => {
  // 200 x 150 x 120: values rise along each axis in turn, so a sample that misses a part is off.
  const size = { x: 200, y: 150, z: 120 }
  for (const axis of ['x', 'y', 'z'] as const) {
    const data = new Float32Array(size.x * size.y * size.z)
    for (let i = 0; i < data.length; i++) {
      const at = { x: i % size.x, y: Math.floor(i / size.x) % size.y, z: Math.floor(i / (size.x * size.y)) }
      data[i] = at[axis] / (size[axis] - 1)
    }
    const { low, high } = await robustContrast(volumeOf(size, data))
    expect(low, axis).toBeLessThan(0.03)
    expect(low).toBeGreaterThanOrEqual(0)
    expect(high, axis).toBeGreaterThan(0.97)
  }
})

test('a sample costs the same at any size and shape', async () => {
  for (const size of [
    { x: 4096, y: 4096, z: 500 },
    { x: 3, y: 2, z: 1e6 },
    { x: 1, y: 3e6, z: 1 },
    { x: 3e6, y: 1, z: 1 }
  ]) {
    let reads = 0
    const endless: Volume = {
      ...volumeOf({ x: 1, y: 1, z: 1 }, new Float32Array(1)),
      info: memoryInfo(size),
      async readBox({ x, y, z }) {
        reads++
        for (const [axis, range] of [
          ['x', x],
          ['y', y],
          ['z', z]
        ] as const) {
          expect(range[0]).toBeGreaterThanOrEqual(0)
          expect(range[1]).toBeLessThanOrEqual(size[axis])
        }
        return new Float32Array((x[1] - x[0]) * (y[1] - y[0]) * (z[1] - z[0]))
      }
    }
    const sample = await stratifiedSample(endless)
    expect(reads).toBeLessThanOrEqual(512)
    expect(sample.length).toBeGreaterThan(60_000)
    expect(sample.length).toBeLessThanOrEqual(1 << 18)
  }
})

test('statistics agree with the closed form, chunk by chunk and with a large offset', async () => {
  const size = { x: 130, y: 97, z: 101 }
  const data = new Float32Array(size.x * size.y * size.z).map((_, i) => 1e5 + (i % 97))
  data[10] = Number.NaN
  data[20] = Number.NEGATIVE_INFINITY
  const statistics = await volumeStatistics(volumeOf(size, data))
  expect(statistics).toMatchObject({ min: 1e5, max: 1e5 + 96, finite: data.length - 2 })
  // All residues of 97 equally often (but for two voxels): mean 48, variance (97² - 1) / 12.
  expect(statistics.mean).toBeCloseTo(1e5 + 48, 3)
  expect(statistics.std).toBeCloseTo(Math.sqrt((97 * 97 - 1) / 12), 3)
})

test('statistics of nothing finite are zero', () => {
  const accumulator = new StatisticsAccumulator()
  accumulator.add(Float32Array.of(Number.NaN))
  expect(accumulator.result()).toEqual({ min: 0, max: 0, mean: 0, std: 0, finite: 0 })
})

test('a histogram counts every finite voxel once', async () => {
  const size = { x: 5, y: 7, z: 3 }
  const data = positions(size)
  data[0] = Number.NaN
  const histogram = await volumeHistogram(volumeOf(size, data), { low: 100, high: 10100 }, 10)
  const inRange = data.filter((value) => value >= 100 && value <= 10100).length
  expect(histogram.counts.reduce((sum, count) => sum + count)).toBe(inRange)
  expect(histogram.counts[0]).toBe(data.filter((value) => value >= 100 && value < 1100).length)
  expect(histogram.counts[9]).toBe(data.filter((value) => value >= 9100 && value <= 10100).length)
  expect(histogram.below + histogram.above + inRange).toBe(data.length - 1)
  expect(histogramRange({ low: 0, high: 10 })).toEqual({ low: -5, high: 15 })
})

test('a scan can be stopped between chunks', async () => {
  const controller = new AbortController()
  const size = { x: 256, y: 256, z: 64 }
  let reads = 0
  const volume = volumeOf(size, new Float32Array(size.x * size.y * size.z))
  const counted: Volume = {
    ...volume,
    readBox(box, options) {
      if (++reads === 2) controller.abort()
      return volume.readBox(box, { ...options, signal: undefined })
    }
  }
  await expect(volumeStatistics(counted, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
  expect(reads).toBe(2)
})
