import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import { interpolateMagma } from 'd3-scale-chromatic'
import { decode } from 'fast-png'
import type { DecodedPng } from 'fast-png'
import { describe, expect, test } from 'vitest'
import type { XYZ } from '../../shared/axes.ts'
import { figureSpecSchema } from '../../shared/figure.ts'
import type { FigureSpec } from '../../shared/figure.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { memoryInfo } from '../volume/test-volumes.ts'
import type { Volume } from '../volume/volume.ts'
import { figureSvg } from './figure-svg.ts'
import { fontMetrics } from './font-metrics.ts'
import { renderFigure } from './index.ts'
import type { FigureSource } from './index.ts'

const fontFolder = fileURLToPath(new URL('../../../resources/fonts', import.meta.url))
const marginPoints = 4

function volumeOf(size: XYZ, valueAt: (x: number, y: number, z: number) => number, voxel: XYZ | null): Volume {
  const data = new Float32Array(size.x * size.y * size.z)
  for (let i = 0; i < data.length; i++) {
    data[i] = valueAt(i % size.x, Math.floor(i / size.x) % size.y, Math.floor(i / (size.x * size.y)))
  }
  return memoryVolume(data, memoryInfo(size, { voxelSizeAngstrom: voxel }))
}

function sourceOf(volumes: Record<string, Volume>): FigureSource {
  return { resolve: async (name) => ({ volume: volumes[name], quantity: 'grey value' }), fontFolder }
}

type LooseSpec = Omit<Partial<FigureSpec>, 'panels'> & { panels: object[] }

function specOf(spec: LooseSpec): FigureSpec {
  const panels = spec.panels.map((panel) => ({
    kind: 'slice',
    volume: 'base',
    plane: 'xy',
    index: 0,
    contrast: { low: 0, high: 1 },
    ...panel
  }))
  return figureSpecSchema.parse({ formatVersion: 1, widthMm: 100, dpi: 254, ...spec, panels })
}

async function drawn(spec: LooseSpec, volumes: Record<string, Volume>): Promise<DecodedPng> {
  return decode(await renderFigure(specOf(spec), 'png', sourceOf(volumes)))
}

function pixel({ width, channels, data }: DecodedPng, x: number, y: number): number[] {
  const at = (Math.floor(y) * width + Math.floor(x)) * channels
  return [data[at], data[at + 1], data[at + 2]]
}

/** 100 mm at 254 dpi: the image's left edge and width in pixels. */
const left = (marginPoints / 72) * 254
const imageWidth = 1000 - 2 * left

describe('scale bar', () => {
  test.each([
    { voxel: 10, columns: 40, label: '10 nm', angstrom: 100 },
    { voxel: 10.52, columns: 94, label: '20 nm', angstrom: 200 },
    { voxel: 0.83, columns: 31, label: '5 Å', angstrom: 5 },
    { voxel: 131, columns: 1000, label: '2 µm', angstrom: 20_000 }
  ])('of $columns voxels of $voxel Å is as long as it says', async ({ voxel, columns, label, angstrom }) => {
    const volumes = { base: volumeOf({ x: columns, y: 12, z: 1 }, () => 0, { x: voxel, y: voxel, z: voxel }) }
    const spec: LooseSpec = { background: 'black', panels: [{}] }
    const image = await drawn(spec, volumes)
    expect(image.width).toBe(1000)
    // Black all around: what is white in the bar's row is the bar, its ends by their coverage.
    const row = Math.round(rowOfBar(image))
    const white = Array.from({ length: image.width }, (_, x) => pixel(image, x, row)[0] / 255).reduce((a, b) => a + b)
    expect(white).toBeCloseTo((angstrom / (voxel * columns)) * imageWidth, 0)
    const { svg } = await figureSvg(specOf(spec), sourceOf(volumes))
    expect(svg).toContain(`>${label}</text>`)
  })

  /** The bar is 6 points above the image's foot, and 1.8 points high. */
  function rowOfBar({ height }: DecodedPng): number {
    return height - ((marginPoints + 6 + 0.9) / 72) * 254
  }

  test('is in voxels where the voxel size is not known', async () => {
    const { svg } = await figureSvg(
      specOf({ panels: [{}] }),
      sourceOf({ base: volumeOf({ x: 90, y: 9, z: 1 }, () => 0, null) })
    )
    expect(svg).toContain('>20 voxels</text>')
    expect(svg).not.toMatch(/NaN|Infinity/)
  })

  test('is left out on request', async () => {
    const { svg } = await figureSvg(
      specOf({ scaleBar: false, panels: [{}] }),
      sourceOf({ base: volumeOf({ x: 9, y: 9, z: 1 }, () => 0, null) })
    )
    expect(svg).not.toContain('scale-bar')
  })
})

describe('slices', () => {
  const size = { x: 8, y: 6, z: 3 }
  const pitch = imageWidth / size.x
  /** Middle of a voxel of an XY slice that fills the figure; row 0 is at the bottom. */
  const middle = (column: number, row: number): [number, number] => [
    left + (column + 0.5) * pitch,
    left + (size.y - 1 - row + 0.5) * pitch
  ]

  test('show every voxel’s grey at its place, row 0 at the bottom', async () => {
    const volumes = { base: volumeOf(size, (x, y) => (x + 8 * y) / 47, null) }
    const image = await drawn({ scaleBar: false, panels: [{ index: 1 }] }, volumes)
    for (let y = 0; y < size.y; y++) {
      for (let x = 0; x < size.x; x++) {
        const grey = Math.round(((x + 8 * y) / 47) * 255)
        expect(pixel(image, ...middle(x, y)), `${x}, ${y}`).toEqual([grey, grey, grey])
      }
    }
  })

  test('are drawn through the filters of their pane', async () => {
    const volumes = { base: volumeOf(size, (_x, _y, z) => [0, 0.4, 0.8][z], null) }
    const filters = { slab: { kind: 'mean', slices: 3 }, sigma: 0, band: null }
    const image = await drawn({ scaleBar: false, panels: [{ index: 1, filters }] }, volumes)
    const grey = 102
    expect(pixel(image, ...middle(3, 2))).toEqual([grey, grey, grey])
    const most = await drawn(
      { scaleBar: false, panels: [{ index: 1, filters: { ...filters, slab: { kind: 'max', slices: 3 } } }] },
      volumes
    )
    expect(pixel(most, ...middle(3, 2))[0]).toBe(204)
  })

  test('are mixed with their overlay’s colours by value, above its threshold only', async () => {
    const volumes = {
      base: volumeOf(size, (x) => x / 7, null),
      sd: volumeOf({ x: 4, y: 3, z: 2 }, (x, y) => 10 + x + 4 * y, null)
    }
    const overlay = {
      volume: 'sd',
      index: 1,
      offset: [2, 1],
      contrast: { low: 10, high: 21 },
      colourMap: 'magma',
      opacity: 0.8,
      threshold: 12,
      quantity: 'posterior SD (grey value)'
    }
    const image = await drawn({ scaleBar: false, panels: [{ overlay }] }, volumes)
    for (let y = 0; y < size.y; y++) {
      for (let x = 0; x < size.x; x++) {
        const inside = x >= 2 && x < 6 && y >= 1 && y < 4
        const value = 10 + (x - 2) + 4 * (y - 1)
        const share = (value - 10) / 11
        const weight = inside && value >= 12 ? 0.8 * share : 0
        const base = Math.round((x / 7) * 255)
        // d3's own colour, not the program's table.
        const colour = hexColour(interpolateMagma(Math.round(share * 255) / 255))
        const expected = colour.map((part) => Math.round(base * (1 - weight) + part * weight))
        const found = pixel(image, ...middle(x, y))
        found.forEach((part, i) => expect(Math.abs(part - expected[i]), `${x}, ${y}`).toBeLessThanOrEqual(1))
      }
    }
  })

  test('keep the shape of voxels that are not cubes', async () => {
    const volumes = { base: volumeOf(size, () => 0.5, { x: 10, y: 10, z: 40 }) }
    const image = await drawn({ scaleBar: false, panels: [{ plane: 'xz' }] }, volumes)
    // 8 x 10 by 3 x 40 angstrom.
    expect((image.height - 2 * left) / imageWidth).toBeCloseTo(120 / 80, 2)
  })

  test('with more voxels than the figure has pixels are averaged, and stay in place', async () => {
    const columns = 4001
    const volumes = { base: volumeOf({ x: columns, y: 400, z: 1 }, (x) => (x % 2) * (x < columns / 2 ? 1 : 0), null) }
    const image = await drawn({ scaleBar: false, panels: [{}] }, volumes)
    const row = image.height / 2
    for (const share of [0.1, 0.3, 0.49]) {
      expect(Math.abs(pixel(image, left + share * imageWidth, row)[0] - 128)).toBeLessThanOrEqual(24)
    }
    expect(pixel(image, left + 0.51 * imageWidth, row)).toEqual([0, 0, 0])
  })

  test('draw voxels without a number in a colour of their own', async () => {
    const volumes = { base: volumeOf(size, (x) => (x === 3 ? Number.NaN : 0), null) }
    const image = await drawn({ scaleBar: false, panels: [{}] }, volumes)
    const [red, green, blue] = pixel(image, ...middle(3, 2))
    expect(red).toBeGreaterThan(blue)
    expect(green).toBeGreaterThan(blue)
    expect(pixel(image, ...middle(2, 2))).toEqual([0, 0, 0])
  })

  test('that the volume doesn’t have are refused', async () => {
    const volumes = { base: volumeOf(size, () => 0, null) }
    await expect(drawn({ panels: [{ index: 3 }] }, volumes)).rejects.toMatchObject({ code: 'slice-outside' })
  })
})

describe('files', () => {
  const volumes = { base: volumeOf({ x: 20, y: 10, z: 1 }, () => 0.5, { x: 10, y: 10, z: 10 }) }

  test('a PNG says its size in the world', async () => {
    const image = await drawn({ dpi: 600, widthMm: 50, panels: [{}] }, volumes)
    expect(image.width).toBe(1181)
    expect(image.resolution).toEqual({ x: 23622, y: 23622, unit: 1 })
  })

  test('an SVG says its size in the world, and holds whatever text it is given', async () => {
    const title = 'a < b & "c" > d\u0000\u001b\uD800 γ²'
    const { svg } = await figureSvg(specOf({ panels: [{ title }], caption: title }), sourceOf(volumes))
    expect(svg).toContain('width="100mm"')
    expect(svg.match(/a &lt; b &amp; &quot;c&quot; &gt; d γ²/g)).toHaveLength(2)
    const reader = new Resvg(svg, { font: { loadSystemFonts: false } })
    expect(reader.width / reader.height).toBeCloseTo(imageRatio(svg), 2)
  })

  function imageRatio(svg: string): number {
    const [, width, height] = /width="([\d.]+)mm" height="([\d.]+)mm"/.exec(svg) ?? []
    return Number(width) / Number(height)
  }

  test('figures too large to draw are refused', async () => {
    await expect(drawn({ widthMm: 1000, dpi: 2400, panels: [{}] }, volumes)).rejects.toMatchObject({
      kind: 'usage',
      code: 'figure-too-large'
    })
  })

  test('panels are lettered and stand in columns, with the caption inside the figure', async () => {
    const caption = 'Posterior SD over the tomogram, CryoWGEN-II, γ = 1, seed 7. '.repeat(6)
    const spec = specOf({
      columns: 2,
      panelLetters: true,
      caption,
      panels: [{ title: 'Raw' }, {}, { colourMap: 'magma' }]
    })
    const { svg } = await figureSvg(spec, sourceOf(volumes))
    for (const letter of ['a', 'b', 'c']) expect(svg).toContain(`>${letter}</text>`)
    const frames = [...svg.matchAll(/<svg x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g)].map((match) =>
      match.slice(1).map(Number)
    )
    expect(frames[0][1]).toBe(frames[1][1])
    expect(frames[1][0]).toBeGreaterThan(frames[0][0] + frames[0][2])
    expect(frames[2][0]).toBe(frames[0][0])
    const lines = [...svg.matchAll(/<text x="4" y="[\d.]+" font-size="7" fill="#000">([^<]+)</g)].map(
      (match) => match[1]
    )
    expect(lines.join(' ')).toBe(caption.trim())
    const font = fontMetrics(await readFile(`${fontFolder}/Inter-Regular.ttf`))
    for (const line of lines) expect(font.width(line) * 7).toBeLessThanOrEqual((100 / 25.4) * 72 - 2 * marginPoints)
  })
})

test('text widths agree with those of an independent renderer', async () => {
  const font = fontMetrics(await readFile(`${fontFolder}/Inter-Regular.ttf`))
  for (const sample of [
    'nnnnnnnnnnnnnnnnnnnn',
    '00000000000000000000',
    'γγγγγγγγγγγγγγγγγγγγ',
    'ÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅ'
  ]) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="200"><text y="150" font-family="Inter" font-size="100">${sample}</text></svg>`
    const reader = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: [`${fontFolder}/Inter-Regular.ttf`] } })
    const ink = reader.getBBox()?.width ?? 0
    // The box of the ink lacks the side bearings at both ends, and pairs may be kerned.
    expect(Math.abs(font.width(sample) * 100 - ink) / ink).toBeLessThan(0.03)
  }
})

function hexColour(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}
