import { expect, test } from 'vitest'
import type { Plane } from '../../../shared/axes.ts'
import { noSliceFilters, sliceFiltersQuery } from '../../../shared/slice-filters.ts'
import type { SliceFilters } from '../../../shared/slice-filters.ts'
import { sliceQuerySchema } from '../../../shared/api.ts'
import { testNoise } from '../../fourier/fixtures/noise.ts'
import { memoryVolume } from '../memory-volume.ts'
import { memoryInfo } from '../test-volumes.ts'
import { bandPass, bandResponse } from './band-pass.ts'
import { cosineTransform } from './cosine-transform.ts'
import { filteredSlice } from './filtered-slice.ts'
import { slabSlice } from './slab.ts'

test.each([1, 2, 3, 8, 13, 30])('the cosine transform of %i samples is its definition, and comes back', (n) => {
  for (const batch of [1, 2, 5]) {
    const lines = testNoise(n * batch, n)
    const transformed = lines.slice()
    cosineTransform(transformed, n, batch, 'forward')
    for (let k = 0; k < n; k++)
      for (let b = 0; b < batch; b++) {
        let sum = 0
        for (let i = 0; i < n; i++) sum += lines[i * batch + b] * Math.cos((Math.PI * k * (2 * i + 1)) / (2 * n))
        expect(transformed[k * batch + b]).toBeCloseTo(sum, 10)
      }
    cosineTransform(transformed, n, batch, 'inverse')
    transformed.forEach((value, i) => expect(value).toBeCloseTo(lines[i], 12))
  }
})

test('a wave that suits the mirrored slice is scaled by the response at its frequency, and the mean stays', () => {
  const [rows, columns] = [21, 34]
  const band = { low: 0.05, high: 0.2 }
  for (const [ky, kx] of [
    [0, 3],
    [2, 3],
    [5, 9],
    [8, 1],
    [20, 33]
  ]) {
    const wave = Float32Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns]
      return Math.cos((Math.PI * ky * (row + 0.5)) / rows) * Math.cos((Math.PI * kx * (column + 0.5)) / columns)
    })
    const response = bandResponse(Math.hypot(ky / (2 * rows), kx / (2 * columns)), band)
    const raised = wave.map((value) => value + 50)
    const passed = bandPass(raised, rows, columns, band)
    passed.forEach((value, i) => expect(value).toBeCloseTo(50 + response * wave[i], 4))
  }
  // Half at the limits, all between them, nothing an octave outside; an open limit lets everything pass.
  expect([0.05, 0.1, 0.2, 0.03, 0.3].map((f) => bandResponse(f, band))).toEqual(
    [0.5, 1, 0.5, 0, 0].map((value) => expect.closeTo(value, 12))
  )
  expect(bandResponse(1e-6, { low: null, high: 0.2 })).toBe(1)
  expect(bandResponse(0.49, { low: 0.05, high: null })).toBe(1)
})

const size = { x: 7, y: 6, z: 5 }
const data = Float32Array.from(testNoise(210, 4))
const volume = memoryVolume(data, memoryInfo(size))

test.each(['xy', 'xz', 'yz'] satisfies Plane[])(
  'slabs of %s slices are the mean, greatest and least of them',
  async (plane) => {
    const count = { xy: 5, xz: 6, yz: 7 }[plane]
    for (const [index, slices, from, to] of [
      [2, 3, 1, 4],
      [0, 4, 0, 2],
      [count - 1, 5, count - 3, count],
      [1, 100, 0, count]
    ]) {
      const each: Float32Array[] = []
      for (let i = from; i < to; i++) each.push((await volume.readSlice(plane, i)).data)
      const column = (i: number): number[] => each.map((slice) => slice[i])
      const expected = {
        mean: (i: number) => column(i).reduce((sum, value) => sum + value, 0) / each.length,
        max: (i: number) => Math.max(...column(i)),
        min: (i: number) => Math.min(...column(i))
      }
      for (const kind of ['mean', 'max', 'min'] as const) {
        const slab = await slabSlice(volume, plane, index, { kind, slices })
        slab.data.forEach((value, i) => expect(value).toBeCloseTo(expected[kind](i), 6))
      }
    }
  }
)

test('what is no number is left out of a slab, and is NaN where nothing else is', async () => {
  const gaps = memoryVolume(Float32Array.of(1, Number.NaN, 3, Number.NaN), memoryInfo({ x: 2, y: 1, z: 2 }))
  for (const [kind, value] of [
    ['mean', 2],
    ['max', 3],
    ['min', 1]
  ] as const)
    expect([...(await slabSlice(gaps, 'xy', 0, { kind, slices: 3 })).data]).toEqual([value, Number.NaN])
})

test('filters come one after the other; a band in nanometres needs a voxel size and knows its shape', async () => {
  const filters: SliceFilters = { slab: { kind: 'mean', slices: 3 }, sigma: 1, band: { unit: 'nm', low: 8, high: 2.5 } }
  const both = await filteredSlice(volume, { plane: 'xz', index: 2, filters })
  const slab = await filteredSlice(volume, { plane: 'xz', index: 2, filters: { ...filters, sigma: 0, band: null } })
  const smooth = memoryVolume(slab.data, memoryInfo({ x: 7, y: 5, z: 1 }))
  const rest = await filteredSlice(smooth, {
    plane: 'xy',
    index: 0,
    filters: { ...filters, slab: null, band: { unit: 'cycles-per-voxel', low: 0.125, high: 0.4 } }
  })
  // Voxels of 1 nm: 8 nm is 0.125 cycles per voxel.
  both.data.forEach((value, i) => expect(value).toBeCloseTo(rest.data[i], 6))
  const unknown = memoryVolume(data, memoryInfo(size, { voxelSizeAngstrom: null }))
  await expect(filteredSlice(unknown, { plane: 'xy', index: 0, filters })).rejects.toMatchObject({
    code: 'voxel-size-unknown'
  })
  // Rows twice as long as columns: a wave of 8 voxels along rows is one of 16 columns' lengths.
  const tall = bandPass(
    Float32Array.from({ length: 32 }, (_, i) => Math.cos((Math.PI * 8 * (i + 0.5)) / 32)),
    32,
    1,
    { low: null, high: 0.0625 },
    { row: 2, column: 1 }
  )
  tall.forEach((value, i) => expect(value).toBeCloseTo(0.5 * Math.cos((Math.PI * 8 * (i + 0.5)) / 32), 5))
})

test('filters are written as a query and read back', () => {
  const cases: SliceFilters[] = [
    noSliceFilters,
    { slab: { kind: 'max', slices: 7 }, sigma: 1.5, band: { unit: 'nm', low: 50, high: 4 } },
    { slab: null, sigma: 0, band: { unit: 'cycles-per-voxel', low: null, high: 0.25 } }
  ]
  for (const filters of cases) {
    const query = Object.fromEntries(new URLSearchParams(`plane=xy&index=3${sliceFiltersQuery(filters)}`))
    const { slab = null, filter = 0, bandpass = null } = sliceQuerySchema.parse(query)
    expect({ slab, sigma: filter, band: bandpass }).toEqual(filters)
  }
  for (const bad of [
    { slab: 'mean:0' },
    { slab: 'median:3' },
    { slab: 'mean:101' },
    { filter: 'gauss:51' },
    { filter: 'gauss:' },
    { bandpass: '0.3:0.1' },
    { bandpass: '4nm:50nm' },
    { bandpass: '0.1:0.7' },
    { bandpass: 'x' }
  ])
    expect(sliceQuerySchema.safeParse({ plane: 'xy', index: '3', ...bad }).success, JSON.stringify(bad)).toBe(false)
})
