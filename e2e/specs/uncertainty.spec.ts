import type { Page } from '@playwright/test'
import {
  preparedMaps,
  preparedMember,
  preparedMembers,
  preparedRegion,
  preparedRunFiles,
  preparedTomogramFile,
  preparedWedge,
  type PreparedMap
} from '../../src/engine/derived/testing/prepared-files.ts'
import { colourIndex, colourTable } from '../../src/shared/colour-maps.ts'
import type { ColourMapName } from '../../src/shared/figure.ts'
import { expect, test } from '../fixtures.ts'
import type { RunningProgram } from '../running-program.ts'
import { fillField, goTo, picture, pixelsOf, readValue, setContrast, settled, voxelOnScreen } from '../window-page.ts'
import { writeFloats } from './volumes.ts'

const size = { x: 28, y: 24, z: 20 }
const section = 9
/** Of the tomogram, in the middle of the region. */
const cursor = { x: 20, y: 17, z: preparedRegion.z[0] + section }

/** Opens a tomogram that has a run, as the program would find it, and shows the run's mean in one XY slice, voxel by voxel. */
async function openRun(
  program: RunningProgram,
  page: Page,
  dataDir: string,
  names = ['cryowgen-2-1']
): Promise<string> {
  const path = await preparedTomogramFile(dataDir, writeFloats)
  for (const name of names) await preparedRunFiles(path, writeFloats, name)
  await program.openFile(path)
  await settled(page)
  await page.locator('[data-role="mean"] .layer-name').first().click()
  await goTo(page, cursor)
  return path
}

/** The XY slice alone, without blending, crosshair and scale bar. Where its voxels are is found first. */
async function alone(page: Page): Promise<(column: number, row: number) => { x: number; y: number }> {
  await picture(page, 'xy').hover({ position: { x: 4, y: 4 } })
  for (const key of ['s', 'b', 'g']) await page.keyboard.press(key)
  await page.mouse.move(5, 5)
  await settled(page)
  const at = { right: cursor.x, up: cursor.y }
  const corner = await voxelOnScreen(page, 'xy', { right: preparedRegion.x[0], up: preparedRegion.y[0] }, at)
  const next = await voxelOnScreen(page, 'xy', { right: preparedRegion.x[0] + 1, up: preparedRegion.y[0] }, at)
  const scale = next.x - corner.x
  await page.keyboard.press('c')
  await settled(page)
  return (column, row) => ({ x: corner.x + column * scale, y: corner.y - row * scale })
}

const voxelAt = (column: number, row: number): number => (section * size.y + row) * size.x + column

/** Voxels over the whole slice, away from its edges. */
const places = Array.from({ length: 7 * 6 }, (_, i) => ({ column: 2 + 4 * (i % 7), row: 2 + 4 * Math.floor(i / 7) }))

const colourOf = (name: ColourMapName, share: number): number[] => {
  const from = 4 * colourIndex(Math.min(1, Math.max(0, share)))
  return [...colourTable(name).subarray(from, from + 3)]
}

const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((part, i) => Math.abs(part - b[i])))

async function chooseOverlay(page: Page, label: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Map drawn as overlay' }).selectOption({ label })
}

test('every map of a spread is drawn in its colours, with contour lines, and P(x > t) at any t', async ({
  program,
  page,
  dataDir
}) => {
  test.setTimeout(240_000)
  await openRun(program, page, dataDir)
  // Its colour bar takes room from the panes, once.
  await chooseOverlay(page, 'posterior SD · CryoWGEN-II')
  const screenAt = await alone(page)
  await page.getByRole('slider', { name: 'Opacity' }).fill('1')
  await page.getByRole('checkbox', { name: 'Opacity by value' }).uncheck()
  const legend = page.locator('.legend')

  const drawnAs = async (values: ArrayLike<number>, name: ColourMapName, low: number, high: number): Promise<void> => {
    await page.mouse.move(5, 5)
    await settled(page)
    const pixels = await pixelsOf(page, 'xy')
    for (const { column, row } of places) {
      const at = screenAt(column, row)
      const expected = colourOf(name, (values[voxelAt(column, row)] - low) / (high - low))
      expect(apart(pixels.at(at.x, at.y), expected), `${column}, ${row}`).toBeLessThanOrEqual(2)
    }
  }

  await test.step('SD, variances and wedge share against the files', async () => {
    const maps: [PreparedMap, string, string, ColourMapName, number][] = [
      ['std', 'posterior SD', 'posterior SD (grey value)', 'magma', 14],
      ['variance', 'variance', 'posterior variance (grey value²)', 'viridis', 190],
      ['wedge-variance', 'wedge variance', 'variance in the wedge (grey value²)', 'cividis', 120],
      ['measured-variance', 'measured variance', 'variance in the measured region (grey value²)', 'inferno', 90],
      ['wedge-share', 'wedge share', 'wedge share of the variance', 'blue-red', 1]
    ]
    for (const [role, label, quantity, colours, high] of maps) {
      await chooseOverlay(page, `${label} · CryoWGEN-II`)
      await page.getByRole('combobox', { name: 'Colour map of the overlay' }).selectOption(colours)
      await fillField(page, 'to', high)
      await expect(legend).toHaveAccessibleName(`Colour bar: ${quantity}`)
      await drawnAs(preparedMaps[role], colours, 0, high)
    }
    await expect(legend.locator('.legend-number').first()).toHaveText('0.0000')
    await expect(legend.locator('.legend-number').last()).toHaveText('1.000')
  })

  await test.step('P(x > t): Gaussian from mean and SD, then counted over the members', async () => {
    await page.getByRole('combobox', { name: 'Colour map of the overlay' }).selectOption('viridis')
    await chooseOverlay(page, 'P(x > t) … · CryoWGEN-II')
    await expect(legend).toContainText('Gaussian from mean and SD')
    await fillField(page, 't', 112)
    await expect(legend).toHaveAccessibleName('Colour bar: P(x > 112), Gaussian from mean and SD')
    const { mean, std } = preparedMaps
    await drawnAs(
      mean.map((value, i) => phi((value - 112) / std[i])),
      'viridis',
      0,
      1
    )

    await page.getByRole('combobox', { name: 'Estimate' }).selectOption('members')
    await expect(legend).toHaveAccessibleName('Colour bar: P(x > 112), counted over 8 members')
    await expect(page.getByText('Share of 8 members above t: steps of 13 %, standard error up to 18 %.')).toBeVisible()
    const members = Array.from({ length: preparedMembers }, (_, k) => preparedMember(k))
    const counted = mean.map((_, i) => members.filter((member) => member[i] > 112).length / preparedMembers)
    await drawnAs(counted, 'viridis', 0, 1)
  })

  await test.step('contour lines lie at their values, as wide at any zoom, and are marked on the colour bar', async () => {
    await chooseOverlay(page, 'posterior SD · CryoWGEN-II')
    await page.getByRole('combobox', { name: 'Colour map of the overlay' }).selectOption('magma')
    await fillField(page, 'to', 14)
    await page.getByRole('slider', { name: 'Opacity' }).fill('0')
    const row = 12
    const line = async (): Promise<number[]> => {
      await page.mouse.move(5, 5)
      await settled(page)
      const pixels = await pixelsOf(page, 'xy')
      const y = screenAt(0, row).y
      return Array.from({ length: pixels.width }, (_, x) => pixels.at(x, y)).map(
        ([r, g, b]) => Math.max(r, g, b) - Math.min(r, g, b)
      )
    }
    const grey = await line()
    expect(Math.max(...grey.slice(Math.ceil(screenAt(0, 0).x), Math.floor(screenAt(27, 0).x)))).toBeLessThan(4)
    // The SD is 3 + x / 3 + z / 10 in the region's voxels: 8 at column 12.3.
    const level = 8
    await page.getByRole('textbox', { name: 'Contours at' }).fill(String(level))
    await page.getByRole('textbox', { name: 'Contours at' }).press('Enter')
    const column = (level - 3 - section / 10) * 3
    const coloured = (await line()).flatMap((saturation, x) => (saturation > 60 ? [x] : []))
    const middle = coloured.reduce((sum, x) => sum + x + 0.5, 0) / coloured.length
    // Pixel x covers x to x + 1; the middle of voxel 0 is drawn at screenAt(0).
    expect(Math.abs(middle - screenAt(column, row).x)).toBeLessThan(1)
    expect(coloured.length).toBeGreaterThanOrEqual(1)
    expect(coloured.length).toBeLessThanOrEqual(3)
    await picture(page, 'xy').hover({ position: screenAt(column, row) })
    await page.keyboard.press('=')
    await page.keyboard.press('=')
    const zoomed = (await line()).filter((saturation) => saturation > 60).length
    expect(Math.abs(zoomed - coloured.length)).toBeLessThanOrEqual(1)
    await expect(legend.locator('[data-level="8"]')).toHaveCSS('left', /px/)
    await expect(legend).toContainText('lines at 8')
  })
})

/** The standard normal distribution by Abramowitz and Stegun 26.2.17. */
function phi(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp(-z * z * 0.5) / Math.sqrt(2 * Math.PI)) * series
  return z > 0 ? 1 - tail : tail
}

test('uncertain values are muted as the wedge-shaped key says; measured and filled-in part are T_M and the rest', async ({
  program,
  page,
  dataDir
}) => {
  test.setTimeout(240_000)
  await openRun(program, page, dataDir)
  await chooseOverlay(page, 'posterior SD · CryoWGEN-II')
  const screenAt = await alone(page)
  await setContrast(page, 85, 165)
  await page.getByRole('checkbox', { name: 'on', exact: true }).uncheck()

  await test.step('a key switches between all, measured and filled in; what is read out is T_M and the rest', async () => {
    const expected = measuredPart(preparedMaps.mean, cursor.y - preparedRegion.y[0])
    const column = cursor.x - preparedRegion.x[0]
    const whole = preparedMaps.mean[voxelAt(column, cursor.y - preparedRegion.y[0])]
    const measured = expected[section * size.x + column]
    const header = page.locator('[data-pane="xy"]')
    await expect.poll(() => readValue(page)).toBe(whole)
    const shown: Record<string, number> = {}
    for (const [part, value] of [
      ['measured part of posterior mean', measured],
      ['filled-in part of posterior mean', whole - measured]
    ] as const) {
      await picture(page, 'xy').focus()
      await page.keyboard.press('d')
      await expect(header).toHaveAccessibleName(new RegExp(part))
      await page.mouse.move(5, 5)
      await expect.poll(async () => Math.abs((await readValue(page)) - value)).toBeLessThan(1e-4)
      shown[part] = await readValue(page)
    }
    const [m, f] = Object.values(shown)
    expect(Math.abs(m + f - whole)).toBeLessThan(2e-5)

    // At one contrast: the filled-in part in the same window, lowered by the mean, which is measured.
    const { mean } = preparedMaps
    const grey = mean.reduce((sum, value) => sum + value, 0) / mean.length
    const at = screenAt(column, cursor.y - preparedRegion.y[0])
    const level = ((f - (85 - grey)) / 80) * 255
    expect(Math.abs((await pixelsOf(page, 'xy')).at(at.x, at.y)[0] - level)).toBeLessThanOrEqual(2)
    await page.keyboard.press('d')
    await expect(header).toHaveAccessibleName(/slice of posterior mean/)
    // A picture of Electron's window leaves the pointer over it.
    await page.mouse.move(6, 6)
    await expect.poll(() => readValue(page)).toBe(whole)
  })

  await test.step('the palette against its definition, and its key against the palette', async () => {
    await page.getByRole('checkbox', { name: 'on', exact: true }).check()
    await page.getByRole('button', { name: 'Mute uncertain values' }).click()
    const end = page.getByRole('textbox', { name: 'to', exact: true })
    // By itself it ends where half of the values' range is two SDs wide.
    await end.fill('')
    await end.press('Enter')
    await expect(end).toHaveValue('20')
    await fillField(page, 'to', 14)
    await page.mouse.move(5, 5)
    await settled(page)
    const pixels = await pixelsOf(page, 'xy')
    const key = page.locator('.palette-key')
    let checked = 0
    for (const { column, row } of places) {
      const value = ((preparedMaps.mean[voxelAt(column, row)] - 85) / 80) * 8
      const spread = (preparedMaps.std[voxelAt(column, row)] / 14) * 4
      // On the border of two bins float32 and float64 may differ.
      if (Math.abs(value - Math.round(value)) < 1e-3 || Math.abs(spread - Math.round(spread)) < 1e-3) continue
      const uncertain = Math.min(3, Math.floor(spread))
      const bins = [8, 4, 2, 1][uncertain]
      const bin = Math.min(bins - 1, Math.max(0, Math.floor((value / 8) * bins)))
      const colour = colourOf('viridis', (bin + 0.5) / bins)
      const expected = colour.map((part) => part + ((128 - part) * uncertain) / 3)
      const at = screenAt(column, row)
      const drawn = pixels.at(at.x, at.y)
      expect(apart(drawn, expected), `${column}, ${row}`).toBeLessThanOrEqual(2)
      const cell = await key.locator(`[data-cell="${uncertain}-${bin}"]`).getAttribute('fill')
      expect(apart(drawn, (cell?.match(/\d+/g) ?? []).map(Number))).toBeLessThanOrEqual(2)
      checked++
    }
    expect(checked).toBeGreaterThan(30)
    await expect(key.getByRole('img')).toHaveAccessibleName(
      'Palette: posterior mean (grey value) from 85.000 to 165.00 around the arc, posterior SD (grey value) from 0.0000 at the arc to 14.000 at the tip'
    )
    await expect(key.locator('path[data-cell]')).toHaveCount(15)
  })
})

/**
 * T_M of one plane y of a volume, by sums over its own mask: a frequency is measured where the angle of (kx, kz) is inside the tilt range, or
 * opposite to it; on the Nyquist line either sign counts.
 */
function measuredPart(volume: Float32Array, y: number): Float64Array {
  const { tiltMin, tiltMax } = preparedWedge
  const inside = (kz: number, kx: number): boolean => {
    if (kz === 0 && kx === 0) return true
    const angle = (Math.atan2(kz, kx) * 180) / Math.PI
    return [angle - 180, angle, angle + 180].some((a) => a >= tiltMin - 1e-9 && a <= tiltMax + 1e-9)
  }
  const signed = (k: number, n: number): number[] => (2 * k === n ? [0.5, -0.5] : [k < n / 2 ? k / n : k / n - 1])
  const out = new Float64Array(size.z * size.x)
  for (let a = 0; a < size.z; a++)
    for (let b = 0; b < size.x; b++) {
      if (!signed(a, size.z).some((kz) => signed(b, size.x).some((kx) => inside(kz, kx)))) continue
      let re = 0
      let im = 0
      for (let z = 0; z < size.z; z++)
        for (let x = 0; x < size.x; x++) {
          const angle = 2 * Math.PI * ((a * z) / size.z + (b * x) / size.x)
          const value = volume[(z * size.y + y) * size.x + x]
          re += value * Math.cos(angle)
          im -= value * Math.sin(angle)
        }
      for (let z = 0; z < size.z; z++)
        for (let x = 0; x < size.x; x++) {
          const angle = 2 * Math.PI * ((a * z) / size.z + (b * x) / size.x)
          out[z * size.x + x] += (re * Math.cos(angle) - im * Math.sin(angle)) / (size.x * size.z)
        }
    }
  return out
}
