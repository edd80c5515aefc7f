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

test('networks run in a utility process; when it dies, another one brings the run to its end', async ({
  page,
  desktop
}) => {
  await expect.poll(async () => (await openVolumes(page)).length).toBeGreaterThan(0)
  const [volume] = await openVolumes(page)
  const { id } = await startJob(page, sampleRun(volume?.id ?? '', 40))
  await expect.poll(async () => (await jobById(page, id)).progress?.step ?? 0, { timeout: 60_000 }).toBeGreaterThan(0)
  const first = await runnerProcess(desktop)
  expect(first).not.toBeNull()
  process.kill(first ?? 0, 'SIGKILL')
  const another = async (): Promise<boolean> => ![null, first].includes(await runnerProcess(desktop))
  await expect.poll(another, { timeout: 60_000 }).toBe(true)
  await expect.poll(async () => (await jobById(page, id)).state, { timeout: 90_000 }).toBe('done')
  expect((await jobById(page, id)).run?.partial).toBe(false)
})

test('the main process answers at once while the networks are at a step', async ({ page, desktop }) => {
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
  const delay = await desktop.evaluate(() => {
    const delays: IntervalHistogram = Reflect.get(globalThis, 'delays')
    return delays.percentile(90) / 1e6
  })
  // Were the networks in the main process, nearly every delay would be as long as a step. Single long ones are the machine's.
  expect(delay).toBeLessThan(millisecondsPerStep / 2)
})
