import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromRoot } from '../../../../project-paths.ts'
import { planeAxes } from '../../../shared/axes.ts'
import type { Plane } from '../../../shared/axes.ts'
import { buildRunnerEntry } from '../../runner/testing/build-runner.ts'
import { fileIdentity } from '../file-identity.ts'
import { cutSlice } from '../memory-volume.ts'
import { openVolume } from '../open-volume.ts'
import { buildPyramid } from '../pyramid/build.ts'
import { openPyramid } from '../pyramid/open.ts'
import { inFolder, plainHeader, positions, realFile } from '../test-volumes.ts'
import { writeVolume } from '../write-volume.ts'
import { ReaderThread } from './reader-thread.ts'

const planes: readonly Plane[] = ['xy', 'xz', 'yz']
let entry = ''
let thread: ReaderThread

beforeAll(async () => {
  entry = await buildRunnerEntry(fromRoot('./src/engine/volume/scans/worker-entry.ts'))
  thread = new ReaderThread(entry)
})
afterAll(() => thread.close())

test('slices read by the thread are those of the file, in every plane', async () => {
  for (const name of ['EMD-3197.map', 'visfd_blob_detect.rec'] as const) {
    const [there, here] = await Promise.all([openVolume(realFile(name), { thread }), openVolume(realFile(name))])
    for (const plane of planes) {
      const last = here.info.size[planeAxes[plane].normal] - 1
      for (const index of [0, last >> 1, last])
        expect(await there.readSlice(plane, index)).toEqual(await here.readSlice(plane, index))
    }
    await Promise.all([there.close(), here.close()])
  }
})

test('levels of a pyramid are the same from the thread', () =>
  inFolder(async (folder) => {
    const size = { x: 200, y: 150, z: 70 }
    const path = join(folder, 'volume.mrc')
    await writeVolume(path, positions(size), size, plainHeader, [])
    const volume = await openVolume(path)
    const target = { folder: join(folder, 'pyramid'), identity: (await fileIdentity(path)) ?? '' }
    const signal = new AbortController().signal
    await buildPyramid(volume, target, { signal, onProgress: () => undefined, turn: async () => undefined })
    const [there, here] = [await openPyramid(target.folder, thread), await openPyramid(target.folder)]
    for (const [i, level] of (here?.levels ?? []).entries()) {
      for (const plane of planes)
        expect(await there?.levels[i].readSlice(plane, 9)).toEqual(await level.readSlice(plane, 9))
    }
    expect(here?.levels.length).toBeGreaterThan(0)
    // In memory or not: once closed, a level is gone.
    await here?.held
    await Promise.all([there?.close(), here?.close(), volume.close()])
    await expect(here?.levels[0].readSlice('xy', 0)).rejects.toMatchObject({ code: 'pyramid-closed' })
    await expect(there?.levels[0].readSlice('xy', 0)).rejects.toMatchObject({ code: 'pyramid-closed' })
  }))

test('a cancelled read ends with the signal’s reason, and its file can be closed', () =>
  inFolder(async (folder) => {
    const size = { x: 300, y: 300, z: 200 }
    const path = join(folder, 'volume.mrc')
    await writeVolume(path, positions(size), size, plainHeader, [])
    const volume = await openVolume(path, { thread })
    const controller = new AbortController()
    const reading = volume.readSlice('yz', 17, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    const slice = await volume.readSlice('yz', 18)
    expect(slice.data).toEqual(cutSlice(positions(size), size, 'yz', 18))
    await volume.close()
  }))

test('what the file no longer has is refused in the words of the reader', () =>
  inFolder(async (folder) => {
    const size = { x: 30, y: 20, z: 10 }
    const path = join(folder, 'volume.mrc')
    await writeVolume(path, positions(size), size, plainHeader, [])
    const volume = await openVolume(path, { thread })
    await truncate(path, 5000)
    await expect(volume.readSlice('xy', 9)).rejects.toMatchObject({ kind: 'input', code: 'mrc-truncated' })
    await volume.close()
  }))

test('slices are read without the thread when it dies, or has been closed', () =>
  inFolder(async (folder) => {
    const fatal = join(folder, 'fatal.mjs')
    await writeFile(fatal, "setImmediate(() => { throw new Error('out of luck') })")
    const dying = new ReaderThread(fatal)
    const volume = await openVolume(realFile('EMD-3197.map'), { thread: dying })
    const expected = await openVolume(realFile('EMD-3197.map'))
    const slice = await expected.readSlice('xz', 3)
    expect(await volume.readSlice('xz', 3)).toEqual(slice)
    expect(await volume.readSlice('xz', 3)).toEqual(slice)
    await dying.close()
    expect(await volume.readSlice('xz', 3)).toEqual(slice)
    await Promise.all([volume.close(), expected.close()])
  }))

test('while the thread waits for a disk others read', () =>
  inFolder(async (folder) => {
    // A thread that never answers.
    const silent = join(folder, 'silent.mjs')
    await writeFile(
      silent,
      "import { parentPort } from 'node:worker_threads'\nparentPort.on('message', () => undefined)"
    )
    const stuck = new ReaderThread(silent)
    const volume = await openVolume(realFile('EMD-3197.map'), { thread: stuck })
    const controller = new AbortController()
    const first = volume.readSlice('xy', 0, { signal: controller.signal })
    const overdue = performance.now() + 250
    while (performance.now() < overdue) await new Promise(setImmediate)
    expect((await volume.readSlice('xy', 1)).data).toHaveLength(400)
    controller.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await stuck.close()
    await volume.close()
  }))
