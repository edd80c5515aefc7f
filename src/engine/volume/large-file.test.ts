import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import type { Plane, XYZ } from '../../shared/axes.ts'
import { buildRunnerEntry } from '../runner/testing/build-runner.ts'
import { cutSlice } from './memory-volume.ts'
import { openVolume } from './open-volume.ts'
import type { LargeFileJob, LargeFileReport } from './testing/large-file-work.ts'
import { markedValue, writeSparseVolume } from './testing/sparse-volume.ts'
import type { SparseVolume } from './testing/sparse-volume.ts'
import { wholeBox } from '../../shared/axes.ts'

/** The limit of memory for anything a volume is put through, however large it is. */
const limitMegabytes = 600

let folder = ''
let entry = ''

beforeAll(async () => {
  entry = await buildRunnerEntry(fromRoot('./src/engine/volume/testing/large-file-work.ts'))
  folder = await mkdtemp(join(tmpdir(), 'wedgeview-large-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function carryOut(volume: SparseVolume, slices: LargeFileJob['slices'], pyramid: boolean): Promise<LargeFileReport> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' })
    let report: LargeFileReport | null = null
    child.on('message', (message: LargeFileReport) => (report = message))
    child.on('error', reject)
    child.on('exit', (code) =>
      report && code === 0 ? resolve(report) : reject(new Error(`the work ended with ${code}`))
    )
    child.send({ volume: { ...volume, rows: [...volume.rows] }, slices, folder, pyramid } satisfies LargeFileJob)
  })
}

/** Statistics of the file, from its marked rows alone. */
function expectedStatistics({ size, rows }: SparseVolume): { min: number; max: number; mean: number; std: number } {
  const total = size.x * size.y * size.z
  let [min, max, sum, squares] = [0, 0, 0, 0]
  for (const row of rows) {
    for (let x = 0; x < size.x; x++) {
      const value = markedValue(x, row % size.y, Math.floor(row / size.y))
      min = Math.min(min, value)
      max = Math.max(max, value)
      sum += value
      squares += value * value
    }
  }
  const mean = sum / total
  return { min, max, mean, std: Math.sqrt(squares / total - mean * mean) }
}

/** The file binned by 4, from its marked rows alone. */
function expectedBins({ size, rows }: SparseVolume): { data: Float32Array; size: XYZ } {
  const half = { x: size.x / 4, y: size.y / 4, z: size.z / 4 }
  const sums = new Float64Array(half.x * half.y * half.z)
  for (const row of rows) {
    const [y, z] = [row % size.y, Math.floor(row / size.y)]
    const from = (Math.floor(z / 4) * half.y + Math.floor(y / 4)) * half.x
    for (let x = 0; x < size.x; x++) sums[from + Math.floor(x / 4)] += markedValue(x, y, z)
  }
  return { data: Float32Array.from(sums, (sum) => sum / 64), size: half }
}

const worstOf = (values: ArrayLike<number>, expected: Float32Array): number =>
  expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - values[i])), 0)

test('1024 x 1440 x 512 int16: planes, statistics, bins and pyramid, all right and in little memory', async () => {
  const volume = await writeSparseVolume(folder, 'int16.mrc', { x: 1024, y: 1440, z: 512 }, 'int16', 11)
  const report = await carryOut(volume, { xy: 6, xz: 4, yz: 2 }, true)
  console.log(`int16: ${summary(report)}`)
  expect(report.wrongVoxels).toBe(0)
  expectStatistics(report, volume)
  const bins = expectedBins(volume)
  await expectBinned(report, bins)
  // Two binnings by 2 are one by 4; bricks keep a 65534th of their range, which is below 2001.
  for (const plane of ['xy', 'xz', 'yz'] satisfies Plane[]) {
    const { index = 0, values = [] } = report.coarse[plane] ?? {}
    expect(worstOf(values, cutSlice(bins.data, bins.size, plane, index))).toBeLessThan(0.04)
  }
  expect(report.peakMegabytes).toBeLessThan(limitMegabytes)
})

test('8 GiB float32: planes, statistics and bins, all right and in little memory', async () => {
  const volume = await writeSparseVolume(folder, 'float32.mrc', { x: 2048, y: 1024, z: 1024 }, 'float32', 12)
  const report = await carryOut(volume, { xy: 5, xz: 4, yz: 1 }, false)
  console.log(`float32: ${summary(report)}`)
  expect(report.wrongVoxels).toBe(0)
  expect(report.contrast.high).toBeGreaterThan(report.contrast.low)
  expectStatistics(report, volume)
  await expectBinned(report, expectedBins(volume))
  expect(report.peakMegabytes).toBeLessThan(limitMegabytes)
})

function expectStatistics({ statistics }: LargeFileReport, volume: SparseVolume): void {
  const { min, max, mean, std } = expectedStatistics(volume)
  const { x, y, z } = volume.size
  expect(statistics).toMatchObject({ min, max, finite: x * y * z })
  expect(statistics.mean).toBeCloseTo(mean, 9)
  expect(statistics.std).toBeCloseTo(std, 9)
}

async function expectBinned({ binned }: LargeFileReport, bins: { data: Float32Array; size: XYZ }): Promise<void> {
  const written = await openVolume(binned)
  expect(written.info.size).toEqual(bins.size)
  expect(written.info.voxelSizeAngstrom).toEqual({ x: 40, y: 40, z: 40 })
  expect(worstOf(await written.readBox(wholeBox(written.info.size)), bins.data)).toBeLessThan(1e-4)
  await written.close()
}

function summary({ peakMegabytes, seconds }: LargeFileReport): string {
  const times = Object.entries(seconds).map(([name, value]) => `${name} ${value.toFixed(2)} s`)
  return `peak ${peakMegabytes.toFixed(0)} MB; ${times.join(', ')}`
}
