import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { inFolder, plainHeader, positions } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { testApi } from './test-api.ts'

const size = { x: 5, y: 7, z: 3 }
const fonts = fileURLToPath(new URL('../../../resources/fonts', import.meta.url))

test('a figure of an open volume is drawn, and what may not be opened is not drawn either', () =>
  inFolder(async (folder) => {
    const allowed = join(folder, 'allowed')
    await cp(fonts, join(allowed, 'resources', 'fonts'), { recursive: true })
    await writeVolume(join(allowed, 'a.mrc'), positions(size), size, plainHeader, [])
    await writeVolume(join(folder, 'outside.mrc'), positions(size), size, plainHeader, [])
    const { json, call, refusal } = await testApi(allowed)
    const { id } = await json(openVolumeSchema, 'POST', '/api/volumes', { path: join(allowed, 'a.mrc') })
    const spec = (volume: string): object => ({
      formatVersion: 1,
      widthMm: 50,
      dpi: 254,
      panels: [{ kind: 'slice', volume, plane: 'xy', index: 0, contrast: { low: 0, high: 604 } }]
    })
    for (const name of [id, join(allowed, 'a.mrc')]) {
      const png = await call('POST', '/api/figures?format=png', spec(name))
      expect(png.headers.get('Content-Type')).toBe('image/png')
      expect(decode(await png.arrayBuffer()).width).toBe(500)
    }
    const svg = await call('POST', '/api/figures?format=svg', spec(id))
    expect(svg.headers.get('Content-Type')).toBe('image/svg+xml')
    expect(await svg.text()).toContain('>1 nm</text>')
    const saved = await call('POST', '/api/figures?format=spec', spec(id))
    expect(await saved.json()).toMatchObject({ widthMm: 50, panels: [{ volume: join(allowed, 'a.mrc') }] })
    const outside = await refusal('POST', '/api/figures', spec(join(folder, 'outside.mrc')))
    expect(outside).toMatchObject({ status: 403, code: 'path-not-allowed' })
    expect(await refusal('POST', '/api/figures?format=docx', spec(id))).toMatchObject({ status: 400 })
    expect(await refusal('POST', '/api/figures', { panels: [] })).toMatchObject({ status: 400 })
  }))
