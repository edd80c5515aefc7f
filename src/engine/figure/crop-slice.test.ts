import { fileURLToPath } from 'node:url'
import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { figureSpecSchema } from '../../shared/figure.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { memoryInfo } from '../volume/test-volumes.ts'
import { cropSlice } from './crop-slice.ts'
import { renderFigure } from './index.ts'

const slice = { rows: 3, columns: 4, data: Float32Array.from({ length: 12 }, (_, i) => i) }

test('a crop keeps rows and columns in place and is cut at the edges', () => {
  const cut = cropSlice(slice, { columns: [1, 3], rows: [1, 9] })
  expect([cut.rows, cut.columns, ...cut.data]).toEqual([2, 2, 5, 6, 9, 10])
  expect(cropSlice(slice, null)).toBe(slice)
  expect(() => cropSlice(slice, { columns: [4, 9], rows: [0, 1] })).toThrow(/lies outside/)
})

test('a cropped figure shows that part, with the overlay where it was', async () => {
  const size = { x: 8, y: 6, z: 1 }
  const base = memoryVolume(new Float32Array(48), memoryInfo(size, { voxelSizeAngstrom: null }))
  const patch = memoryVolume(new Float32Array(4).fill(1), memoryInfo({ x: 2, y: 2, z: 1 }, { voxelSizeAngstrom: null }))
  const spec = figureSpecSchema.parse({
    formatVersion: 1,
    widthMm: 50,
    dpi: 254,
    scaleBar: false,
    panels: [
      {
        kind: 'slice',
        volume: 'base',
        plane: 'xy',
        index: 0,
        contrast: { low: 0, high: 1 },
        crop: { columns: [4, 8], rows: [2, 6] },
        overlay: {
          volume: 'patch',
          index: 0,
          offset: [5, 4],
          contrast: { low: 0, high: 1 },
          colourMap: 'grey',
          opacity: 1,
          quantity: 'patch'
        }
      }
    ]
  })
  const png = await renderFigure(spec, 'png', {
    resolve: async (name) => ({ volume: name === 'base' ? base : patch, quantity: 'grey value' }),
    fontFolder: fileURLToPath(new URL('../../../resources/fonts', import.meta.url))
  })
  const { width, channels, data } = decode(png)
  const margin = (4 / 72) * 254
  const voxel = (width - 2 * margin) / 4
  const white: string[] = []
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 4; column++) {
      const x = Math.floor(margin + (column + 0.5) * voxel)
      const y = Math.floor(margin + (3 - row + 0.5) * voxel)
      if (data[(y * width + x) * channels] > 200) white.push(`${column} ${row}`)
    }
  expect(white).toEqual(['1 2', '2 2', '1 3', '2 3'])
})
