import { readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromRoot } from '../../../../project-paths.ts'
import { buildRunnerEntry } from '../../runner/testing/build-runner.ts'
import { memoryVolume } from '../memory-volume.ts'
import { openVolume } from '../open-volume.ts'
import { inFolder, memoryInfo, plainHeader, positions, realFile } from '../test-volumes.ts'
import type { Volume } from '../volume.ts'
import { writeVolume } from '../write-volume.ts'
import { scansInThread } from './scans.ts'
import type { Scans } from './scans.ts'
import { Turns } from './turns.ts'
import { scansInWorker } from './worker-scans.ts'

let entry = ''
const opened: Scans[] = []

beforeAll(async () => {
  entry = await buildRunnerEntry(fromRoot('./src/engine/volume/scans/worker-entry.ts'))
})
afterAll(async () => {
  await Promise.all(opened.map((scans) => scans.close()))
})

function inWorker(): Scans {
  const scans = scansInWorker(entry)
  opened.push(scans)
  return scans
}

const range = { low: 0, high: 20000 }

test('a worker thread finds what this thread finds', async () => {
  const [worker, here] = [inWorker(), scansInThread()]
  for (const path of [realFile('EMD-3197.map'), fromRoot('./resources/samples/microtubule-13pf.mrc')]) {
    const volume = await openVolume(path)
    for (const scans of [worker, here]) {
      const statistics = await scans.run('statistics', volume, null)
      expect(statistics).toEqual(await here.run('statistics', volume, null))
      const histogram = await scans.run('histogram', volume, { range, bins: 32 })
      expect(histogram).toEqual(await here.run('histogram', volume, { range, bins: 32 }))
      expect(histogram.counts.reduce((sum, count) => sum + count) + histogram.below + histogram.above).toBe(
        statistics.finite
      )
    }
    expect(await worker.run('wedge', volume, {})).toEqual(await here.run('wedge', volume, {}))
    const [image, same] = [
      await worker.run('spectrum', volume, { plane: 'xz' }),
      await here.run('spectrum', volume, { plane: 'xz' })
    ]
    expect(image).toEqual(same)
    await volume.close()
  }
})

test('a refusal keeps its words on the way', async () => {
  const gone: Volume = memoryVolume(new Float32Array(1), {
    ...memoryInfo({ x: 1, y: 1, z: 1 }),
    path: '/no/such.mrc',
    format: 'mrc'
  })
  const refusal = inWorker().run('statistics', gone, null)
  await expect(refusal).rejects.toMatchObject({ kind: 'input', code: 'mrc-not-found' })
  await expect(refusal).rejects.toThrow('/no/such.mrc')
})

test('a map in memory is scanned where it is', async () => {
  const size = { x: 5, y: 7, z: 3 }
  const statistics = await inWorker().run('statistics', memoryVolume(positions(size), memoryInfo(size)), null)
  expect(statistics).toMatchObject({ min: 0, max: 20604, mean: 10302, finite: 105 })
})

test('a scan is cancelled, tells how far it is, and the next one works', () =>
  inFolder(async (folder) => {
    const size = { x: 512, y: 512, z: 96 }
    const path = join(folder, 'a.mrc')
    await writeVolume(path, new Float32Array(size.x * size.y * size.z).fill(3), size, plainHeader, [])
    const volume = await openVolume(path)
    const scans = inWorker()
    const controller = new AbortController()
    const cancelled = scans.run('histogram', volume, { range, bins: 4 }, { signal: controller.signal })
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
    const fractions: number[] = []
    const onProgress = (fraction: number): void => void fractions.push(fraction)
    const histogram = await scans.run('histogram', volume, { range, bins: 4 }, { onProgress })
    expect(histogram.counts).toEqual([size.x * size.y * size.z, 0, 0, 0])
    expect(fractions.length).toBeGreaterThan(0)
    expect(fractions.every((fraction, i) => fraction > 0 && fraction <= 1 && fraction >= (fractions[i - 1] ?? 0))).toBe(
      true
    )
    // A file that changed is opened anew.
    await writeVolume(path, positions({ x: 2, y: 2, z: 2 }), { x: 2, y: 2, z: 2 }, plainHeader, [])
    await utimes(path, new Date(), new Date(Date.now() + 5000))
    expect(await scans.run('statistics', volume, null)).toMatchObject({ max: 10101, finite: 8 })
    scans.release(path)
    expect(await scans.run('statistics', volume, null)).toMatchObject({ max: 10101 })
    await volume.close()
  }))

test('a thread that dies fails its scans in words, and the next scan starts another', () =>
  inFolder(async (folder) => {
    const fatal = join(folder, 'fatal.mjs')
    await writeFile(fatal, "setImmediate(() => { throw new Error('out of luck') })")
    const scans = scansInWorker(fatal)
    const volume = await openVolume(realFile('EMD-3197.map'))
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(scans.run('statistics', volume, null)).rejects.toThrow(/out of luck/)
    await scans.close()
    await expect(scans.run('statistics', volume, null)).rejects.toMatchObject({ code: 'scan-ended' })
    await volume.close()
    await rm(fatal)
    expect(await readdir(folder)).toEqual([])
  }))

test('work in the background waits while it is held, and can still be cancelled', async () => {
  const turns = new Turns()
  const controller = new AbortController()
  await turns.pass(controller.signal)
  turns.held = true
  let passed = false
  const waiting = turns.pass(controller.signal).then(() => (passed = true))
  await new Promise(setImmediate)
  expect(passed).toBe(false)
  turns.held = false
  await waiting
  turns.held = true
  const stopped = turns.pass(controller.signal)
  controller.abort()
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
})
