import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { openVolume } from '../volume/open-volume.ts'
import { inFolder, plainHeader, positions } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { testApi } from './test-api.ts'

test('a box of a volume is an MRC file of its voxels, in its place', () =>
  inFolder(async (folder) => {
    const size = { x: 9, y: 7, z: 5 }
    const header = { ...plainHeader, voxelSizeAngstrom: { x: 10, y: 10, z: 20 }, origin: { x: 30, y: 0, z: 0 } }
    const path = join(folder, 'a.mrc')
    await writeVolume(path, positions(size), size, header, [])
    const { api, json, call, refusal } = await testApi(folder)
    const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path })
    const answer = await call('GET', `/api/volumes/${id}/region?box=2:6,1:4,3:5`)
    expect(answer.headers.get('Content-Disposition')).toContain('a.region.mrc')
    const saved = join(folder, 'b.mrc')
    await writeFile(saved, Buffer.from(await answer.arrayBuffer()))
    expect((await readFile(saved)).length).toBe(Number(answer.headers.get('Content-Length')))
    const [whole, part] = [await openVolume(path), await openVolume(saved)]
    expect(part.info.size).toEqual({ x: 4, y: 3, z: 2 })
    expect(part.info.voxelSizeAngstrom).toEqual({ x: 10, y: 10, z: 20 })
    // Two voxels of 10, one of 10, three of 20 angstrom from the volume's own origin.
    expect(part.info.origin).toEqual({ x: 50, y: 10, z: 60 })
    expect(await part.readBox({ x: [0, 4], y: [0, 3], z: [0, 2] })).toEqual(
      await whole.readBox({ x: [2, 6], y: [1, 4], z: [3, 5] })
    )
    await Promise.all([whole.close(), part.close()])
    expect(await refusal('GET', `/api/volumes/${id}/region?box=2:60,1:4,3:5`)).toMatchObject({ code: 'roi-outside' })
    expect(await refusal('GET', `/api/volumes/${id}/region?box=nonsense`)).toMatchObject({ code: 'bad-request' })
    await api.close()
  }))
