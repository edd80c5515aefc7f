import { existsSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { jobById, openVolumes, startJob } from './engine-api.ts'
import { expect, test } from './fixtures.ts'
import { sampleRun } from './sample-run.ts'
import { sampleTomogram } from './samples.ts'

test.use({ files: [sampleTomogram] })

async function sampleVolumeId(page: Page): Promise<string> {
  await expect.poll(async () => (await openVolumes(page)).length).toBeGreaterThan(0)
  const [volume] = await openVolumes(page)
  return volume?.id ?? ''
}

test('slices are served while networks run in a process of their own, and the run ends in a run folder', async ({
  page
}) => {
  const volumeId = await sampleVolumeId(page)
  const { id } = await startJob(page, sampleRun(volumeId, 40))
  await expect.poll(async () => (await jobById(page, id)).progress?.step ?? 0).toBeGreaterThan(0)
  const served = await page.evaluate(async (volume) => {
    let count = 0
    for (let index = 0; index < 36; index++) {
      const response = await fetch(`/api/volumes/${volume}/slice?plane=xy&index=${index}`)
      if ((await response.arrayBuffer()).byteLength === 94 * 206 * 4) count++
    }
    return count
  }, volumeId)
  expect(served).toBe(36)
  // Every slice came before the end of the run: nobody waited for a network.
  expect((await jobById(page, id)).state).toBe('running')
  await expect.poll(async () => (await jobById(page, id)).state, { timeout: 90_000 }).toBe('done')
  const { request, run } = await jobById(page, id)
  expect(run?.partial).toBe(false)
  for (const map of ['mean.mrc', 'std.mrc', 'run.json']) expect(existsSync(`${request.outPath}/${map}`)).toBe(true)
})
