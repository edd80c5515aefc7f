import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { inFolder, plainHeader, positions } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { testApi } from './test-api.ts'

const size = { x: 6, y: 5, z: 4 }

test('a box for a 3-D view: exact where it may be, binned where it must, refused where there is none', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'positions.mrc')
    await writeVolume(path, positions(size), size, plainHeader, [])
    const api = await testApi(folder)
    const { id, revision } = await api.json(openVolumeSchema, 'POST', '/api/volumes', { path })

    const exact = await api.call('GET', `/api/volumes/${id}/block?box=1:4,2:3,3:4`)
    expect(exact.headers.get('X-Size')).toBe('3,1,1')
    expect(exact.headers.get('X-Box')).toBe('1:4,2:3,3:4')
    expect(exact.headers.get('X-Revision')).toBe(String(revision))
    expect(Array.from(new Float32Array(await exact.arrayBuffer()))).toEqual([30201, 30202, 30203])

    const binned = await api.call('GET', `/api/volumes/${id}/block?limit=12`)
    expect(binned.headers.get('X-Size')).toBe('3,2,2')
    expect(binned.headers.get('X-Box')).toBe('0:6,0:4,0:4')
    expect(new Float32Array(await binned.arrayBuffer())[0]).toBe(0.5 + 50 + 5000)

    const short = await api.call('GET', `/api/volumes/${id}/block?side=3`)
    expect(short.headers.get('X-Size')).toBe('3,2,2')

    expect(await api.refusal('GET', `/api/volumes/${id}/block?box=0:7,0:5,0:4`)).toMatchObject({ code: 'roi-outside' })
    expect(await api.refusal('GET', `/api/volumes/${id}/block?box=all`)).toMatchObject({ status: 400 })
    expect(await api.refusal('GET', '/api/volumes/none/block')).toMatchObject({ code: 'volume-unknown' })
    await api.api.close()
  })
})
