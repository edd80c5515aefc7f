import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { apiEventSchema } from '../../shared/jobs.ts'
import type { ApiEvent } from '../../shared/jobs.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { buildRunnerEntry } from '../runner/testing/build-runner.ts'
import { inFolder, plainHeader } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { sentEvents, testApi } from './test-api.ts'
import type { TestApi } from './test-api.ts'

let volumeWorker = ''
beforeAll(async () => {
  volumeWorker = await buildRunnerEntry(fromRoot('./src/engine/volume/scans/worker-entry.ts'))
})

const size = { x: 260, y: 70, z: 37 }

/** A volume whose voxels are x + 1000 * y, plus `offset`. */
async function writeRamp(path: string, offset = 0): Promise<void> {
  const data = new Float32Array(size.x * size.y * size.z).map(
    (_, i) => (i % size.x) + 1000 * (Math.floor(i / size.x) % size.y) + offset
  )
  await writeVolume(path, data, size, plainHeader, [])
}

function started(folder: string, limitBytes = 1e9): Promise<TestApi> {
  return testApi(folder, {
    volumeWorker,
    pyramidCache: { folder: join(folder, 'cache'), limitBytes },
    pyramidThresholdBytes: 1 << 20
  })
}

async function pyramidEvents(api: TestApi, until: (event: ApiEvent) => boolean): Promise<ApiEvent[]> {
  const seen: ApiEvent[] = []
  for await (const event of sentEvents(await api.call('GET', '/api/events'), apiEventSchema)) {
    if (event.type === 'pyramid') seen.push(event)
    if (until(event)) break
  }
  return seen
}

const isSettled = (event: ApiEvent): boolean =>
  event.type === 'pyramid' && (event.pyramid.state === 'ready' || event.pyramid.state === 'failed')

const openIt = ({ json }: TestApi, path: string): Promise<OpenVolume> =>
  json(openVolumeSchema, 'POST', '/api/volumes', { path })

async function slice(
  { call }: TestApi,
  id: string,
  query: string
): Promise<{ values: Float32Array; header(name: string): number }> {
  const response = await call('GET', `/api/volumes/${id}/slice?${query}`)
  expect(response.status).toBe(200)
  return {
    values: new Float32Array(await response.arrayBuffer()),
    header: (name) => Number(response.headers.get(name))
  }
}

test('a large file gets a pyramid in the background, coarse slices come from it, and it is there the next time', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.mrc')
    await writeRamp(path)
    const first = await started(folder)
    const settled = pyramidEvents(first, isSettled)
    const volume = await openIt(first, path)
    expect(volume.pyramid?.state).toBe('building')
    // While there is none, whatever is asked for is exact.
    const early = await slice(first, volume.id, 'plane=xz&index=9&level=2')
    expect([0, 2]).toContain(early.header('X-Level'))
    expect((await settled).at(-1)).toMatchObject({ volumeId: volume.id, pyramid: { state: 'ready', fraction: 1 } })

    const auto = await slice(first, volume.id, 'plane=xz&index=9&level=auto')
    expect(auto.header('X-Level')).toBe(1)
    expect([auto.header('X-Rows'), auto.header('X-Columns')]).toEqual([19, 130])
    expect([auto.header('X-Row-Binning'), auto.header('X-Column-Binning')]).toEqual([2, 2])
    // Rows 8 and 9, columns 2 and 3: mean 8.5 * 1000 + 2.5.
    expect(auto.values[130 + 1]).toBeCloseTo(8502.5, 0)
    const coarse = await slice(first, volume.id, 'plane=yz&index=200&level=9')
    expect(coarse.header('X-Level')).toBe(2)
    expect(coarse.header('X-Row-Binning')).toBe(4)
    const exact = await slice(first, volume.id, 'plane=xz&index=9')
    expect([exact.header('X-Level'), exact.header('X-Rows'), exact.header('X-Column-Binning')]).toEqual([0, 37, 1])
    expect(exact.values[260 + 3]).toBe(9003)
    const flat = await slice(first, volume.id, 'plane=xy&index=3&level=auto&priority=ahead')
    expect(flat.header('X-Level')).toBe(0)
    expect(await first.refusal('GET', `/api/volumes/${volume.id}/slice?plane=xy&index=37&level=1`)).toMatchObject({
      code: 'slice-outside'
    })
    // Slab, Gaussian and band-pass of the ramp: what is linear stays linear away from the edges.
    const slab = await slice(first, volume.id, 'plane=xz&index=9&slab=mean:3&filter=gauss:1.5&bandpass=:0.4&level=2')
    expect([slab.header('X-Level'), slab.header('X-Columns')]).toEqual([0, 260])
    expect(slab.values[20 * 260 + 130]).toBeCloseTo(9130, -1)
    const greatest = await slice(first, volume.id, 'plane=xz&index=9&slab=max:3')
    expect(greatest.values[260 + 3]).toBe(10003)
    expect(await first.refusal('GET', `/api/volumes/${volume.id}/slice?plane=xy&index=3&slab=mean:0`)).toMatchObject({
      status: 400,
      code: 'bad-request'
    })
    await first.api.close()

    const second = await started(folder)
    expect((await openIt(second, path)).pyramid).toEqual({ state: 'ready', fraction: 1, failure: null })
    // The file changes: its pyramid is made anew and the earlier one goes.
    await writeRamp(path, 5)
    await utimes(path, new Date(), new Date(Date.now() + 5000))
    const again = pyramidEvents(second, isSettled)
    const changed = await openIt(second, path)
    expect(changed.pyramid?.state).toBe('building')
    await again
    const fresh = await slice(second, changed.id, 'plane=xz&index=9&level=1')
    expect(fresh.values[130 + 1]).toBeCloseTo(8507.5, 0)
    expect(await readdir(join(folder, 'cache', 'pyramids'))).toHaveLength(1)
    await second.api.close()
  }))

test('closing a volume abandons its pyramid; what does not fit is not begun; a failure is told and harms nothing', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.mrc')
    await writeRamp(path)
    const small = await started(folder, 1000)
    expect((await openIt(small, path)).pyramid?.state).toBe('none')
    await small.api.close()

    const left = await started(folder)
    const volume = await openIt(left, path)
    await left.call('DELETE', `/api/volumes/${volume.id}`)
    await left.api.close()
    const names = await readdir(join(folder, 'cache', 'pyramids')).catch(() => [])
    expect(names.filter((name) => name.includes('partial'))).toEqual([])

    const other = join(folder, 'other')
    await writeFile(other, 'a file where the cache is to go')
    const broken = await testApi(folder, {
      volumeWorker,
      pyramidCache: { folder: other, limitBytes: 1e9 },
      pyramidThresholdBytes: 1
    })
    const failed = pyramidEvents(broken, isSettled)
    const usable = await openIt(broken, path)
    expect((await failed).at(-1)).toMatchObject({ pyramid: { state: 'failed' } })
    expect((await slice(broken, usable.id, 'plane=yz&index=7&level=auto')).values[5]).toBe(5007)
    await broken.api.close()
  }))
