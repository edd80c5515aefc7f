import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { boxSize, toZYX } from '../../shared/axes.ts'
import type { Derivation } from '../../shared/derived.ts'
import { jobSchema } from '../../shared/jobs.ts'
import { runDiagnosticsSchema } from '../../shared/run-diagnostics.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import {
  preparedDiagnostics,
  preparedMaps,
  preparedMember,
  preparedMembers,
  preparedRegion,
  preparedWedge,
  writePreparedRun,
  writePreparedTomogram
} from '../derived/testing/prepared-run.ts'
import { temporaryFolder } from '../runner/testing/small-tomogram.ts'
import { applyWedge } from '../volume/apply-wedge.ts'
import { openVolume } from '../volume/open-volume.ts'
import { axisIndex, wedgeMask } from '../wedge/mask.ts'
import { testApi } from './test-api.ts'
import type { TestApi } from './test-api.ts'

const size = boxSize(preparedRegion)
let folder = ''
let tomogramPath = ''
let api: TestApi

beforeAll(async () => {
  folder = await temporaryFolder()
  tomogramPath = await writePreparedTomogram(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  await writePreparedRun(tomogramPath)
  api = await testApi(folder)
})
afterEach(() => api.api.close())

/** The run's maps, once they are listed. */
async function opened(): Promise<(role: string) => OpenVolume> {
  await api.json(openVolumeSchema, 'POST', '/api/volumes', { path: tomogramPath })
  let volumes: OpenVolume[] = []
  while (volumes.length < 1 + Object.keys(preparedMaps).length + preparedMembers) {
    // Runs are found after the answer; a loop of promises alone would keep the disk from answering.
    await setImmediate()
    volumes = await api.json(openVolumeSchema.array(), 'GET', '/api/volumes')
  }
  return (role) => {
    const found = volumes.find((volume) => volume.role === role)
    if (!found) throw new Error(`no ${role}`)
    return found
  }
}

const derive = (body: unknown): Promise<OpenVolume> => api.json(openVolumeSchema, 'POST', '/api/derived', body)

/** All voxels as the interface serves them, slice by slice. */
async function voxelsOf(id: string): Promise<Float32Array> {
  const out = new Float32Array(size.x * size.y * size.z)
  for (let z = 0; z < size.z; z++) {
    const response = await api.call('GET', `/api/volumes/${id}/slice?plane=xy&index=${z}`)
    out.set(new Float32Array(await response.arrayBuffer()), z * size.x * size.y)
  }
  return out
}

/** T_M by a plain 2-D DFT of every plane across the tilt axis: no code shared with the engine but the mask. */
function independentMeasured(x: Float32Array): Float32Array {
  const mask = wedgeMask(preparedWedge, toZYX(size))
  expect(axisIndex(preparedWedge.tiltAxis)).toBe(1)
  const out = new Float32Array(x.length)
  const turn = (k: number, n: number, count: number): number => (2 * Math.PI * k * n) / count
  for (let y = 0; y < size.y; y++) {
    const at = (z: number, i: number): number => (z * size.y + y) * size.x + i
    const sums = new Float64Array(size.z * size.x)
    for (let kz = 0; kz < size.z; kz++)
      for (let kx = 0; kx < size.x; kx++) {
        if (mask[at(kz, kx)] === 0) continue
        let re = 0
        let im = 0
        for (let z = 0; z < size.z; z++)
          for (let i = 0; i < size.x; i++) {
            const angle = -(turn(kz, z, size.z) + turn(kx, i, size.x))
            re += x[at(z, i)] * Math.cos(angle)
            im += x[at(z, i)] * Math.sin(angle)
          }
        for (let z = 0; z < size.z; z++)
          for (let i = 0; i < size.x; i++) {
            const angle = turn(kz, z, size.z) + turn(kx, i, size.x)
            sums[z * size.x + i] += re * Math.cos(angle) - im * Math.sin(angle)
          }
      }
    for (let z = 0; z < size.z; z++)
      for (let i = 0; i < size.x; i++) out[at(z, i)] = sums[z * size.x + i] / (size.x * size.z)
    // Two planes say it; the others go through the same code.
    if (y === 0) y = size.y - 2
  }
  return out
}

const largest = (values: Iterable<number>): number => {
  let most = 0
  for (const value of values) most = Math.max(most, Math.abs(value))
  return most
}

test('measured and filled-in part add up to the whole, are T_M with the run’s wedge, and equal `wedge --apply`', async () => {
  const volume = await opened()
  const mean = volume('mean')
  const measured = await derive({ kind: 'part', volumeId: mean.id, part: 'measured' })
  const filled = await derive({ kind: 'part', volumeId: mean.id, part: 'filled-in' })
  expect(measured).toMatchObject({ role: 'measured-part', region: mean.region, runId: mean.runId })
  expect(filled).toMatchObject({ role: 'filled-in-part', region: mean.region })
  expect(measured.info.size).toEqual(size)
  expect(measured.info.start).toEqual(mean.info.start)

  const [x, m, f] = [preparedMaps.mean, await voxelsOf(measured.id), await voxelsOf(filled.id)]
  expect(largest(x.map((value, i) => value - (m[i] + f[i])))).toBeLessThan(2e-5)
  const expected = independentMeasured(x)
  for (const y of [0, size.y - 1])
    for (let z = 0; z < size.z; z++)
      for (let i = 0; i < size.x; i++) {
        const at = (z * size.y + y) * size.x + i
        expect(Math.abs(m[at] - expected[at])).toBeLessThan(5e-5)
      }

  const outPath = join(folder, 'applied.mrc')
  const source = await openVolume(mean.info.path)
  await applyWedge(source, preparedWedge, outPath, 'T_M')
  await source.close()
  const applied = await openVolume(outPath)
  expect(await applied.readBox({ x: [0, size.x], y: [0, size.y], z: [0, size.z] })).toEqual(m)
  await applied.close()

  // k = 0 is measured: the mean grey value is all in the measured part.
  const grey = x.reduce((sum, value) => sum + value, 0) / x.length
  const derived = filled.derived as Extract<Derivation, { kind: 'part' }>
  expect(derived.meanGrey).toBeCloseTo(grey, 3)
  expect(f.reduce((sum, value) => sum + value, 0) / f.length).toBeCloseTo(0, 4)
  // Asked for again it is what it was.
  expect(await derive({ kind: 'part', volumeId: mean.id, part: 'measured' })).toEqual(measured)
})

test('members have parts, spreads and tomograms have none, and parts close with their whole', async () => {
  const volume = await opened()
  const part = await derive({ kind: 'part', volumeId: volume('member').id, part: 'filled-in' })
  expect(part.name).toContain('member 1, filled-in part')
  for (const id of [volume('std').id, part.id, (await api.json(openVolumeSchema.array(), 'GET', '/api/volumes'))[0].id])
    expect(await api.refusal('POST', '/api/derived', { kind: 'part', volumeId: id, part: 'measured' })).toMatchObject({
      code: 'no-part',
      status: 400
    })
  await api.call('DELETE', `/api/volumes/${volume('member').id}`)
  expect(await api.refusal('GET', `/api/volumes/${part.id}`)).toMatchObject({ code: 'volume-unknown' })
})

test('P(x > t) at any t: Gaussian from mean and SD, or counted over the members', async () => {
  const volume = await opened()
  const runId = volume('mean').runId
  const gaussian = await derive({ kind: 'probability', runId, threshold: 120, estimate: 'gaussian' })
  expect(gaussian).toMatchObject({ role: 'probability', quantity: 'P(x > 120), Gaussian from mean and SD' })
  expect(gaussian.contrast).toEqual({ low: 0, high: 1 })
  const p = await voxelsOf(gaussian.id)
  const { mean, std } = preparedMaps
  for (let i = 0; i < p.length; i += 37) {
    // An approximation of Phi that shares nothing with the engine's (Abramowitz and Stegun 26.2.17, error 7.5e-8).
    const z = (mean[i] - 120) / std[i]
    const t = 1 / (1 + 0.2316419 * Math.abs(z))
    const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    const tail = (Math.exp(-z * z * 0.5) / Math.sqrt(2 * Math.PI)) * series
    expect(Math.abs(p[i] - (z > 0 ? 1 - tail : tail))).toBeLessThan(2e-7)
  }

  const counted = await derive({ kind: 'probability', runId, threshold: 118.5, estimate: 'members' })
  expect(counted.id).toBe(gaussian.id)
  expect(counted.revision).toBe(gaussian.revision + 1)
  expect(counted.quantity).toBe('P(x > 118.5), counted over 8 members')
  const c = await voxelsOf(counted.id)
  const members = Array.from({ length: preparedMembers }, (_, k) => preparedMember(k))
  for (let i = 0; i < c.length; i += 11)
    expect(c[i]).toBe(members.filter((member) => member[i] > 118.5).length / preparedMembers)
  expect(
    await api.refusal('POST', '/api/derived', { kind: 'probability', runId: 'x', threshold: 1, estimate: 'members' })
  ).toMatchObject({ code: 'no-family' })
})

test('a run tells its diagnostics and goes by the name that it is given, also in the next session', async () => {
  const volume = await opened()
  const runId = volume('mean').runId ?? ''
  const diagnostics = await api.json(runDiagnosticsSchema, 'GET', `/api/runs/${runId}/diagnostics`)
  expect(diagnostics).toEqual({ trace: preparedDiagnostics.trace })
  const renamed = await api.json(jobSchema, 'PUT', `/api/runs/${runId}/name`, { name: ' with a low-pass ' })
  expect(renamed.name).toBe('with a low-pass')
  await api.api.close()

  api = await testApi(folder)
  await opened()
  const [job] = await api.json(jobSchema.array(), 'GET', '/api/jobs')
  expect(job.name).toBe('with a low-pass')
  expect((await api.json(jobSchema, 'PUT', `/api/runs/${job.id}/name`, { name: '' })).name).toBeNull()
  expect(await readdir(job.request.outPath)).not.toContain('name.json')
  await writeFile(join(job.request.outPath, 'diagnostics.json'), '{')
  expect(await api.refusal('GET', `/api/runs/${job.id}/diagnostics`)).toMatchObject({
    code: 'diagnostics-unreadable',
    status: 422
  })
  expect(await api.refusal('PUT', '/api/runs/none/name', { name: 'x' })).toMatchObject({ code: 'run-unknown' })
})

test('a deleted run takes its derived volumes along', async () => {
  const volume = await opened()
  const mean = volume('mean')
  await derive({ kind: 'part', volumeId: mean.id, part: 'filled-in' })
  await derive({ kind: 'probability', runId: mean.runId, threshold: 120, estimate: 'gaussian' })
  const deleted = await api.call('DELETE', `/api/runs/${mean.runId}`)
  expect(await deleted.text()).toBe('')
  expect(deleted.status).toBe(204)
  expect((await api.json(openVolumeSchema.array(), 'GET', '/api/volumes')).map(({ name }) => name)).toEqual([
    'prepared.mrc'
  ])
})

test('nothing is left behind', async () => {
  const volume = await opened()
  await derive({ kind: 'part', volumeId: volume('mean').id, part: 'measured' })
  await writeFile(join(folder, 'unrelated'), '')
  await api.api.close()
  const own = `wedgeview-derived-${process.pid}-`
  expect((await readdir(tmpdir())).filter((name) => name.startsWith(own))).toEqual([])
})
