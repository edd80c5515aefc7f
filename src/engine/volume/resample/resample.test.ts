import { expect, test } from 'vitest'
import type { XYZ } from '../../../shared/axes.ts'
import type { VolumeInfo } from '../../../shared/volumes.ts'
import { memoryVolume } from '../memory-volume.ts'
import { axisWeights } from './axis-weights.ts'
import { resampled } from './resample.ts'

const cube = (length: number): XYZ => ({ x: length, y: length, z: length })

function volumeOf(size: XYZ, value: (x: number, y: number, z: number) => number) {
  const data = new Float32Array(size.x * size.y * size.z)
  let i = 0
  for (let z = 0; z < size.z; z++)
    for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++) data[i++] = value(x, y, z)
  const info: VolumeInfo = {
    path: '/made/up.mrc',
    format: 'memory',
    mode: 2,
    dtype: 'float32',
    byteOrder: 'little',
    size,
    voxelSizeAngstrom: null,
    origin: cube(0),
    start: cube(0),
    axisOrder: [1, 2, 3],
    isVolumeStack: false,
    extendedHeader: { type: '', bytes: 0 },
    labels: [],
    tilt: null,
    repairs: [],
    compressed: 'none'
  }
  return { volume: memoryVolume(data, info), data }
}

/** Middles of the new voxels, in voxel indices of the source. */
const middles = (count: number, start: number, step: number): number[] =>
  Array.from({ length: count }, (_, i) => start + (i + 0.5) * step - 0.5)

test('the same grid is a copy, a shifted one a copy in its place, NaN around it', async () => {
  const { volume, data } = volumeOf({ x: 7, y: 5, z: 3 }, (x, y, z) => x * x + 10 * y - 3 * z)
  expect(await resampled(volume, { size: { x: 7, y: 5, z: 3 }, start: cube(0), step: cube(1) })).toEqual(data)
  const moved = await resampled(volume, { size: { x: 4, y: 5, z: 2 }, start: { x: 5, y: -2, z: 1 }, step: cube(1) })
  const at = (x: number, y: number, z: number): number => moved[(z * 5 + y) * 4 + x]
  expect(at(0, 2, 0)).toBe(25 + 0 - 3)
  expect(at(1, 4, 1)).toBe(36 + 20 - 6)
  for (const nowhere of [at(2, 2, 0), at(0, 1, 0), at(3, 4, 1)]) expect(nowhere).toBeNaN()
  // Voxel sizes that differ in their last digits still copy.
  const nearly = await resampled(volume, { size: { x: 7, y: 5, z: 3 }, start: cube(1e-9), step: cube(1 + 1e-9) })
  expect(nearly).toEqual(data)
})

test.each([
  ['finer', 0.37, 1.3],
  ['a little coarser', 1.21, 2.2],
  ['twice as coarse', 2, 2],
  ['much coarser', 3.7, 8]
])('a ramp stays the ramp inside: %s', async (_name, step, start) => {
  const { volume } = volumeOf({ x: 40, y: 33, z: 37 }, (x, y, z) => 2 * x - 3 * y + 0.5 * z + 7)
  const size = cube(5)
  const out = await resampled(volume, { size, start: cube(start), step: cube(step) })
  const at = middles(5, start, step)
  let i = 0
  for (let z = 0; z < 5; z++)
    for (let y = 0; y < 5; y++)
      for (let x = 0; x < 5; x++) expect(out[i++]).toBeCloseTo(2 * at[x] - 3 * at[y] + 0.5 * at[z] + 7, 4)
})

test('a cosine on a finer grid is off by no more than linear interpolation is', async () => {
  // |error| <= h^2 / 8 max |f''| = (2 pi f)^2 / 8 along each axis.
  const frequency = 0.06
  const { volume } = volumeOf({ x: 40, y: 4, z: 4 }, (x) => Math.cos(2 * Math.PI * frequency * x + 0.4))
  const [start, step] = [3.1, 0.41]
  const out = await resampled(volume, {
    size: { x: 60, y: 1, z: 1 },
    start: { x: start, y: 1, z: 1 },
    step: { x: step, y: 1, z: 1 }
  })
  const errors = middles(60, start, step).map((x, i) => Math.abs(out[i] - Math.cos(2 * Math.PI * frequency * x + 0.4)))
  const bound = (2 * Math.PI * frequency) ** 2 / 8
  expect(Math.max(...errors)).toBeLessThan(bound)
  expect(Math.max(...errors)).toBeGreaterThan(bound / 4)
})

test('on a grid half as fine a cosine is damped as the triangle says, and what would fold back is gone', async () => {
  // Weights 1/8, 3/8, 3/8, 1/8: H(f) = 3/4 cos(pi f) + 1/4 cos(3 pi f).
  for (const frequency of [0.05, 0.13, 0.25, 0.37, 0.45]) {
    const { volume } = volumeOf({ x: 64, y: 2, z: 2 }, (x) => Math.cos(2 * Math.PI * frequency * x))
    const out = await resampled(volume, { size: { x: 32, y: 1, z: 1 }, start: cube(0), step: { x: 2, y: 1, z: 1 } })
    const gain = 0.75 * Math.cos(Math.PI * frequency) + 0.25 * Math.cos(3 * Math.PI * frequency)
    middles(32, 0, 2)
      .slice(1, -1)
      .forEach((x, i) => expect(out[i + 1]).toBeCloseTo(gain * Math.cos(2 * Math.PI * frequency * x), 5))
    if (frequency > 0.4) expect(Math.abs(gain)).toBeLessThan(0.01)
  }
})

test('weights sum to one and balance; outside there are none', () => {
  const { first, weights } = axisWeights(9, -1.2, 1.7, 11)
  expect(weights[0].length).toBe(0)
  expect(weights.at(-1)?.length).toBe(0)
  middles(9, -1.2, 1.7).forEach((centre, i) => {
    if (weights[i].length === 0) return
    expect(weights[i].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
    const inside = centre - 1.7 > 0 && centre + 1.7 < 10
    const moment = weights[i].reduce((sum, weight, k) => sum + weight * (first[i] + k - centre), 0)
    if (inside) expect(moment).toBeCloseTo(0, 12)
  })
})

test('a voxel that is no number is not painted over', async () => {
  const { volume } = volumeOf(cube(6), (x, y, z) => (x === 2 && y === 2 && z === 2 ? Number.NaN : 1))
  const out = await resampled(volume, { size: cube(3), start: cube(0), step: cube(2) })
  expect(out[(1 * 3 + 1) * 3 + 1]).toBeNaN()
  expect(out[(2 * 3 + 2) * 3 + 2]).toBeCloseTo(1)
})

test('resampling can be stopped', async () => {
  const { volume } = volumeOf(cube(6), () => 1)
  const abort = new AbortController()
  const work = resampled(volume, { size: cube(6), start: cube(0), step: cube(1) }, abort.signal)
  abort.abort()
  await expect(work).rejects.toThrow()
})
