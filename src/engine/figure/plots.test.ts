import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { wholeBox } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { directionalPower } from '../directions/directional-power.ts'
import { volumePower } from '../directions/volume-power.ts'
import { figureSvg } from './figure-svg.ts'
import { renderFigure } from './index.ts'
import { drawnSvg, sourceOf, specOf, svgElements, volumeOf } from './testing/figure-volumes.ts'

/** One plane wave, 36.87 degrees from tilt 0; voxels of 10 angstrom. */
const size = { x: 32, y: 8, z: 32 }
const wave = { x: 8, z: 6 }
const voxel = { x: 10, y: 10, z: 10 }
const tomogram = volumeOf(
  size,
  (x, _y, z) => 100 + 20 * Math.cos(2 * Math.PI * ((wave.x * x) / 32 + (wave.z * z) / 32)),
  voxel
)
const scattered = (n: number): number => {
  const value = Math.sin(n * 12.9898) * 43758.5453
  return value - Math.floor(value) - 0.5
}
const mean = volumeOf(size, () => 50, voxel)
const members = [0, 1, 2].map((k) =>
  volumeOf(size, (x, y, z) => 50 + 6 * scattered(1 + x + 32 * (y + 8 * (z + 32 * k))), voxel)
)
const source = sourceOf({ tomogram, mean, 'member-1': members[0], 'member-2': members[1], 'member-3': members[2] })
const wedge = { ...defaultWedge, tiltMin: -50, tiltMax: 62 }
const deviations = { of: 'deviations', mean: 'mean', members: ['member-1', 'member-2', 'member-3'], tiles: 2 }
const ofTomogram = { of: 'volume', volume: 'tomogram' }

/** The panel alone would take the slice's fields along, which its schema drops. */
const spectrum = { kind: 'spectrum', source: ofTomogram, plane: 'xz', wedge }
const curves = {
  kind: 'curves',
  wedge,
  curves: [
    { name: 'raw', label: 'tomogram', source: ofTomogram },
    { name: 'deviations', label: 'variance, 3 members', source: deviations }
  ]
}

describe('a spectrum', () => {
  test('has the wave where its frequency is, on axes in 1/nm', async () => {
    const spec = specOf({ panels: [spectrum] })
    const { svg } = await figureSvg(spec, source)
    const [, x, y, edge] = (/<svg x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/.exec(svg) ?? []).map(Number)
    // An independent renderer, ten pixels a point.
    const at = drawnSvg(svg, Math.round((100 / 25.4) * 72 * 10))
    const brightness = (kx: number, kz: number): number =>
      at(10 * (x + ((16.5 + kx) / 32) * edge), 10 * (y + (1 - (16.5 + kz) / 32) * edge))[0]
    expect(brightness(wave.x, wave.z)).toBeGreaterThan(240)
    expect(brightness(-wave.x, -wave.z)).toBeGreaterThan(240)
    expect(brightness(wave.x, -wave.z)).toBeLessThan(120)
    expect(svg).toContain('>kx (1/nm)</text>')
    // Nyquist of voxels of 1 nm is 0.5 / nm: the tick of 0.4 lies 0.4 of the edge from the zero frequency.
    const tick = svgElements(svg).find(
      ({ text, attributes }) => text === '0.4' && attributes['text-anchor'] === 'middle'
    )
    expect(Number(tick?.attributes.x)).toBeCloseTo(x + (16.5 / 32 + 0.4) * edge, 3)
  })

  test('shows the wedge’s edges at its tilts, and only in the plane across the tilt axis', async () => {
    const { svg } = await figureSvg(specOf({ panels: [spectrum] }), source)
    const edges = svgElements(svg).filter(({ attributes }) => attributes.class === 'wedge-edge')
    const angles = edges.map(({ attributes }) => {
      const [x1, y1, x2, y2] = (attributes.d.match(/-?[\d.]+/g) ?? []).map(Number)
      return (Math.atan2(y1 - y2, x2 - x1) * 180) / Math.PI
    })
    expect(angles).toEqual([expect.closeTo(-50, 2), expect.closeTo(62, 2)])
    expect(svg).toContain('assumed tilts −50° to 62°')
    const along = await figureSvg(specOf({ panels: [{ ...spectrum, plane: 'yz' }] }), source)
    expect(along.svg).not.toContain('wedge-edge')
  })

  test('without a voxel size is in cycles per voxel', async () => {
    const unknown = sourceOf({ tomogram: volumeOf(size, (x) => x % 3) })
    const { svg } = await figureSvg(specOf({ panels: [spectrum] }), unknown)
    expect(svg).toContain('>kx (cycles per voxel)</text>')
    expect(svg).not.toMatch(/NaN|Infinity/)
  })
})

test('curves pass through the powers by direction, on a logarithmic axis, with the unmeasured angles shaded', async () => {
  const { svg } = await figureSvg(specOf({ panels: [curves] }), source)
  const power = await volumePower(tomogram, 'y')
  const { bins } = directionalPower(power, size, wedge)
  const path = /<path class="curve raw" d="([^"]*)"/.exec(svg)?.[1] ?? ''
  const points = [...path.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map((match) => match.slice(1).map(Number))
  expect(points).toHaveLength(bins.length)
  // The decades' labels calibrate the axis.
  const decades = svgElements(svg)
    .filter(({ text, attributes }) => /^(1|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*)$/.test(text) && attributes['text-anchor'] === 'end')
    .map(({ text, attributes }) => [exponentOf(text), Number(attributes.y) - 0.35 * 6] as const)
  const [[low, yLow], [high, yHigh]] = [decades[0], decades[decades.length - 1]]
  const [x0, x1] = [-90, 90].map((degrees) => tickX(svg, degrees))
  bins.forEach(({ degrees, power: value }, i) => {
    const log = Math.max(low, Math.log10(value))
    expect(points[i][0]).toBeCloseTo(x0 + ((degrees + 90) / 180) * (x1 - x0), 2)
    expect(points[i][1]).toBeCloseTo(yLow + ((log - low) / (high - low)) * (yHigh - yLow), 2)
  })
  // The strongest bin is the wave's.
  const strongest = bins.reduce((a, b) => (b.power > a.power ? b : a))
  expect(Math.abs(strongest.degrees - 36.87)).toBeLessThanOrEqual(1.2)
  const shaded = [...svg.matchAll(/class="wedge-missing" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map((match) =>
    match.slice(1).map(Number)
  )
  const degrees = (x: number): number => -90 + (180 * (x - x0)) / (x1 - x0)
  expect(shaded.map(([x, width]) => [degrees(x), degrees(x + width)])).toEqual([
    [expect.closeTo(-90, 3), expect.closeTo(-50, 3)],
    [expect.closeTo(62, 3), expect.closeTo(90, 3)]
  ])
  expect(svg).toContain('of the variance lies in the wedge')
})

test('the CSV of curves and spectra holds the same numbers, units in its header', async () => {
  const text = new TextDecoder().decode(await renderFigure(specOf({ panels: [curves] }), 'csv', source))
  const rows = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  expect(rows[0]).toEqual([
    'angle from tilt 0 (degrees)',
    'measured',
    'tomogram: power per frequency (grey value^2)',
    '"variance',
    ' 3 members: power per frequency (grey value^2)"'
  ])
  const { bins } = directionalPower(await volumePower(tomogram, 'y'), size, wedge)
  for (const { degrees, power } of bins) {
    const row = rows.find(([at]) => Number(at) === degrees)
    expect(Number(row?.[2])).toBe(power)
    expect(row?.[1]).toBe(degrees >= -50 && degrees <= 62 ? '1' : '0')
  }
  expect(rows).toHaveLength(91)
  const plane = new TextDecoder().decode(await renderFigure(specOf({ panels: [spectrum] }), 'csv', source))
  const frequencies = plane
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  expect(frequencies).toHaveLength(32 * 32)
  expect(plane).toContain('kx (1/nm),kz (1/nm),log10 mean power (grey value^2)\r\n')
  const peak = frequencies.reduce((a, b) => (b[2] > a[2] ? b : a))
  expect([Math.abs(peak[0]), Math.abs(peak[1])]).toEqual([8 / 32, 6 / 32])
  expect(peak[0] * peak[1]).toBeGreaterThan(0)
  await expect(renderFigure(specOf({ panels: [{ volume: 'tomogram' }] }), 'csv', source)).rejects.toMatchObject({
    code: 'figure-no-curves'
  })
})

test('the members at a voxel are dots at their values, beside mean, interval, MAP and raw value', async () => {
  const voxelAt = { x: 3, y: 2, z: 5 }
  const panel = {
    kind: 'distribution',
    voxel: voxelAt,
    members: ['member-1', 'member-2', 'member-3'],
    mean: 'mean',
    std: 'sd',
    raw: { volume: 'tomogram', voxel: voxelAt }
  }
  const all = sourceOf({
    mean,
    sd: volumeOf(size, () => 2),
    'member-1': members[0],
    'member-2': members[1],
    'member-3': members[2],
    tomogram
  })
  const values = await Promise.all(
    members.map(async (member) => (await member.readBox({ x: [3, 4], y: [2, 3], z: [5, 6] }))[0])
  )
  const raw = (await tomogram.readBox(wholeBox(size)))[(5 * 8 + 2) * 32 + 3]
  const { svg } = await figureSvg(specOf({ panels: [panel] }), all)
  const lineX = (name: string): number => Number(new RegExp(`class="${name}" x1="([\\d.]+)"`).exec(svg)?.[1])
  const [meanX, rawX] = [lineX('mean'), lineX('raw')]
  const perGrey = (rawX - meanX) / (raw - 50)
  const dots = [...svg.matchAll(/class="member" d="M([\d.]+) /g)].map((match) => Number(match[1]) - (3.2 / 2 - 0.3))
  expect(dots.map((x) => 50 + (x - meanX) / perGrey)).toEqual(values.map((value) => expect.closeTo(value, 1)))
  const [, x, width] = (/class="interval" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(svg) ?? []).map(Number)
  expect(x).toBeCloseTo(meanX - 1.6448536 * 2 * perGrey, 2)
  expect(width).toBeCloseTo(2 * 1.6448536 * 2 * perGrey, 2)
  const text = new TextDecoder().decode(await renderFigure(specOf({ panels: [panel] }), 'csv', all))
  expect(text).toBe(
    `of,value (grey value)\r\n${values.map((value, i) => `member ${i + 1},${value}\r\n`).join('')}posterior mean,50\r\nposterior SD,2\r\ntomogram,${raw}\r\n`
  )
})

test('every panel kind goes into every format, on black as well, with larger letters', async () => {
  const panels = [{ volume: 'tomogram', contrast: { low: 80, high: 120 } }, spectrum, curves]
  for (const format of ['png', 'png16', 'tiff', 'svg', 'pdf'] as const) {
    const bytes = await renderFigure(
      specOf({ background: 'black', fontSizePt: 9, columns: 3, dpi: 100, panels, panelLetters: true }),
      format,
      source
    )
    expect(bytes.length).toBeGreaterThan(2000)
    if (format === 'png') expect(decode(bytes).width).toBe(394)
  }
})

function exponentOf(label: string): number {
  if (label === '1') return 0
  if (label === '10') return 1
  const digits = [...label.slice(2)].map((character) =>
    character === '⁻' ? '-' : String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(character))
  )
  return Number(digits.join(''))
}

function tickX(svg: string, degrees: number): number {
  const label = `${String(degrees).replace('-', '−')}°`
  return Number(svgElements(svg).find(({ text }) => text === label)?.attributes.x)
}
