import type { IntervalHistogram } from 'node:perf_hooks'
import type { ElectronApplication } from '@playwright/test'
import { jobById, openVolumes, startJob } from './engine-api.ts'
import { expect, test } from './fixtures.ts'
import { sampleRun } from './sample-run.ts'
import { sampleTomogram } from './samples.ts'

test.use({ files: [sampleTomogram] })

/** The process that runs the networks, as Electron lists it; null when there is none. */
function runnerProcess(desktop: ElectronApplication): Promise<number | null> {
  return desktop.evaluate(({ app }) => {
    const runner = app
      .getAppMetrics()
      .find(({ name, serviceName }) => [name, serviceName].includes('Wedgeview networks'))
    return runner?.pid ?? null
  })
}

test('networks run in a utility process; its death fails the job in words, and the next run starts another', async ({
  page,
  desktop
}) => {
  await expect.poll(async () => (await openVolumes(page)).length).toBeGreaterThan(0)
  const [volume] = await openVolumes(page)
  const volumeId = volume?.id ?? ''
  const first = await startJob(page, sampleRun(volumeId, 10_000))
  await expect.poll(async () => (await jobById(page, first.id)).progress?.step ?? 0).toBeGreaterThan(0)
  const pid = await runnerProcess(desktop)
  expect(pid).not.toBeNull()
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await jobById(page, first.id)).state).toBe('failed')
  expect((await jobById(page, first.id)).failure?.code).toBe('runner-died')

  const second = await startJob(page, sampleRun(volumeId, 6))
  await expect.poll(async () => (await jobById(page, second.id)).state, { timeout: 60_000 }).toBe('done')
  expect(await runnerProcess(desktop)).not.toBe(pid)
})

test('the main process is never held up for as long as one step of the networks takes', async ({ page, desktop }) => {
  await expect.poll(async () => (await openVolumes(page)).length).toBeGreaterThan(0)
  const [volume] = await openVolumes(page)
  const steps = 12
  // The whole tomogram, so that one step is long against anything else that happens.
  const { id } = await startJob(page, { ...sampleRun(volume?.id ?? '', steps), roi: null })
  const stepOf = async (): Promise<number> => (await jobById(page, id)).progress?.step ?? 0
  await expect.poll(stepOf, { timeout: 60_000 }).toBeGreaterThan(0)
  const [firstStep, started] = [await stepOf(), Date.now()]
  await desktop.evaluate(() => {
    const delays = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 1 })
    delays.enable()
    Object.assign(globalThis, { delays })
  })
  await expect.poll(stepOf, { timeout: 60_000, intervals: [50] }).toBeGreaterThan(steps - 3)
  const millisecondsPerStep = (Date.now() - started) / ((await stepOf()) - firstStep)
  const { mean, max } = await desktop.evaluate(() => {
    const delays: IntervalHistogram = Reflect.get(globalThis, 'delays')
    return { mean: delays.mean / 1e6, max: delays.max / 1e6 }
  })
  // Both are measured here and now, so that a slow or busy machine changes them together.
  expect(max).toBeLessThan(millisecondsPerStep)
  expect(mean).toBeLessThan(millisecondsPerStep / 10)
})
