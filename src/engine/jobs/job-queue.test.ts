import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { childProcessRunner } from '../runner/child-process.ts'
import type { RunnerPort, SpawnRunner } from '../runner/port.ts'
import { buildRunnerEntry } from '../runner/testing/build-runner.ts'
import { scriptedRequest, temporaryFolder, writeSmallTomogram } from '../runner/testing/small-tomogram.ts'
import { createJobQueue, type JobQueue, type JobSnapshot, type PartialMaps } from './index.ts'

let folder = ''
let spawn: SpawnRunner
beforeAll(async () => {
  folder = await temporaryFolder()
  await writeSmallTomogram(join(folder, 'tomogram.mrc'))
  spawn = childProcessRunner(await buildRunnerEntry(fromRoot('./src/engine/runner/testing/scripted-entry.ts')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Watched {
  queue: JobQueue
  /** Every snapshot in the order it came. */
  seen: JobSnapshot[]
  partials: PartialMaps[]
  ports: RunnerPort[]
  until(condition: (job: JobSnapshot) => boolean): Promise<JobSnapshot>
}

let open: JobQueue[] = []
afterEach(async () => {
  for (const queue of open) await queue.close()
  open = []
})

function watchedQueue(cancelGraceMilliseconds?: number, start: SpawnRunner = spawn): Watched {
  const seen: JobSnapshot[] = []
  const partials: PartialMaps[] = []
  const ports: RunnerPort[] = []
  const waiters: { condition: (job: JobSnapshot) => boolean; resolve: (job: JobSnapshot) => void }[] = []
  const queue = createJobQueue({
    spawnRunner: () => {
      const port = start()
      ports.push(port)
      return port
    },
    onJob: (job) => {
      seen.push(job)
      for (const waiter of waiters) if (waiter.condition(job)) waiter.resolve(job)
    },
    onPartial: (_, partial) => partials.push(partial),
    cancelGraceMilliseconds
  })
  open.push(queue)
  const until = (condition: (job: JobSnapshot) => boolean): Promise<JobSnapshot> =>
    new Promise((resolve) => {
      const already = seen.find(condition)
      if (already) resolve(already)
      else waiters.push({ condition, resolve })
    })
  return { queue, seen, partials, ports, until }
}

const ended =
  (id: string) =>
  (job: JobSnapshot): boolean =>
    job.id === id && !['queued', 'running'].includes(job.state)
const stepping =
  (id: string) =>
  (job: JobSnapshot): boolean =>
    job.id === id && (job.progress?.step ?? 0) > 0

it('runs jobs one after the other, in one process, with progress and partial maps', async () => {
  const { queue, seen, partials, ports, until } = watchedQueue()
  const first = queue.submit(scriptedRequest(folder, 'first', { steps: 3, blockMilliseconds: 20 }))
  const second = queue.submit(scriptedRequest(folder, 'second'))
  expect(queue.list().map(({ state }) => state)).toEqual(['running', 'queued'])
  const done = await until(ended(second.id))
  expect(done).toMatchObject({ state: 'done', runPath: join(folder, 'second') })
  expect(done.record?.method).toBe('cryowgen-2')
  const order = seen.map(({ id, state }) => `${id === first.id ? 'first' : 'second'} ${state}`)
  expect(order.filter((entry, i) => entry !== order[i - 1])).toEqual([
    'first queued',
    'first running',
    'second queued',
    'first running',
    'first done',
    'second running',
    'second done'
  ])
  expect(seen.filter(({ id }) => id === first.id).map(({ progress }) => progress?.step)).toContain(2)
  expect(partials[0].maps[0].values).toBeInstanceOf(Float32Array)
  expect(partials[0].maps[0].values).toHaveLength(3 * 3 * 4)
  expect(ports).toHaveLength(1)
})

it('reports a runner that died, leaves nothing of its job, and goes on with the next', async () => {
  const { queue, until, ports } = watchedQueue()
  const dying = queue.submit(scriptedRequest(folder, 'dying', { steps: 5, dieAtStep: 2 }))
  const next = queue.submit(scriptedRequest(folder, 'after'))
  const dead = await until(ended(dying.id))
  expect(dead.state).toBe('failed')
  expect(dead.failure).toMatchObject({ kind: 'job', code: 'runner-died' })
  expect(dead.failure?.message).toMatch(/was ended by the system (while|before)/)
  expect((await until(ended(next.id))).state).toBe('done')
  // Twice more, and one for the next job.
  expect(ports).toHaveLength(4)
  expect(dead.failure?.message).toMatch(/started 3 times/)
  expect((await readdir(folder)).filter((name) => name.startsWith('dying'))).toEqual([])
})

it('goes on from the last state where the process dies', async () => {
  const { queue, seen, until, ports } = watchedQueue()
  const script = { steps: 6, dieAtStep: 4, keepsState: true }
  const { id } = queue.submit(scriptedRequest(folder, 'surviving', script))
  const job = await until(ended(id))
  expect(job.state).toBe('done')
  expect(ports).toHaveLength(2)
  const steps = seen.flatMap(({ progress }) => (progress && progress.step > 0 ? [progress.step] : []))
  // State 3 was kept when step 4 killed it; had it begun again it would have died again.
  expect(steps.filter((step, i) => step !== steps[i - 1])).toEqual([1, 2, 3, 4, 5, 6])
  expect((await readdir(join(folder, 'surviving'))).sort()).not.toContain('state')
  expect((await readdir(folder)).filter((name) => name.startsWith('surviving'))).toEqual(['surviving'])
})

it('keeps the state of a job that can not go on, and resumes it later', async () => {
  let started = 0
  const failing: SpawnRunner = () => {
    const port = spawn()
    // The first lives long enough to keep something, the others don't.
    if (++started > 1) port.onMessage(() => port.kill())
    return port
  }
  const request = scriptedRequest(folder, 'stuck', { steps: 6, dieAtStep: 4, keepsState: true })
  const broken = watchedQueue(undefined, failing)
  const { id } = broken.queue.submit(request)
  const failed = await broken.until(ended(id))
  expect(failed).toMatchObject({ state: 'failed', failure: { code: 'runner-died' } })
  expect(failed.failure?.hint).toMatch(/can be resumed/)
  expect(started).toBe(4)
  expect(await readdir(join(folder, 'stuck'))).toEqual(['state'])

  const { queue, until, seen } = watchedQueue()
  const again = queue.submit(request)
  expect((await until(ended(again.id))).failure).toMatchObject({ code: 'out-exists' })
  const other = queue.submit({ ...request, resume: true, settings: { gamma: 3 }, threads: 5 })
  const refused = (await until(ended(other.id))).failure
  expect(refused).toMatchObject({ kind: 'input', code: 'resume-differs' })
  expect(refused?.message).toMatch(/setting gamma was not given and is 3; the number of threads was not given and is 5/)
  const whole = queue.submit({ ...request, resume: true })
  expect(await until(ended(whole.id))).toMatchObject({ state: 'done' })
  expect(seen.find(({ id: of, progress }) => of === whole.id && progress?.step)?.progress?.step).toBe(4)
  expect(await readdir(join(folder, 'stuck'))).toContain('run.json')
  const nothing = queue.submit({ ...request, resume: true })
  expect((await until(ended(nothing.id))).failure).toMatchObject({ kind: 'usage', code: 'nothing-to-resume' })
})

it('cancels a running job and leaves nothing', async () => {
  const { queue, until } = watchedQueue()
  const { id } = queue.submit(scriptedRequest(folder, 'cancelled', { steps: 1000, blockMilliseconds: 5 }))
  await until(stepping(id))
  const job = await queue.cancel(id, { keep: false })
  expect(job).toMatchObject({ state: 'cancelled', record: null, failure: { kind: 'cancelled' } })
  expect((await readdir(folder)).filter((name) => name.startsWith('cancelled'))).toEqual([])
  expect(await queue.cancel(id, { keep: false })).toBe(job)
})

it('cancels a running job and keeps what there is, marked as partial', async () => {
  const { queue, until } = watchedQueue()
  const { id } = queue.submit(scriptedRequest(folder, 'kept', { steps: 1000, blockMilliseconds: 5 }))
  await until(stepping(id))
  const job = await queue.cancel(id, { keep: true })
  expect(job.state).toBe('cancelled')
  expect(job.record?.partial).toBe(true)
  expect(await readdir(join(folder, 'kept'))).toContain('mean.mrc')
})

it('cancels a waiting job without starting it', async () => {
  const { queue, until } = watchedQueue()
  const running = queue.submit(scriptedRequest(folder, 'runs', { steps: 1000, blockMilliseconds: 5 }))
  const waiting = queue.submit(scriptedRequest(folder, 'waits'))
  expect((await queue.cancel(waiting.id, { keep: true })).state).toBe('cancelled')
  await queue.cancel(running.id, { keep: false })
  await until(ended(running.id))
  expect(await readdir(folder)).not.toContain('waits')
})

it('ends the process of a job that does not listen', async () => {
  const { queue, until, ports } = watchedQueue(100)
  const { id } = queue.submit(scriptedRequest(folder, 'deaf', { steps: 100_000, blockMilliseconds: 5, deaf: true }))
  await until(stepping(id))
  expect((await queue.cancel(id, { keep: false })).state).toBe('cancelled')
  const next = queue.submit(scriptedRequest(folder, 'after-deaf'))
  expect((await until(ended(next.id))).state).toBe('done')
  expect(ports).toHaveLength(2)
})

it('passes on why an input is refused', async () => {
  const { queue, until } = watchedQueue()
  const { id } = queue.submit({ ...scriptedRequest(folder, 'refused'), volumePath: join(folder, 'absent.mrc') })
  expect((await until(ended(id))).failure).toMatchObject({ kind: 'input', code: 'mrc-not-found' })
})

it('estimates time from measured steps, and memory from the trial, beside a running job', async () => {
  const { queue, until } = watchedQueue()
  const { id } = queue.submit(scriptedRequest(folder, 'beside', { steps: 1000, blockMilliseconds: 5 }))
  await until(stepping(id))
  const estimate = await queue.estimate(scriptedRequest(folder, 'estimated', { steps: 200, blockMilliseconds: 20 }))
  // Each step holds its thread for 20 ms: less than 4 s is impossible.
  expect(estimate.seconds).toBeGreaterThan(200 * 0.02)
  expect(estimate.memoryBytes).toBeGreaterThan(10 * 1024 ** 2)
  expect(estimate.reason).toMatch(/200/)
  await expect(
    queue.estimate(scriptedRequest(folder, 'estimated', {}, { roi: { x: [0, 99], y: [0, 1], z: [0, 1] } }))
  ).rejects.toMatchObject({ code: 'roi-outside' })
  expect(await readdir(folder)).not.toContain('estimated')
  await queue.cancel(id, { keep: false })
})

it('ends a superseded estimate', async () => {
  const { queue } = watchedQueue()
  const request = scriptedRequest(folder, 'estimated', { steps: 100, blockMilliseconds: 50 })
  const first = queue.estimate(request)
  const second = queue.estimate({ ...request, bundlePath: scriptedRequest(folder, '').bundlePath })
  await expect(first).rejects.toMatchObject({ kind: 'cancelled' })
  expect((await second).reason).toMatch(/whole computation/)
})

it('closes: running and waiting jobs end as cancelled', async () => {
  const { queue, until } = watchedQueue()
  const running = queue.submit(scriptedRequest(folder, 'closing', { steps: 1000, blockMilliseconds: 5 }))
  queue.submit(scriptedRequest(folder, 'closing-too'))
  await until(stepping(running.id))
  await queue.close()
  expect(queue.list().map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
  expect((await readdir(folder)).filter((name) => name.startsWith('closing'))).toEqual([])
})
