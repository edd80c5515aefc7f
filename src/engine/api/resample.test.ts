import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMrc, openMrc } from 'mrc-js'
import type { XYZ } from '../../shared/axes.ts'
import { openVolumeSchema, type OpenVolume } from '../../shared/volumes.ts'
import { temporaryFolder } from '../runner/testing/small-tomogram.ts'
import { testApi } from './test-api.ts'
import type { TestApi } from './test-api.ts'

let folder = ''
let api: TestApi

beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  api = await testApi(folder)
})
afterEach(() => api.api.close())

/** Values that grow linearly with the position in Angstrom, whatever the voxels. */
async function ramp(name: string, size: XYZ, voxel: number | null): Promise<OpenVolume> {
  const path = join(folder, name)
  const voxelSizeAngstrom = voxel === null ? null : { x: voxel, y: voxel, z: voxel }
  const writer = await createMrc(path, { size, mode: 2, voxelSizeAngstrom })
  const length = voxel ?? 1
  for (let z = 0; z < size.z; z++) {
    const section = new Float32Array(size.x * size.y)
    for (let y = 0; y < size.y; y++)
      for (let x = 0; x < size.x; x++) section[y * size.x + x] = length * (x + 0.5 + 2 * (y + 0.5) - 3 * (z + 0.5))
    await writer.writeSection(section)
  }
  await writer.finish()
  return api.json(openVolumeSchema, 'POST', '/api/volumes', { path })
}

test('a binned volume on the full grid: a map of that tomogram, whose values lie where they were', async () => {
  const full = await ramp('full.mrc', { x: 16, y: 12, z: 8 }, 5)
  const binned = await ramp('binned.mrc', { x: 8, y: 6, z: 4 }, 10)
  const made = await api.json(openVolumeSchema, 'POST', `/api/volumes/${binned.id}/resample`, { onto: full.id })
  expect(made).toMatchObject({
    name: 'binned.mrc on the grid of full.mrc',
    region: { tomogram: full.id, box: { x: [0, 16], y: [0, 12], z: [0, 8] } },
    role: null,
    derived: { kind: 'resampled', of: binned.id, onto: full.id, foreign: true },
    info: { size: full.info.size, voxelSizeAngstrom: { x: 5, y: 5, z: 5 } }
  })
  const slice = async (id: string): Promise<Float32Array> =>
    new Float32Array(await (await api.call('GET', `/api/volumes/${id}/slice?plane=xy&index=4`)).arrayBuffer())
  const [a, b] = [await slice(full.id), await slice(made.id)]
  // At the rim there is nothing to interpolate with.
  for (let y = 1; y < 11; y++) for (let x = 1; x < 15; x++) expect(b[y * 16 + x]).toBeCloseTo(a[y * 16 + x], 3)
  const again = await api.json(openVolumeSchema, 'POST', `/api/volumes/${binned.id}/resample`, { onto: full.id })
  expect(again.id).toBe(made.id)
  // It is a copy: closing what it came from takes nothing away.
  await api.call('DELETE', `/api/volumes/${binned.id}`)
  expect((await slice(made.id))[17]).toBe(b[17])
})

test('what can’t be related is refused in words', async () => {
  const full = await ramp('full.mrc', { x: 16, y: 12, z: 8 }, 5)
  const unknown = await ramp('unknown.mrc', { x: 9, y: 12, z: 8 }, null)
  const refusal = await api.refusal('POST', `/api/volumes/${unknown.id}/resample`, { onto: full.id })
  expect(refusal).toMatchObject({ status: 400, code: 'grids-unrelated' })
  expect(refusal.message).toContain('unknown.mrc tells no voxel size')
  expect(await api.refusal('POST', '/api/volumes/no/resample', { onto: full.id })).toMatchObject({
    code: 'volume-unknown'
  })
})

test('a copy at the voxel size that a bundle was made for is saved as an MRC file', async () => {
  const fine = await ramp('fine.mrc', { x: 16, y: 12, z: 8 }, 5)
  const answer = await api.call('GET', `/api/volumes/${fine.id}/file?voxelSizeAngstrom=10`)
  const path = join(folder, 'copy.mrc')
  await writeFile(path, new Uint8Array(await answer.arrayBuffer()))
  const copy = await openMrc(path)
  expect(copy.size).toEqual({ x: 8, y: 6, z: 4 })
  expect(copy.voxelSizeAngstrom).toEqual({ x: 10, y: 10, z: 10 })
  await copy.close()
  expect((await api.call('GET', `/api/volumes/${fine.id}/file?voxelSizeAngstrom=-1`)).status).toBe(400)
})
