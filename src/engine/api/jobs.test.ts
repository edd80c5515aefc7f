import { access, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { fromRoot } from '../../../project-paths.ts'
import { jobEstimateSchema } from '../../shared/api.ts'
import { apiEventSchema, jobSchema } from '../../shared/jobs.ts'
import type { RunRecord } from '../../shared/runs.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { childProcessRunner } from '../runner/child-process.ts'
import type { SpawnRunner } from '../runner/port.ts'
import { buildRunnerEntry } from '../runner/testing/build-runner.ts'
import { temporaryFolder, writeSmallTomogram } from '../runner/testing/small-tomogram.ts'
import { ended, startedApi } from './started-api.ts'
import type { Started } from './started-api.ts'
import { sentEvents } from './test-api.ts'
import type { TestApi } from './test-api.ts'

let folder = ''
let spawnRunner: SpawnRunner
const opened: TestApi[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeSmallTomogram(join(folder, 'tomogram.mrc'))
  spawnRunner = childProcessRunner(await buildRunnerEntry(fromRoot('./src/engine/runner/testing/scripted-entry.ts')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(async () => {
  for (const { api } of opened.splice(0)) await api.close()
  // The next test would find this one's runs.
  await rm(join(folder, 'tomogram.wedgeview'), { recursive: true, force: true })
})

async function started(): Promise<Started> {
  const api = await startedApi(folder, spawnRunner)
  opened.push(api)
  return api
}

test('a job shows its maps while it runs, and the finished ones under the same ids', async () => {
  const { json, call, newJob, until, events, tomogram } = await started()
  const job = await json(jobSchema, 'POST', '/api/jobs', newJob({ steps: 6, blockMilliseconds: 60 }))
  expect(job.request).toMatchObject({ volumePath: join(folder, 'tomogram.mrc'), method: 'cryowgen-2' })
  expect(job.request.outPath).toBe(join(folder, 'tomogram.wedgeview', 'cryowgen-2-1'))

  const running = await until(({ volumes }) => volumes.length > 0)
  expect(running.state).toBe('running')
  const partial = await json(openVolumeSchema, 'GET', `/api/volumes/${running.volumes[0]}`)
  expect(partial).toMatchObject({ role: 'mean', runId: job.id, info: { format: 'memory' } })
  expect(partial.region).toMatchObject({ tomogram: tomogram.id })
  expect(partial.info.voxelSizeAngstrom).toEqual(tomogram.info.voxelSizeAngstrom)

  const done = await until(ended)
  expect(done).toMatchObject({ state: 'done', runId: job.id, failure: null })
  expect(done.run?.method).toBe('cryowgen-2')
  expect(done.volumes).toEqual(expect.arrayContaining(running.volumes))
  const finished = await json(openVolumeSchema, 'GET', `/api/volumes/${running.volumes[0]}`)
  expect(finished.info).toMatchObject({ format: 'mrc', path: join(job.request.outPath, 'mean.mrc') })
  expect(finished.revision).toBeGreaterThan(partial.revision)
  const { x, y, z: sections } = finished.info.size
  const box = finished.region?.box
  expect([x, y, sections]).toEqual(box && [box.x[1] - box.x[0], box.y[1] - box.y[0], box.z[1] - box.z[0]])
  const revisions = events.flatMap((event) =>
    event.type === 'volume' && event.volumeId === finished.id ? [event.revision] : []
  )
  expect(revisions.at(-1)).toBe(finished.revision)
  expect([...revisions].sort((a, b) => a - b)).toEqual(revisions)

  // Whoever connects later is told at once how things stand.
  const late = sentEvents(await call('GET', '/api/events'), apiEventSchema)
  expect((await late.next()).value).toEqual({ type: 'job', job: done })
  await late.return(undefined)
  expect(await json(z.array(jobSchema), 'GET', '/api/jobs')).toEqual([done])

  expect((await call('DELETE', `/api/runs/${job.id}`)).status).toBe(204)
  expect(events.at(-1)).toEqual({ type: 'run-deleted', runId: job.id, jobId: job.id })
  expect(await json(z.array(jobSchema), 'GET', '/api/jobs')).toEqual([])
  expect((await call('GET', `/api/volumes/${finished.id}`)).status).toBe(404)
  await expect(access(job.request.outPath)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a map in memory is saved as an MRC file in its place in the tomogram', async () => {
  const { json, call, newJob, until } = await started()
  const job = await json(jobSchema, 'POST', '/api/jobs', newJob({ steps: 1000, blockMilliseconds: 20 }))
  const { volumes } = await until((each) => each.volumes.length > 0)
  const { info } = await json(openVolumeSchema, 'GET', `/api/volumes/${volumes[0]}`)
  const file = Buffer.from(await (await call('GET', `/api/volumes/${volumes[0]}/file`)).arrayBuffer())
  expect(file.length).toBe(1024 + 4 * info.size.x * info.size.y * info.size.z)
  expect(file.toString('latin1', 208, 212)).toBe('MAP ')
  expect([file.readInt32LE(16), file.readInt32LE(20), file.readInt32LE(24)]).toEqual([
    info.start.x,
    info.start.y,
    info.start.z
  ])
  await call('POST', `/api/jobs/${job.id}/cancel`)
})

test('a cancelled job keeps what it has, marked as partial', async () => {
  const { json, newJob, until } = await started()
  const job = await json(jobSchema, 'POST', '/api/jobs', newJob({ steps: 1000, blockMilliseconds: 10 }))
  await until(({ volumes }) => volumes.length > 0)
  const cancelled = await json(jobSchema, 'POST', `/api/jobs/${job.id}/cancel`)
  expect(cancelled).toMatchObject({ state: 'cancelled', runId: job.id, run: { partial: true } })
  const mean = await json(openVolumeSchema, 'GET', `/api/volumes/${cancelled.volumes[0]}`)
  expect(mean.info.format).toBe('mrc')
})

test('runs of an earlier session are found again, beside the tomogram and in the fallback folder, with their maps', async () => {
  const before = await started()
  const job = await before.json(jobSchema, 'POST', '/api/jobs', before.newJob())
  const done = await before.until(ended)
  await before.api.close()
  // A run in the fallback folder counts where it says that it is of this file; damaged and unfinished ones don't.
  const beside = join(folder, 'tomogram.wedgeview')
  const fallback = join(folder, 'runs', 'tomogram.wedgeview')
  await cp(job.request.outPath, join(fallback, 'cryowgen-2-7'), { recursive: true })
  await cp(job.request.outPath, join(fallback, 'of-another'), { recursive: true })
  const record = JSON.parse(await readFile(join(fallback, 'of-another', 'run.json'), 'utf8')) as RunRecord
  record.input.path = join(folder, 'elsewhere', 'tomogram.mrc')
  await writeFile(join(fallback, 'of-another', 'run.json'), JSON.stringify(record))
  await cp(job.request.outPath, join(beside, 'cryowgen-2-2.partial-x'), { recursive: true })
  await cp(job.request.outPath, join(beside, 'damaged'), { recursive: true })
  await writeFile(join(beside, 'damaged', 'run.json'), '{')

  const after = await started()
  const found = await after.until(({ id, volumes }) => id === 'found-2' && volumes.length > 0)
  expect(found).toMatchObject({ state: 'done', run: done.run, request: { volumePath: join(folder, 'tomogram.mrc') } })
  const jobs = await after.json(z.array(jobSchema), 'GET', '/api/jobs')
  expect(jobs.map(({ request }) => request.outPath).sort()).toEqual(
    [join(fallback, 'cryowgen-2-7'), job.request.outPath].sort()
  )
  const first = jobs.find(({ request }) => request.outPath === job.request.outPath)
  const mean = await after.json(openVolumeSchema, 'GET', `/api/volumes/${first?.volumes[0]}`)
  expect(mean).toMatchObject({
    role: 'mean',
    runId: first?.id,
    region: { tomogram: after.tomogram.id, box: done.run?.input.roi }
  })

  // Opened once more nothing is listed twice; closed and opened again, its runs belong to the new one.
  await after.json(openVolumeSchema, 'POST', '/api/volumes', { path: join(folder, 'tomogram.mrc') })
  await after.call('DELETE', `/api/volumes/${after.tomogram.id}`)
  const again = await after.json(openVolumeSchema, 'POST', '/api/volumes', { path: join(folder, 'tomogram.mrc') })
  await after.until(({ id, volumes }) => id === 'found-4' && volumes.length > 0)
  const listed = await after.json(z.array(jobSchema), 'GET', '/api/jobs')
  expect(listed.map(({ id }) => id).sort()).toEqual(['found-3', 'found-4'])
  const volumes = await after.json(z.array(openVolumeSchema), 'GET', '/api/volumes')
  expect(volumes.every(({ id, region }) => id === again.id || region?.tomogram === again.id)).toBe(true)
  expect((await after.call('DELETE', '/api/runs/found-4')).status).toBe(204)
  await rm(fallback, { recursive: true, force: true })
})

test('two jobs of one method get folders of their own, also while the first still waits', async () => {
  const { json, newJob, until } = await started()
  const first = await json(jobSchema, 'POST', '/api/jobs', newJob({ steps: 5, blockMilliseconds: 20 }))
  const second = await json(jobSchema, 'POST', '/api/jobs', newJob())
  expect(second.request.outPath).not.toBe(first.request.outPath)
  await until((job) => job.id === second.id && ended(job))
})

test('a job that dies is said to have died, and its folder may be used again', async () => {
  const { json, newJob, until } = await started()
  const job = await json(jobSchema, 'POST', '/api/jobs', newJob({ steps: 5, dieAtStep: 2 }))
  const failed = await until((each) => each.id === job.id && ended(each))
  expect(failed).toMatchObject({ state: 'failed', runId: null, failure: { code: 'runner-died' } })
  expect(await readdir(join(folder, 'tomogram.wedgeview'))).not.toContain(job.request.outPath.split('/').at(-1))
  const next = await json(jobSchema, 'POST', '/api/jobs', newJob())
  expect(next.request.outPath).toBe(job.request.outPath)
  await until((each) => each.id === next.id && ended(each))
})

test('what can’t be reconstructed is refused before it is queued', async () => {
  const { refusal, newJob, json } = await started()
  const outside = newJob({}, { roi: { x: [0, 5000], y: [0, 1], z: [0, 1] } })
  expect(await refusal('POST', '/api/jobs', outside)).toMatchObject({ status: 422, code: 'roi-outside' })
  expect(await refusal('POST', '/api/jobs/estimate', outside)).toMatchObject({ status: 422, code: 'roi-outside' })
  const forbidden = newJob({}, { bundlePath: '/etc' })
  expect(await refusal('POST', '/api/jobs', forbidden)).toMatchObject({ status: 403, code: 'path-not-allowed' })
  const unknown = newJob({}, { volumeId: 'volume-99' })
  expect(await refusal('POST', '/api/jobs', unknown)).toMatchObject({ status: 404, code: 'volume-unknown' })
  const wedge = { ...newJob().wedge, tiltMin: 60, tiltMax: -60 }
  expect(await refusal('POST', '/api/jobs', newJob({}, { wedge }))).toMatchObject({ status: 400, code: 'bad-request' })
  expect(await json(z.array(jobSchema), 'GET', '/api/jobs')).toEqual([])
})

test('an estimate takes no run folder', async () => {
  const { json, newJob } = await started()
  const before = await readdir(join(folder, 'tomogram.wedgeview')).catch(() => [])
  const estimate = await json(
    jobEstimateSchema,
    'POST',
    '/api/jobs/estimate',
    newJob({ steps: 3, blockMilliseconds: 5 })
  )
  expect(estimate.seconds).toBeGreaterThan(0)
  expect(await readdir(join(folder, 'tomogram.wedgeview')).catch(() => [])).toEqual(before)
})
