import { mkdir, readFile, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bufferSource, openMrc } from 'mrc-js'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { fileListingSchema, histogramSchema, sessionInfoSchema, wedgeReportSchema } from '../../shared/api.ts'
import { apiEventSchema } from '../../shared/jobs.ts'
import { openVolumeSchema, statisticsSchema } from '../../shared/volumes.ts'
import { openVolume } from '../volume/open-volume.ts'
import { inFolder, plainHeader, positions, realFile } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { sentEvents, testApi } from './test-api.ts'

const size = { x: 5, y: 7, z: 3 }

async function writePositions(path: string): Promise<string> {
  await writeVolume(path, positions(size), size, plainHeader, [])
  return path
}

test('the session says what a window needs to start', () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, 'resources', 'samples'), { recursive: true })
    const { json } = await testApi(folder, { initialFiles: ['/data/a.mrc'] })
    const session = await json(sessionInfoSchema, 'GET', '/api/session')
    expect(session).toMatchObject({ version: '1.2.3', mount: 'browser', initialFiles: ['/data/a.mrc'], root: folder })
    expect(session.samplePath).toBeNull()
    expect(session.memoryBytes).toBeGreaterThan(1e8)
    await writePositions(join(folder, 'resources', 'samples', 'microtubule-13pf.mrc'))
    const withSample = await json(sessionInfoSchema, 'GET', '/api/session')
    expect(withSample.samplePath).toBe(join(folder, 'resources', 'samples', 'microtubule-13pf.mrc'))
  }))

test('a volume opens with its contrast, gives slices and values, and closes', () =>
  inFolder(async (folder) => {
    const path = await writePositions(join(folder, 'a.mrc'))
    const { json, call, refusal } = await testApi(folder)
    const volume = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    expect(volume).toMatchObject({ name: 'a.mrc', region: null, role: null, revision: 1, quantity: 'grey value' })
    expect(volume.info.size).toEqual(size)
    expect(volume.contrast.low).toBeGreaterThanOrEqual(0)
    expect(volume.contrast.high).toBeLessThanOrEqual(20604)
    const again = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    expect(again.id).toBe(volume.id)
    expect(await json(z.array(openVolumeSchema), 'GET', '/api/volumes')).toEqual([volume])

    const slice = await call('GET', `/api/volumes/${volume.id}/slice?plane=yz&index=4`)
    expect(slice.headers.get('X-Rows')).toBe('3')
    expect(slice.headers.get('X-Columns')).toBe('7')
    expect(slice.headers.get('X-Revision')).toBe('1')
    const values = new Float32Array(await slice.arrayBuffer())
    expect(values[2 * 7 + 5]).toBe(4 + 500 + 20000)
    expect(await (await call('GET', `/api/volumes/${volume.id}/values?x=1&y=2&z=2`)).json()).toEqual({ value: 20201 })

    const statistics = await json(statisticsSchema, 'GET', `/api/volumes/${volume.id}/statistics`)
    expect(statistics).toMatchObject({ min: 0, max: 20604, mean: 10302, finite: 105 })
    const histogram = await json(histogramSchema, 'GET', `/api/volumes/${volume.id}/histogram?bins=7&low=0&high=700`)
    // Section z = 0 holds 0 to 604: five voxels for each y.
    expect(histogram).toEqual({ min: 0, max: 700, counts: [5, 5, 5, 5, 5, 5, 5] })
    const whole = await json(histogramSchema, 'GET', `/api/volumes/${volume.id}/histogram`)
    expect(whole.counts.reduce((sum, count) => sum + count)).toBe(105)

    const file = await call('GET', `/api/volumes/${volume.id}/file`)
    expect(Buffer.from(await file.arrayBuffer()).equals(await readFile(path))).toBe(true)
    expect(file.headers.get('Content-Disposition')).toContain('a.mrc')

    expect((await call('DELETE', `/api/volumes/${volume.id}`)).status).toBe(204)
    expect(await refusal('GET', `/api/volumes/${volume.id}`)).toMatchObject({ status: 404, code: 'volume-unknown' })
  }))

test('a file that changed on disk is read anew under the same id, and windows are told', () =>
  inFolder(async (folder) => {
    const path = await writePositions(join(folder, 'a.mrc'))
    const { json, call, api } = await testApi(folder)
    const first = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    await call('GET', `/api/volumes/${first.id}/slice?plane=xy&index=0`)
    const events = sentEvents(await call('GET', '/api/events'), apiEventSchema)
    await writeVolume(path, positions(size).fill(3), size, plainHeader, [])
    await utimes(path, new Date(), new Date(Date.now() + 5000))
    const second = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    expect(second).toMatchObject({ id: first.id, revision: 2, contrast: { low: 2.5, high: 3.5 } })
    const slice = new Float32Array(
      await (await call('GET', `/api/volumes/${first.id}/slice?plane=xy&index=0`)).arrayBuffer()
    )
    expect([...slice]).toEqual(new Array(35).fill(3))
    expect((await events.next()).value).toEqual({ type: 'volume', volumeId: first.id, revision: 2 })
    await api.close()
    expect((await events.next()).done).toBe(true)
  }))

test('bad files are refused as data', () =>
  inFolder(async (folder) => {
    const { refusal } = await testApi(folder)
    const whole = await readFile(realFile('EMD-3197.map'))
    await writeFile(join(folder, 'empty.mrc'), '')
    await writeFile(join(folder, 'text.mrc'), 'x'.repeat(2000))
    await writeFile(join(folder, 'cut.mrc'), whole.subarray(0, 9000))
    const cases: [string, string][] = [
      ['missing.mrc', 'mrc-not-found'],
      ['empty.mrc', 'mrc-empty'],
      ['text.mrc', 'not-mrc'],
      ['cut.mrc', 'mrc-truncated'],
      ['.', 'mrc-is-directory']
    ]
    for (const [name, code] of cases) {
      const failure = await refusal('POST', '/api/volumes', { path: join(folder, name) })
      expect(failure, name).toMatchObject({ status: 422, kind: 'input', code })
      expect(failure.hint).not.toBe('')
    }
  }))

test('the part that a truncated file has is opened when asked for, scanned, and marked as partial', () =>
  inFolder(async (folder) => {
    const path = await writePositions(join(folder, 'a.mrc'))
    // One section and a half of three, float32.
    await truncate(path, 1024 + 35 * 4 + 70)
    const { json, refusal, call } = await testApi(folder)
    const refused = await refusal('POST', '/api/volumes', { path })
    expect(refused).toMatchObject({ code: 'mrc-truncated', details: { readableSections: 1, sections: 3 } })
    const volume = await json(openVolumeSchema, 'POST', '/api/volumes', { path, truncated: 'read' })
    expect(volume.info.partial).toEqual({ axis: 'z', readableSections: 1, sections: 3 })
    expect(volume.info.repairs.map(({ code }) => code)).toContain('truncated')
    expect(volume.contrast.high).toBeLessThanOrEqual(604 + 10_000)
    const section = async (z: number): Promise<Float32Array> =>
      new Float32Array(await (await call('GET', `/api/volumes/${volume.id}/slice?plane=xy&index=${z}`)).arrayBuffer())
    expect([...(await section(0))]).toEqual([...positions(size).subarray(0, 35)])
    expect((await section(2)).every(Number.isNaN)).toBe(true)
    const statistics = await json(statisticsSchema, 'GET', `/api/volumes/${volume.id}/statistics`)
    expect(statistics.finite).toBeLessThan(105)
    expect(statistics.min).toBe(0)
    const report = await json(wedgeReportSchema, 'GET', `/api/volumes/${volume.id}/wedge`)
    expect(report.measuredFraction).toBeGreaterThan(0)
    const saved = await call('GET', `/api/volumes/${volume.id}/file`)
    expect(saved.headers.get('Content-Disposition')).toContain('a.readable.mrc')
    const copy = await openMrc(bufferSource(new Uint8Array(await saved.arrayBuffer())), { strict: true })
    expect(copy.size).toEqual({ ...size, z: 1 })
    expect([...(await copy.readSlice('xy', 0))]).toEqual([...positions(size).subarray(0, 35)])
  }))

test('a damaged compressed file offers what came before the damage', () =>
  inFolder(async (folder) => {
    const zipped = gzipSync(await readFile(await writePositions(join(folder, 'a.mrc'))), { level: 0 })
    const path = join(folder, 'b.mrc.gz')
    // In the middle of the third section.
    await writeFile(path, zipped.subarray(0, 1024 + 35 * 4 * 2 + 90))
    const { json, refusal } = await testApi(folder)
    const refused = await refusal('POST', '/api/volumes', { path })
    expect(refused).toMatchObject({ code: 'mrc-corrupt-compression', details: { sections: 3 } })
    const volume = await json(openVolumeSchema, 'POST', '/api/volumes', { path, truncated: 'read' })
    expect(volume.info.partial?.readableSections).toBe(refused.details?.readableSections)
    expect(volume.info.repairs.map(({ code }) => code)).toContain('damaged-compression')
  }))

test('requests that don’t fit the interface are refused with the fields that don’t', () =>
  inFolder(async (folder) => {
    const path = await writePositions(join(folder, 'a.mrc'))
    const { json, refusal } = await testApi(folder)
    const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    const cases: [string, string, unknown, number, RegExp][] = [
      ['POST', '/api/volumes', 'no json', 400, /JSON/],
      ['POST', '/api/volumes', {}, 400, /path/],
      ['POST', '/api/volumes', { path: 7 }, 400, /path/],
      ['POST', '/api/volumes', { path: 'a.mrc' }, 400, /absolute/],
      ['GET', `/api/volumes/${id}/slice`, undefined, 400, /plane/],
      ['GET', `/api/volumes/${id}/slice?plane=zz&index=0`, undefined, 400, /plane/],
      ['GET', `/api/volumes/${id}/slice?plane=xy&index=-1`, undefined, 400, /index/],
      ['GET', `/api/volumes/${id}/slice?plane=xy&index=1.5`, undefined, 400, /index/],
      ['GET', `/api/volumes/${id}/slice?plane=xy&index=3`, undefined, 422, /no XY slice 3/],
      ['GET', `/api/volumes/${id}/values?x=5&y=0&z=0`, undefined, 422, /region/],
      ['GET', `/api/volumes/${id}/histogram?low=5`, undefined, 400, /both/],
      ['GET', `/api/volumes/${id}/histogram?low=5&high=4`, undefined, 400, /less/],
      ['GET', `/api/volumes/nothing/statistics`, undefined, 404, /nothing/],
      ['DELETE', '/api/volumes/nothing', undefined, 404, /nothing/],
      ['GET', '/api/nothing', undefined, 404, /GET \/api\/nothing/],
      ['PATCH', '/api/volumes', {}, 404, /PATCH/],
      ['POST', '/api/jobs', { volumeId: 'nothing' }, 400, /bundlePath/],
      ['POST', '/api/jobs/nothing/cancel', undefined, 404, /nothing/],
      ['DELETE', '/api/runs/nothing', undefined, 404, /nothing/],
      ['POST', '/api/volumes', { path: `/${'x'.repeat(2 << 20)}` }, 413, /1 MiB/]
    ]
    for (const [method, url, body, status, message] of cases) {
      const failure = await refusal(method, url, body)
      expect(failure.status, `${method} ${url}`).toBe(status)
      expect(failure.message).toMatch(message)
    }
  }))

test('the desktop lists no files', () =>
  inFolder(async (folder) => {
    const { refusal } = await testApi(folder, { mount: 'desktop', root: null })
    expect(await refusal('GET', '/api/files')).toMatchObject({ status: 404 })
  }))

test('a listing knows tomograms, folders and bundles, in the order a person expects', () =>
  inFolder(async (folder) => {
    for (const name of [
      'tomo_10.mrc',
      'tomo_2.rec',
      'notes.txt',
      'b.map.gz',
      'c.em',
      'd.TIF',
      'e.ome.tiff',
      '.hidden.mrc'
    ]) {
      await writeFile(join(folder, name), 'xyz')
    }
    await mkdir(join(folder, 'sub'))
    await mkdir(join(folder, 'f.zarr'))
    await writeFile(join(folder, 'f.zarr', 'zarr.json'), '{}')
    await mkdir(join(folder, 'model'))
    await writeFile(join(folder, 'model', 'bundle.json'), '{}')
    await symlink('/etc', join(folder, 'leads-out'))
    await symlink('/no/such/file', join(folder, 'leads-nowhere.mrc'))
    const { json } = await testApi(folder)
    const listing = await json(fileListingSchema, 'GET', '/api/files')
    expect(listing.entries.map(({ name, kind, bytes }) => [name, kind, bytes])).toEqual([
      ['model', 'bundle', null],
      ['sub', 'folder', null],
      ['b.map.gz', 'tomogram', 3],
      ['c.em', 'tomogram', 3],
      ['d.TIF', 'tomogram', 3],
      ['e.ome.tiff', 'tomogram', 3],
      ['f.zarr', 'tomogram', null],
      ['notes.txt', 'other', 3],
      ['tomo_2.rec', 'tomogram', 3],
      ['tomo_10.mrc', 'tomogram', 3]
    ])
    const below = await json(fileListingSchema, 'GET', `/api/files?path=${encodeURIComponent(join(folder, 'sub'))}`)
    expect(below).toEqual({ path: join(folder, 'sub'), parent: folder, entries: [] })
  }))

test('an aborted request is answered as cancelled', () =>
  inFolder(async (folder) => {
    const path = await writePositions(join(folder, 'a.mrc'))
    const { json, call } = await testApi(folder)
    const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    const answer = await call('GET', `/api/volumes/${id}/slice?plane=xy&index=1`, undefined, AbortSignal.abort())
    expect(answer.status).toBe(409)
  }))

test('a real file downloads as it is on disk', () =>
  inFolder(async (folder) => {
    const source = realFile('EMD-3197.map')
    const path = join(folder, 'EMD-3197.map')
    await writeFile(path, await readFile(source))
    const { json, call } = await testApi(folder)
    const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    const copy = join(folder, 'copy.mrc')
    await writeFile(copy, Buffer.from(await (await call('GET', `/api/volumes/${id}/file`)).arrayBuffer()))
    const volume = await openVolume(copy)
    expect(volume.info.start).toEqual({ x: -2, y: 0, z: 0 })
    await volume.close()
  }))
