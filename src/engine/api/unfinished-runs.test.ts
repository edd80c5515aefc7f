import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { fromRoot } from '../../../project-paths.ts'
import { unfinishedRunSchema } from '../../shared/api.ts'
import { jobSchema } from '../../shared/jobs.ts'
import type { Job } from '../../shared/jobs.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { childProcessRunner } from '../runner/child-process.ts'
import type { SpawnRunner } from '../runner/port.ts'
import { buildRunnerEntry } from '../runner/testing/build-runner.ts'
import { temporaryFolder, writeSmallTomogram } from '../runner/testing/small-tomogram.ts'
import { ended, startedApi } from './started-api.ts'
import type { Started } from './started-api.ts'

let folder = ''
let spawnRunner: SpawnRunner
const opened: Started[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeSmallTomogram(join(folder, 'tomogram.mrc'))
  spawnRunner = childProcessRunner(await buildRunnerEntry(fromRoot('./src/engine/runner/testing/scripted-entry.ts')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(async () => {
  for (const { api } of opened.splice(0)) await api.close()
  await rm(join(folder, 'tomogram.wedgeview'), { recursive: true, force: true })
})

async function started(): Promise<Started> {
  const api = await startedApi(folder, spawnRunner)
  opened.push(api)
  return api
}

const listOf = (api: Started): Promise<z.infer<typeof unfinishedRunSchema>[]> =>
  api.json(z.array(unfinishedRunSchema), 'GET', '/api/runs/unfinished')

/** A run that was under way when the program was closed. */
async function interrupted(): Promise<Job> {
  const before = await started()
  const script = { steps: 100, blockMilliseconds: 25, keepsState: true }
  const job = await before.json(jobSchema, 'POST', '/api/jobs', before.newJob(script))
  // A state is kept every two seconds.
  await before.until(({ id, progress }) => id === job.id && (progress?.step ?? 0) > 90)
  expect(await listOf(before)).toEqual([])
  await before.api.close()
  return job
}

test('a run that was under way when the program ended is found, and goes on from where it was', async () => {
  const job = await interrupted()
  expect(await readdir(job.request.outPath)).toEqual(['state'])

  const after = await started()
  const [found, ...others] = await listOf(after)
  expect(others).toEqual([])
  expect(found).toMatchObject({
    path: job.request.outPath,
    volumeId: after.tomogram.id,
    method: 'cryowgen-2',
    roi: job.request.roi
  })
  expect(Date.parse(found.keptAt ?? '')).toBeGreaterThan(Date.parse(found.startedAt))
  const elsewhere = { path: join(folder, 'elsewhere') }
  expect(await after.refusal('POST', '/api/runs/resume', elsewhere)).toMatchObject({ status: 404, code: 'run-unknown' })

  const resumed = await after.json(jobSchema, 'POST', '/api/runs/resume', { path: found.path })
  // While it goes on it is nobody's to resume.
  expect(await listOf(after)).toEqual([])
  const first = await after.until(({ id, progress }) => id === resumed.id && (progress?.step ?? 0) > 0)
  expect(first.progress?.step).toBeGreaterThan(20)
  const done = await after.until((each) => each.id === resumed.id && ended(each))
  expect(done).toMatchObject({ state: 'done', request: { outPath: found.path } })
  const { maps } = { maps: await readdir(found.path) }
  expect(maps).toContain('mean.mrc')
  expect(maps).not.toContain('state')
  const { resumedTimes } = JSON.parse(await readFile(join(found.path, 'diagnostics.json'), 'utf8')) as Record<
    string,
    unknown
  >
  expect(resumedTimes).toBe(1)
})

test('an unfinished run is discarded when nobody wants it', async () => {
  const job = await interrupted()
  const after = await started()
  const body = { path: job.request.outPath }
  expect((await after.call('POST', '/api/runs/discard', body)).status).toBe(204)
  expect(await listOf(after)).toEqual([])
  expect(await readdir(join(folder, 'tomogram.wedgeview'))).toEqual([])
  expect(await after.refusal('POST', '/api/runs/discard', body)).toMatchObject({ code: 'run-unknown' })
})

test('a run that had got nowhere when the program ended leaves nothing', async () => {
  const before = await started()
  const job = await before.json(jobSchema, 'POST', '/api/jobs', before.newJob({ steps: 1000, blockMilliseconds: 5 }))
  await before.until(({ id, progress }) => id === job.id && (progress?.step ?? 0) > 1)
  await before.api.close()
  expect(await readdir(join(folder, 'tomogram.wedgeview'))).toEqual([])
})

test('what a job says beside its progress reaches the window', async () => {
  const { json, newJob, until, events } = await started()
  const script = { steps: 100, blockMilliseconds: 25, dieAtStep: 95, keepsState: true }
  const job = await json(jobSchema, 'POST', '/api/jobs', newJob(script))
  expect(await until((each) => each.id === job.id && ended(each))).toMatchObject({ state: 'done' })
  const said = events.filter((event) => event.type === 'log')
  expect(said).toMatchObject([{ level: 'warning', jobId: job.id }])
  expect(said[0].message).toMatch(/was ended by the system .* The job goes on from its last state/)
})

test('a job goes on from the chains of a run, found again or not, and replaces the one before it', async () => {
  const { json, newJob, until, events, api } = await started()
  const settings = { members: 3 }
  const job = await json(jobSchema, 'POST', '/api/jobs', newJob({ steps: 40, blockMilliseconds: 25 }, { settings }))
  await until((each) => each.id === job.id && ended(each))
  const region = { x: [3, 5], y: [1, 3], z: [2, 4] }
  const wanted = (gamma: number, more = {}): unknown => ({ continueFrom: { runId: job.id, gamma, region, ...more } })

  const first = await json(jobSchema, 'POST', '/api/jobs', wanted(0.5))
  expect(first.request).toMatchObject({
    method: 'cryowgen-2',
    roi: region,
    settings: { gamma: 0.5 },
    continueFrom: { runPath: job.request.outPath }
  })
  await until(({ id, volumes }) => id === first.id && volumes.length > 0)
  const second = await json(jobSchema, 'POST', '/api/jobs', wanted(2, { settings: { chains: 2 } }))
  const done = await until(({ id, state, volumes }) => id === second.id && state === 'done' && volumes.length > 0)
  expect(done.run).toMatchObject({
    settings: { gamma: 2, chains: 2 },
    continuedFrom: { path: job.request.outPath, gamma: 1, starts: 2 }
  })
  expect(events).toContainEqual({ type: 'run-deleted', runId: first.id, jobId: first.id })
  const jobs = await json(z.array(jobSchema), 'GET', '/api/jobs')
  expect(jobs.map(({ id }) => id).sort()).toEqual([job.id, second.id].sort())
  expect(await readdir(join(folder, 'tomogram.wedgeview'))).not.toContain(first.request.outPath.split('/').at(-1))
  await api.close()

  const after = await started()
  const found = await after.until(({ run, volumes }) => run?.settings.gamma === 2 && volumes.length > 0)
  // The bundle is found where it was.
  expect(found.request.bundlePath).toBe(job.request.bundlePath)
  const third = await after.json(jobSchema, 'POST', '/api/jobs', {
    continueFrom: { runId: found.runId, gamma: 3, region: null }
  })
  expect(third.request.roi).toEqual(region)
  expect(await after.until((each) => each.id === third.id && ended(each))).toMatchObject({
    run: { continuedFrom: { path: second.request.outPath, gamma: 2 } }
  })
  const unknown = { continueFrom: { runId: 'nothing', gamma: 1, region: null } }
  expect(await after.refusal('POST', '/api/jobs', unknown)).toMatchObject({ code: 'run-unknown' })
  const cold = { continueFrom: { runId: found.runId, gamma: 0, region: null } }
  expect(await after.refusal('POST', '/api/jobs', cold)).toMatchObject({ status: 400, code: 'bad-request' })
})

test('a job that goes on from chains does not wait for the queue, and is cancelled without a trace', async () => {
  const { json, newJob, until, call } = await started()
  const origin = await json(jobSchema, 'POST', '/api/jobs', newJob())
  await until((each) => each.id === origin.id && ended(each))
  const bundle = newJob({ steps: 1000, blockMilliseconds: 10 })
  const slow = await json(jobSchema, 'POST', '/api/jobs', bundle)
  await until(({ id, state }) => id === slow.id && state === 'running')
  const beside = await json(jobSchema, 'POST', '/api/jobs', {
    continueFrom: { runId: origin.id, gamma: 2, region: null }
  })
  expect(await until((each) => each.id === beside.id && ended(each))).toMatchObject({ state: 'done' })
  const now = await json(z.array(jobSchema), 'GET', '/api/jobs')
  expect(now.find(({ id }) => id === slow.id)).toMatchObject({ state: 'running' })
  const { volumes } = await until(({ id, volumes: shown }) => id === slow.id && shown.length > 0)
  const gone = await json(jobSchema, 'POST', `/api/jobs/${slow.id}/cancel?keep=false`)
  expect(gone).toMatchObject({ state: 'cancelled', run: null })
  expect((await call('GET', `/api/volumes/${volumes[0]}`)).status).toBe(404)
  expect((await json(z.array(openVolumeSchema), 'GET', '/api/volumes')).some(({ runId }) => runId === slow.id)).toBe(
    false
  )
})
