import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { readFigureSpec } from './figure-file.ts'
import { renderFigure } from './index.ts'
import { sourceOf, volumeOf } from './testing/figure-volumes.ts'

const voxel = { x: 10, y: 10, z: 20 }
const source = sourceOf({
  'a.mrc': volumeOf({ x: 12, y: 10, z: 8 }, (x, y, z) => ((x + 12 * y + 120 * z) * 37) % 220, voxel),
  'b.mrc': volumeOf({ x: 6, y: 5, z: 3 }, (x, y, z) => ((x + 6 * y + 30 * z) * 5) % 14, voxel)
})
const path = fileURLToPath(new URL('testing/first-spec.json', import.meta.url))

test('a SPEC of the first version is drawn to the pixel as that version drew it', async () => {
  const spec = await readFigureSpec(path)
  const slices = { ...spec, panels: spec.panels.filter(({ kind }) => kind === 'slice') }
  const { width, height, data } = decode(await renderFigure(slices, 'png', source))
  expect([width, height]).toEqual([502, 452])
  expect(createHash('sha256').update(new Uint8Array(data)).digest('hex')).toBe(
    '94f4a624598d559b9f047430a2fcc054edf867c1b0b11eba7bc7476f8d5e423e'
  )
})

test('its 3-D panel is drawn, too', async () => {
  const { width, height } = decode(await renderFigure(await readFigureSpec(path), 'png', source))
  expect([width, height]).toEqual([502, 689])
})
