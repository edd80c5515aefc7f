import { interpolateViridis } from 'd3-scale-chromatic'
import { decode } from 'fast-png'
import type { DecodedPng } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { blueRed } from '../../shared/diverging-colours.ts'
import { contourLines, type ContourLine } from './contour-lines.ts'
import { figureSvg } from './figure-svg.ts'
import { renderFigure } from './index.ts'
import { image, sourceOf, specOf, volumeOf } from './testing/figure-volumes.ts'

/** slice.frag.glsl and overlay.glsl by their formulas, on volumes whose values are known. */
const size = { x: 10, y: 8, z: 3 }
const pitch = image.width / size.x
const middle = (column: number, row: number, of = size.y): [number, number] => [
  image.left + (column + 0.5) * pitch,
  image.left + (of - 1 - row + 0.5) * pitch
]

function pixel({ width, channels, data }: DecodedPng, x: number, y: number): number[] {
  const at = (Math.floor(y) * width + Math.floor(x)) * channels
  return [data[at], data[at + 1], data[at + 2]]
}

const hex = (text: string): number[] => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
const base = volumeOf(size, (x, y) => (x + 10 * y) / 79)
const other = volumeOf({ x: 6, y: 5, z: 2 }, (x, y) => 1 - (x + 6 * y) / 29)
const sd = volumeOf(size, (x) => (x === 0 ? 0 : 0.02 * x))
const source = sourceOf({ base, other, sd })
const drawn = async (panel: object): Promise<DecodedPng> =>
  decode(await renderFigure(specOf({ panels: [{ colourBar: false, ...panel }] }), 'png', source))
const grey = (value: number): number => Math.floor(Math.min(1, Math.max(0, value)) * 255 + 0.5)
const baseValue = (x: number, y: number): number => (x + 10 * y) / 79
const otherValue = (x: number, y: number): number => 1 - (x - 3 + 6 * (y - 2)) / 29
const inOther = (x: number, y: number): boolean => x >= 3 && x < 9 && y >= 2 && y < 7

function everyVoxel(check: (x: number, y: number) => void): void {
  for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++) check(x, y)
}

const b = { volume: 'other', index: 1, offset: [3, 2], contrast: { low: 0, high: 1 } }

describe('comparisons', () => {
  test('a swipe shows A left of its edge and B right of it, nothing where B has no voxels', async () => {
    const picture = await drawn({ comparison: { ...b, mode: 'swipe', at: 5.5 } })
    everyVoxel((x, y) => {
      if (x === 5 || y === size.y - 1) return
      const expected = x < 5 ? grey(baseValue(x, y)) : inOther(x, y) ? grey(otherValue(x, y)) : 255
      expect(pixel(picture, ...middle(x, y))[0], `${x}, ${y}`).toBe(expected)
    })
    // The edge lies within voxel 5.
    const [at, row] = middle(5, 4)
    expect(pixel(picture, at - 0.3 * pitch, row)[0]).toBe(grey(baseValue(5, 4)))
    expect(pixel(picture, at + 0.3 * pitch, row)[0]).toBe(grey(otherValue(5, 4)))
  })

  test('a checkerboard has cells of its size from its corner, A first', async () => {
    const picture = await drawn({ comparison: { ...b, mode: 'checkerboard', cell: 2, corner: [1, 8] } })
    everyVoxel((x, y) => {
      const isOther = (Math.floor((x + 0.5 - 1) / 2) + Math.floor((8 - y - 0.5) / 2)) % 2 !== 0
      const expected = !isOther ? grey(baseValue(x, y)) : inOther(x, y) ? grey(otherValue(x, y)) : 255
      expect(pixel(picture, ...middle(x, y))[0], `${x}, ${y}`).toBe(expected)
    })
  })

  test('a difference, plain and in standard deviations, in diverging colours; hatched where there is no SD', async () => {
    const spread = { volume: 'sd', index: 0 }
    const plain = await drawn({ comparison: { ...b, mode: 'difference', limit: 0.8 } })
    const inSd = await drawn({ comparison: { ...b, offset: [0, 0], mode: 'deviation', limit: 4, spread } })
    everyVoxel((x, y) => {
      const difference = baseValue(x, y) - otherValue(x, y)
      const colour = blueRed(grey((difference + 0.8) / 1.6) / 255)
      expect(pixel(plain, ...middle(x, y)), `${x}, ${y}`).toEqual(inOther(x, y) ? colour : [255, 255, 255])
      if (x >= 6 || y >= 5) return
      const found = pixel(inSd, ...middle(x, y))
      if (x === 0) expect(found[0] - found[2]).toBeGreaterThan(20)
      else {
        const deviation = (baseValue(x, y) - otherValue(x + 3, y + 2)) / (0.02 * x)
        const expected = blueRed(grey((deviation + 4) / 8) / 255)
        found.forEach((part, i) => expect(Math.abs(part - expected[i]), `${x}, ${y}`).toBeLessThanOrEqual(1))
      }
    })
  })

  test('their colour bar says what the ends stand for', async () => {
    const panel = { comparison: { ...b, mode: 'difference', limit: 0.8, quantity: 'A − B (grey value)' } }
    const { svg } = await figureSvg(specOf({ panels: [panel] }), source)
    expect(svg).toContain('>A − B (grey value)</text>')
    const ends = [...svg.matchAll(/stop-color="(#[0-9a-f]{6})"/g)].map((match) => hex(match[1]))
    expect([ends[0], ends[255]]).toEqual([[...blueRed(0)], [...blueRed(1)]])
  })
})

test('the value-suppressing palette merges bins of value as the SD grows, and its key has the same colours', async () => {
  const overlay = {
    volume: 'sd',
    index: 0,
    contrast: { low: 0, high: 0.2 },
    colourMap: 'magma',
    opacity: 1,
    style: 'value-suppressing',
    treeRows: 3,
    valueColours: 'viridis',
    quantity: 'posterior SD (grey value)'
  }
  const picture = await drawn({ overlay })
  const colourOf = (value: number, uncertainty: number): number[] => {
    const row = Math.min(2, Math.floor(uncertainty * 3))
    const bins = 2 ** (2 - row)
    const bin = Math.min(bins - 1, Math.floor(value * bins))
    const full = hex(interpolateViridis(Math.floor(((bin + 0.5) / bins) * 255 + 0.5) / 255))
    return full.map((part) => part * (1 - row / 2) + 128 * (row / 2))
  }
  everyVoxel((x, y) => {
    const expected = colourOf(baseValue(x, y), (0.02 * x) / 0.2)
    pixel(picture, ...middle(x, y)).forEach((part, i) =>
      expect(Math.abs(part - expected[i]), `${x}, ${y}`).toBeLessThanOrEqual(1)
    )
  })
  const { svg } = await figureSvg(specOf({ panels: [{ overlay }] }), source)
  const cells = [...svg.matchAll(/class="palette-cell"[^>]*fill="(#[0-9a-f]{6})"/g)].map((match) => hex(match[1]))
  expect(cells).toHaveLength(4 + 2 + 1)
  expect(cells[6]).toEqual([128, 128, 128])
  expect(cells[0]).toEqual(colourOf(0.1, 0))
  expect(svg).toContain('>side: posterior SD (grey value)</text>')
})

describe('contour lines', () => {
  const lengthOf = (lines: readonly ContourLine[]): number =>
    lines
      .flatMap((line) => line.slice(1).map(([x, y], i) => Math.hypot(x - line[i][0], y - line[i][1])))
      .reduce((sum, length) => sum + length, 0)

  test('of a ramp are straight and where its value is, to the edges', () => {
    const ramp = { rows: 6, columns: 9, data: Float32Array.from({ length: 54 }, (_, i) => i % 9) }
    const lines = contourLines(ramp, 3.25)
    // Voxel i has its middle at i + 0.5.
    for (const line of lines) expect(line.map(([x]) => x)).toEqual([3.75, 3.75])
    expect(lengthOf(lines)).toBeCloseTo(6, 6)
  })

  test('of a cone are circles, closed, and none cross cells without numbers', () => {
    const n = 41
    const cone = Float32Array.from({ length: n * n }, (_, i) => Math.hypot((i % n) - 20, Math.floor(i / n) - 20))
    const slice = { rows: n, columns: n, data: cone }
    const lines = contourLines(slice, 12.3)
    for (const [x, y] of lines.flat()) expect(Math.abs(Math.hypot(x - 20.5, y - 20.5) - 12.3)).toBeLessThan(0.02)
    expect(lengthOf(lines)).toBeCloseTo(2 * Math.PI * 12.3, 0)
    // Every end meets another: by their places, each comes twice.
    const ends = new Map<string, number>()
    for (const line of lines)
      for (const [x, y] of [line[0], line[line.length - 1]]) {
        const end = `${x.toFixed(6)} ${y.toFixed(6)}`
        ends.set(end, (ends.get(end) ?? 0) + 1)
      }
    expect([...new Set(ends.values())]).toEqual([2])
    const gap = cone.slice()
    gap[20 * n + 32] = Number.NaN
    expect(contourLines({ ...slice, data: gap }, 12.3).length).toBeLessThan(lines.length)
  })

  test('inside a cell follow the hyperbola of bilinear interpolation, on its own side of the saddle', () => {
    // Voxels' middles at 0.5 and 1.5: f = u v between them, u and v from -0.6 to 0.4 along x and -0.3 to 0.7 along y.
    const [x0, y0] = [1.1, 0.8]
    const f = (x: number, y: number): number => (x - x0) * (y - y0)
    const data = Float32Array.from([f(0.5, 0.5), f(1.5, 0.5), f(0.5, 1.5), f(1.5, 1.5)])
    const inCell = (line: ContourLine): boolean => line.every(([x, y]) => x >= 0.5 && x <= 1.5 && y >= 0.5 && y <= 1.5)
    for (const level of [0.08, 0.02, 0.0004, -0.004, -0.05, -0.1]) {
      const lines = contourLines({ rows: 2, columns: 2, data }, level).filter(inCell)
      expect(lines.length).toBeGreaterThan(0)
      if (Math.abs(level) === 0.02) expect(lines.flat().length).toBeGreaterThan(6)
      for (const line of lines) {
        // One branch: the saddle's lines are not crossed.
        expect(new Set(line.map(([x, y]) => `${x > x0} ${y > y0}`)).size).toBe(1)
        for (const [x, y] of line) expect(f(x, y)).toBeCloseTo(level, 5)
        line.slice(1).forEach(([x, y], i) => {
          // The middle of each piece lies on the curve to 0.002 pixels.
          const [mx, my] = [(x + line[i][0]) / 2, (y + line[i][1]) / 2]
          const slope = Math.hypot(mx - x0, my - y0)
          expect(Math.abs(f(mx, my) - level) / slope).toBeLessThan(0.0025)
        })
      }
      // The whole length of both branches inside the cell, by a fine walk along x.
      const steps = 200_000
      let length = 0
      let before: [number, number] | null = null
      for (let i = 0; i <= steps; i++) {
        const x = 0.5 + i / steps
        const y = y0 + level / (x - x0)
        const now: [number, number] | null = y >= 0.5 && y <= 1.5 ? [x, y] : null
        if (now && before && now[0] > x0 === before[0] > x0)
          length += Math.hypot(now[0] - before[0], now[1] - before[1])
        before = now
      }
      expect(Math.abs(lengthOf(lines) - length)).toBeLessThan(0.01)
    }
    // At the saddle's own level: its two straight lines.
    const cross = contourLines({ rows: 2, columns: 2, data: data.map((value) => value + 1) }, 1).filter(inCell)
    // Single precision near 1 is off by up to 6e-8, and a hyperbola x y = 6e-8 passes the saddle at its root.
    for (const [x, y] of cross.flat()) expect(Math.min(Math.abs(x - x0), Math.abs(y - y0))).toBeLessThan(5e-4)
  })

  test('are vectors in the level’s colour with a rim, at their place in points, and marked on the colour bar', async () => {
    const overlay = {
      volume: 'sd',
      index: 0,
      offset: [1, 0],
      contrast: { low: 0, high: 0.18 },
      colourMap: 'viridis',
      opacity: 0,
      contours: [0.09],
      quantity: 'SD'
    }
    const { svg } = await figureSvg(specOf({ panels: [{ overlay }] }), source)
    const path = /<path d="([^"]*)"[^>]*class="contour" stroke="(#[0-9a-f]{6})"/.exec(svg)
    expect(path?.[2]).toBe(interpolateViridis(128 / 255))
    // 0.02 x = 0.09 in the middle of 4.5, so at 5 of the overlay, one voxel on in the base.
    const points = [...(path?.[1] ?? '').matchAll(/[ML]([\d.]+) /g)].map((match) => Number(match[1]))
    const pointsPerVoxel = ((100 / 25.4) * 72 - 8) / 10
    for (const x of points) expect(x).toBeCloseTo(6 * pointsPerVoxel, 2)
    expect(svg.match(/class="contour-tick"/g)).toHaveLength(1)
    expect((await renderFigure(specOf({ panels: [{ overlay }] }), 'pdf', source)).length).toBeGreaterThan(1000)
  })
})

test('a transposed panel shows rows to the right, with crop, overlay and non-cubic voxels in place', async () => {
  const voxel = { x: 10, y: 10, z: 30 }
  const volumes = sourceOf({ base: volumeOf({ x: 2, y: 6, z: 4 }, (_, y, z) => (y + 6 * z) / 23, voxel) })
  const panel = { plane: 'yz', index: 1, transposed: true, crop: { columns: [1, 6], rows: [0, 3] } }
  const picture = decode(await renderFigure(specOf({ panels: [panel] }), 'png', volumes))
  // 3 voxels of 30 across, 5 of 10 up.
  const [across, up] = [image.width / 3, image.width / 9]
  expect(picture.height - 2 * image.left).toBeCloseTo(5 * up, 0)
  for (let y = 1; y < 6; y++)
    for (let z = 0; z < 3; z++) {
      const [px, py] = [image.left + (z + 0.5) * across, image.left + (5 - (y - 1) - 0.5) * up]
      expect(pixel(picture, px, py)[0], `${y}, ${z}`).toBe(grey((y + 6 * z) / 23))
    }
})

test('smooth panels blend linearly between the middles of voxels', async () => {
  const picture = await drawn({ smooth: true })
  for (const [right, up] of [
    [3, 4],
    [3.25, 4.5],
    [7.9, 2.2]
  ]) {
    // The base is linear in both directions.
    const expected = (right - 0.5 + 10 * (up - 0.5)) / 79
    const found = pixel(picture, image.left + right * pitch, image.left + (size.y - up) * pitch)[0]
    expect(Math.abs(found - 255 * expected)).toBeLessThanOrEqual(2)
  }
})

describe('marks', () => {
  const voxel = { x: 10, y: 20, z: 10 }
  const marked = sourceOf({ base: volumeOf(size, () => 0.5, voxel) })
  const svgOf = async (marks: object): Promise<string> =>
    (await figureSvg(specOf({ panels: [{ index: 1, marks, crop: { columns: [1, 9], rows: [0, 8] } }] }), marked)).svg
  const unit = ((100 / 25.4) * 72 - 8) / 8

  test('a distance is as long as voxels that are not cubes make it, and drawn only where the slice meets it', async () => {
    const line = { from: { x: 2, y: 1, z: 1.5 }, to: { x: 5, y: 3, z: 1.5 } }
    const svg = await svgOf({ distances: [line, { from: { x: 2, y: 1, z: 2.5 }, to: { x: 5, y: 3, z: 2.5 } }] })
    // 3 voxels of 10 and 2 of 20 angstrom.
    expect(svg.match(/class="distance"/g)).toHaveLength(1)
    expect(svg).toContain('>5.00 nm</text>')
    const [, x1, y1, x2, y2] =
      /<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)" class="distance"/.exec(svg) ?? []
    expect([x1, y1, x2, y2].map(Number)).toEqual([
      expect.closeTo(1 * unit, 3),
      expect.closeTo((8 - 1) * 2 * unit, 3),
      expect.closeTo(4 * unit, 3),
      expect.closeTo((8 - 3) * 2 * unit, 3)
    ])
  })

  test('the region’s frame and the crosshair', async () => {
    const region = { x: [2, 4], y: [3, 5], z: [0, 2] }
    const svg = await svgOf({ region, crosshair: { x: 5, y: 2, z: 1 } })
    const corner = `M${Number((1 * unit).toFixed(3))} ${Number((5 * 2 * unit).toFixed(3))}H${Number((3 * unit).toFixed(3))}`
    expect(svg).toContain(corner)
    expect(svg).toContain(`M0 ${Number((5.5 * 2 * unit).toFixed(3))}H`)
    const outside = await svgOf({ region: { ...region, z: [2, 3] } })
    expect(outside).not.toContain('class="region"')
  })
})

test('a scale bar is as long as was asked for, or one that fits where it would not', async () => {
  const voxel = { x: 12.5, y: 25, z: 10 }
  const volumes = sourceOf({ base: volumeOf(size, () => 0, voxel) })
  for (const [angstrom, label, columns] of [
    [40, '4 nm', 40 / 12.5],
    [500, '2 nm', 20 / 12.5]
  ] as const) {
    const spec = specOf({ background: 'black', panels: [{ scaleBar: true, scaleBarAngstrom: angstrom }] })
    const { svg } = await figureSvg(spec, volumes)
    expect(svg).toContain(`>${label}</text>`)
    const picture = decode(await renderFigure(spec, 'png', volumes))
    const row = picture.height - ((4 + 6 + 0.9) / 72) * 254
    let white = 0
    for (let x = 0; x < picture.width; x++) white += pixel(picture, x, row)[0] / 255
    expect(white).toBeCloseTo(columns * pitch, 0)
  }
})
