import { fileURLToPath } from 'node:url'
import { interpolateMagma } from 'd3-scale-chromatic'
import { decode } from 'fast-png'
import { fromArrayBuffer } from 'geotiff'
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, test } from 'vitest'
import { figureSpecSchema } from '../../shared/figure.ts'
import type { FigureSpec } from '../../shared/figure.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { memoryInfo } from '../volume/test-volumes.ts'
import { renderFigure } from './index.ts'
import type { FigureSource } from './index.ts'

const fontFolder = fileURLToPath(new URL('../../../resources/fonts', import.meta.url))
const size = { x: 40, y: 30, z: 2 }
const voxels = Float32Array.from({ length: 40 * 30 * 2 }, (_, i) => (i % 40) / 39 + 1000 * Math.floor(i / 1200))
const volume = memoryVolume(voxels, memoryInfo(size, { voxelSizeAngstrom: { x: 10, y: 20, z: 10 } }))
const source: FigureSource = { resolve: async () => ({ volume, quantity: 'grey value' }), fontFolder }

function spec(edit: object = {}, panel: object = {}): FigureSpec {
  return figureSpecSchema.parse({
    formatVersion: 1,
    widthMm: 80,
    dpi: 254,
    panelLetters: true,
    caption: 'CryoWGEN-II, γ 1, seed 7',
    panels: [
      {
        kind: 'slice',
        volume: 'a',
        plane: 'xy',
        index: 0,
        contrast: { low: 0, high: 1 },
        title: 'Mean',
        overlay: {
          volume: 'a',
          index: 0,
          contrast: { low: 0, high: 4 },
          colourMap: 'magma',
          opacity: 0,
          quantity: 'SD (grey value)'
        },
        ...panel
      }
    ],
    ...edit
  })
}

describe('PDF, read by pdf.js', () => {
  test('has the true page size, its text as text in embedded fonts, and the slice as one image', async () => {
    const bytes = await renderFigure(spec(), 'pdf', source)
    const pdf = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise
    expect(pdf.numPages).toBe(1)
    const page = await pdf.getPage(1)
    const [x0, y0, x1, y1] = page.view
    expect(x1 - x0).toBeCloseTo((80 / 25.4) * 72, 2)
    const items = (await page.getTextContent()).items.filter((item) => 'str' in item)
    const written = items.map((item) => item.str.trim()).filter((text) => text !== '')
    // The bar's label has a rim, which is the same text once more.
    expect(written).toEqual(
      expect.arrayContaining(['a', 'Mean', '10 nm', 'SD (grey value)', 'CryoWGEN-II, γ 1, seed 7'])
    )
    const caption = items.find((item) => item.str.startsWith('CryoWGEN'))
    expect(caption?.transform[4]).toBeCloseTo(4, 3)
    expect(caption?.transform[5]).toBeGreaterThan(0)
    expect(caption?.transform[5]).toBeLessThan((y1 - y0) / 4)
    const operators = await page.getOperatorList()
    const images = operators.fnArray.filter((fn) => fn === OPS.paintImageXObject).length
    expect(images).toBe(1)
    for (const font of operators.argsArray.filter((_, i) => operators.fnArray[i] === OPS.setFont)) {
      const { name, missingFile } = page.commonObjs.get(font[0])
      expect(name).toMatch(/Inter/)
      expect(missingFile).toBeFalsy()
    }
    await pdf.destroy()
  })
})

test('a PDF embeds the fonts of all its letters, and its scale bar is as long on paper as it says', async () => {
  const bytes = await renderFigure(spec({}, { scaleBar: true }), 'pdf', source)
  const text = Buffer.from(bytes).toString('latin1')
  // Every font descriptor has its file; no letter is left to what a reader has.
  const descriptors = text.match(/\/Type \/FontDescriptor[^>]*/g) ?? []
  expect(descriptors).toHaveLength(2)
  for (const descriptor of descriptors) expect(descriptor).toMatch(/\/FontFile2? \d+ 0 R/)
  expect(text).not.toMatch(/\/BaseFont \/(Helvetica|Times|Courier)/)
  const pdf = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise
  const operators = await (await pdf.getPage(1)).getOperatorList()
  const rectangles = operators.argsArray
    .filter((_, i) => operators.fnArray[i] === OPS.constructPath)
    .map(([, , box]) => [...(box as Float32Array)])
  // 10 nm of voxels of 1 nm: 10 of 40 columns of a panel that is 80 mm less twice 4 points wide.
  const expected = ((80 / 25.4) * 72 - 8) / 4
  const white = rectangles.filter(([x0, y0, x1, y1]) => Math.abs(Math.abs(y1 - y0) - 1.8) < 1e-3 && x1 - x0 > 5)
  expect(white.map(([x0, , x1]) => x1 - x0)).toEqual([expect.closeTo(expected, 2)])
  await pdf.destroy()
})

test('the colour bar has the map’s colours where its values are, in pixels', async () => {
  const png = decode(await renderFigure(spec({ dpi: 254, panelLetters: false }, { title: '' }), 'png', source))
  const left = (4 / 72) * 254
  const width = png.width - 2 * left
  // Below the image: 40 voxels of 10 by 30 of 20 angstrom; the bar begins 5 points on and is 5 points high.
  const y = Math.round(left + width * ((30 * 20) / (40 * 10)) + (7.5 / 72) * 254)
  for (const share of [0.02, 0.25, 0.5, 0.77, 0.98]) {
    const x = Math.floor(left + share * width)
    const found = Array.from(png.data.subarray((y * png.width + x) * png.channels).subarray(0, 3))
    const magma = [1, 3, 5].map((at) => Number.parseInt(interpolateMagma(share).slice(at, at + 2), 16))
    found.forEach((part, i) => expect(Math.abs(part - magma[i]), `${share}`).toBeLessThanOrEqual(3))
  }
})

describe('16 bits', () => {
  test('a PNG’s greys are finer than 8 bits, and true', async () => {
    const deep = decode(await renderFigure(spec(), 'png16', source))
    expect(deep.depth).toBe(16)
    const flat = decode(await renderFigure(spec(), 'png', source))
    expect([deep.width, deep.height]).toEqual([flat.width, flat.height])
    // Above the slice's middle, where neither bar nor letter is: 20 pixels a column.
    const left = (4 / 72) * 254
    const perColumn = (deep.width - 2 * left) / 40
    const row = Math.round(deep.height * 0.4)
    for (let column = 0; column < 40; column++) {
      const x = Math.floor(left + (column + 0.5) * perColumn)
      const seen = deep.data[(row * deep.width + x) * deep.channels]
      expect(Math.abs(seen - (column / 39) * 65535)).toBeLessThanOrEqual(1)
      expect(Math.abs(seen / 257 - flat.data[(row * flat.width + x) * flat.channels])).toBeLessThanOrEqual(0.51)
    }
    // What is not a slice is the same in both.
    expect(Array.from(deep.data.subarray(0, 3))).toEqual([65535, 65535, 65535])
  })

  test('a TIFF holds the same pixels, its size and its caption', async () => {
    const deep = decode(await renderFigure(spec(), 'png16', source))
    const tiff = await fromArrayBuffer(bufferOf(await renderFigure(spec(), 'tiff', source)))
    const image = await tiff.getImage()
    expect([image.getWidth(), image.getHeight(), image.getSamplesPerPixel()]).toEqual([deep.width, deep.height, 3])
    const bands = await image.readRasters()
    for (const at of [0, 777, 5000, deep.width * 200 + 333])
      for (let i = 0; i < 3; i++) expect(bands[i as 0][at as 0]).toBe(deep.data[at * deep.channels + i])
    const { fileDirectory } = image
    expect(await fileDirectory.loadValue('ImageDescription')).toContain('seed 7')
    const [pixels, per] = (await fileDirectory.loadValue('XResolution')) as unknown as [number, number]
    expect(pixels / per).toBeCloseTo(254, 3)
  })
})

test('TIFF data are the file’s own values, the top row first, one page a slice', async () => {
  const two = spec({}, { index: 1, overlay: null })
  const panels = [two.panels[0], { ...two.panels[0], plane: 'xz' as const, index: 4, crop: null }]
  const tiff = await fromArrayBuffer(bufferOf(await renderFigure({ ...two, panels }, 'tiff-data', source)))
  expect(await tiff.getImageCount()).toBe(2)
  const first = await tiff.getImage(0)
  const values = (await first.readRasters())[0] as Float32Array
  expect(values).toBeInstanceOf(Float32Array)
  for (const [x, y] of [
    [0, 0],
    [39, 29],
    [17, 3]
  ])
    expect(values[(29 - y) * 40 + x]).toBe(voxels[1200 + y * 40 + x])
  const second = await tiff.getImage(1)
  expect([second.getWidth(), second.getHeight()]).toEqual([40, 2])
  expect(((await second.readRasters())[0] as Float32Array)[40 + 39]).toBe(1)
  const [x, perX] = (await first.fileDirectory.loadValue('XResolution')) as unknown as [number, number]
  const [y, perY] = (await first.fileDirectory.loadValue('YResolution')) as unknown as [number, number]
  expect(2.54e8 / (x / perX)).toBeCloseTo(10, 4)
  expect(2.54e8 / (y / perY)).toBeCloseTo(20, 4)
})

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
