import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { wedgeReportSchema } from '../../shared/api.ts'
import type { WedgeReport } from '../../shared/api.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { inFolder, plainHeader, realFile } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { testApi } from './test-api.ts'
import { spectrumBox } from '../directions/volume-power.ts'

const resources = fromRoot('./resources')

async function reportOf(path: string, query = ''): Promise<WedgeReport> {
  const { json, api } = await testApi(join(path, '..'), { resources })
  const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
  const report = await json(wedgeReportSchema, 'GET', `/api/volumes/${id}/wedge${query}`)
  await api.close()
  return report
}

test('a real tomogram’s range is estimated, with the power that speaks for it', async () => {
  const report = await reportOf(join(resources, 'samples', 'microtubule-13pf.mrc'))
  expect(report.source).toBe('estimated')
  // Recorded at about +-60; engine/wedge's own tests hold the estimate's accuracy.
  expect(Math.abs(report.wedge.tiltMin + 60)).toBeLessThan(10)
  expect(Math.abs(report.wedge.tiltMax - 60)).toBeLessThan(10)
  expect(report.uncertaintyDegrees).toBeGreaterThan(0)
  expect(report.measuredFraction).toBeGreaterThan(0.6)
  expect(report.measuredFraction).toBeLessThan(0.75)
  const mean = (from: number, to: number): number => {
    const powers = report.powerByAngle.filter(({ degrees }) => Math.abs(degrees) >= from && Math.abs(degrees) < to)
    return powers.reduce((sum, { power }) => sum + power, 0) / powers.length
  }
  expect(mean(0, 50)).toBeGreaterThan(10 * mean(75, 90))
})

test('a file beside the tomogram wins over an estimate, and chosen axes over both', () =>
  inFolder(async (folder) => {
    const size = { x: 24, y: 20, z: 16 }
    const noise = new Float32Array(size.x * size.y * size.z).map((_, i) => Math.sin(i * i * 0.37))
    const path = join(folder, 'a.mrc')
    await writeVolume(path, noise, size, plainHeader, [])
    expect(await reportOf(path)).toMatchObject({
      source: 'default',
      wedge: { tiltMin: -60, tiltMax: 60, tiltAxis: 'y' }
    })
    await writeFile(join(folder, 'a.tlt'), '-48\n0\n60\n')
    const report = await reportOf(path)
    expect(report).toMatchObject({ source: 'file', uncertaintyDegrees: null, wedge: { tiltMin: -48, tiltMax: 60 } })
    const turned = await reportOf(path, '?tiltAxis=z')
    expect(turned.wedge).toMatchObject({ tiltAxis: 'z', beamAxis: 'y' })
    expect(turned.powerByAngle).not.toEqual(report.powerByAngle)
    const { json, refusal } = await testApi(folder)
    const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    expect(await refusal('GET', `/api/volumes/${id}/wedge?tiltAxis=x&beamAxis=x`)).toMatchObject({ status: 400 })
    expect(await refusal('GET', `/api/volumes/${id}/wedge?tiltAxis=w`)).toMatchObject({ status: 400 })
    expect(await refusal('GET', `/api/volumes/${id}/spectrum`)).toMatchObject({ status: 400 })
  }))

test('a spectrum has its zero frequency in the middle and a wave where its frequency is', () =>
  inFolder(async (folder) => {
    const size = { x: 32, y: 3, z: 20 }
    // 4 periods along x and 5 along z.
    const wave = new Float32Array(size.x * size.y * size.z).map((_, i) => {
      const x = i % size.x
      const z = Math.floor(i / (size.x * size.y))
      return Math.cos(2 * Math.PI * ((4 * x) / size.x + (5 * z) / size.z))
    })
    const path = join(folder, 'wave.mrc')
    await writeVolume(path, wave, size, plainHeader, [])
    const { json, call } = await testApi(folder)
    const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    const response = await call('GET', `/api/volumes/${id}/spectrum?plane=xz`)
    const [rows, columns] = ['X-Rows', 'X-Columns'].map((name) => Number(response.headers.get(name)))
    expect([rows, columns]).toEqual([20, 32])
    const values = new Float32Array(await response.arrayBuffer())
    const strongest = [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, 2)
    const places = strongest.map((at) => [Math.floor(at / columns) - 10, (at % columns) - 16])
    expect(places.sort((a, b) => a[0] - b[0])).toEqual([
      [-5, -4],
      [5, 4]
    ])
  }))

test('a degenerate volume has a report too', async () => {
  const report = await reportOf(realFile('visfd_1d_example.rec'))
  expect(report.source).toBe('default')
})

test('the part that stands for a volume is central and bounded', () => {
  const size = { x: 4096, y: 4000, z: 301 }
  const box = spectrumBox(size, 'y')
  expect(box).toEqual({ x: [1920, 2176], y: [1984, 2016], z: [22, 278] })
  expect(spectrumBox({ x: 94, y: 206, z: 36 }, 'y')).toEqual({ x: [0, 94], y: [0, 206], z: [0, 36] })
})
