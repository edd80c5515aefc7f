import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { NewJob } from '../src/shared/api.ts'
import { startBrowserProgram, type BrowserProgram } from './browser-program.ts'
import { allJobs, jobById, openVolumes, startJob } from './engine-api.ts'
import { sampleRun } from './sample-run.ts'
import { sampleTomogram } from './samples.ts'

/** Long enough for a state to be kept, on any machine. */
function smallRun(volumeId: string): NewJob {
  return { ...sampleRun(volumeId, 400), roi: { x: [10, 42], y: [60, 92], z: [2, 26] } }
}

test('a run that a killed server left is offered at the next start, goes on, and ends as without the stop', async () => {
  test.setTimeout(240_000)
  const dataDir = await mkdtemp(join(tmpdir(), 'wedgeview-e2e-'))
  const tomogram = join(dataDir, 'microtubule.mrc')
  await copyFile(sampleTomogram, tomogram)
  const started: BrowserProgram[] = []
  try {
    const first = await startBrowserProgram({ dataDir, files: [tomogram] })
    started.push(first)
    await expect.poll(async () => (await openVolumes(first.page)).length).toBeGreaterThan(0)
    const [volume] = await openVolumes(first.page)
    const { request } = await startJob(first.page, smallRun(volume.id))
    const state = join(request.outPath, 'state', 'sampler.state')
    await expect.poll(() => existsSync(state), { timeout: 60_000 }).toBe(true)
    await first.kill()
    expect(await readdir(request.outPath)).toEqual(['state'])

    const second = await startBrowserProgram({ dataDir, files: [tomogram] })
    started.push(second)
    const { page } = second
    const offer = page.getByRole('region', { name: 'Unfinished CryoWGEN-II' })
    await expect(offer).toContainText('Region 10:42,60:92,2:26')
    await expect(offer).toContainText('kept as of')
    const shown = process.env.WEDGEVIEW_PICTURES
    if (shown) await page.screenshot({ path: join(shown, 'unfinished.png') })
    await offer.getByRole('button', { name: 'Resume' }).click()
    await expect(offer).toHaveCount(0)
    const [resumed] = (await allJobs(page)).filter(({ request: { outPath } }) => outPath === request.outPath)
    await expect.poll(async () => (await jobById(page, resumed.id)).state, { timeout: 90_000 }).toBe('done')
    // The same from beginning to end.
    const [again] = await openVolumes(page)
    const whole = await startJob(page, smallRun(again.id))
    await expect.poll(async () => (await jobById(page, whole.id)).state, { timeout: 90_000 }).toBe('done')
    expect(whole.request.outPath).not.toBe(request.outPath)
    for (const file of ['mean.mrc', 'variance.mrc', join('members', 'member-002.mrc')]) {
      const [a, b] = [request.outPath, whole.request.outPath].map((path) => readFile(join(path, file)))
      expect((await a).equals(await b), file).toBe(true)
    }
  } finally {
    for (const program of started) await program.close()
    await rm(dataDir, { recursive: true, force: true })
  }
})
