import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { createMrc } from '../../packages/mrc-js/src/index.ts'
import { colourIndex, colourTable, shareOfRange } from '../../src/shared/colour-maps.ts'
import { openVolumes } from '../engine-api.ts'
import { expect, test } from '../fixtures.ts'
import { fillField, picture, pixelsOf, setContrast, settled, type Pixels } from '../window-page.ts'
import { violationsInBothThemes } from './axe.ts'
import { meanValue, runRegion, stdValue, tomogramValue, writeFinishedRun } from './finished-run.ts'

type Value = (x: number, y: number, z: number) => number

async function writeVolume(
  path: string,
  size: { x: number; y: number; z: number },
  voxel: number | null,
  value: Value
): Promise<string> {
  const voxelSizeAngstrom = voxel === null ? null : { x: voxel, y: voxel, z: voxel }
  const writer = await createMrc(path, { size, mode: 2, voxelSizeAngstrom })
  for (let z = 0; z < size.z; z++) {
    const section = new Float32Array(size.x * size.y)
    for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++) section[y * size.x + x] = value(x, y, z)
    await writer.writeSection(section)
  }
  await writer.finish()
  return path
}

const size = { x: 24, y: 16, z: 4 }
const a: Value = (x, y) => 10 * x + (y % 3)
const b: Value = (x, y) => 230 - 9 * x + 2 * y

/** Where the middles of voxels lie in a pane; the crosshair, by which that is known, is hidden afterwards. */
async function voxelsOf(page: Page, pane: string, cursor: { x: number; y: number }) {
  await settled(page)
  const cross = picture(page, pane).locator('.crosshair')
  const at = { x: Number(await cross.getAttribute('data-x')), y: Number(await cross.getAttribute('data-y')) }
  const scale = Number(await picture(page, pane).getAttribute('data-scale'))
  return (x: number, y: number) => ({ x: at.x + (x - cursor.x) * scale, y: at.y - (y - cursor.y) * scale })
}

async function drawn(page: Page, pane: string): Promise<Pixels> {
  await page.mouse.move(5, 5)
  await settled(page)
  return pixelsOf(page, pane)
}

const grey = (value: number, low: number, high: number): number => Math.round(shareOfRange(value, { low, high }) * 255)

const bar = (page: Page) => page.getByRole('group', { name: 'Comparison' })
const mode = (page: Page, name: string) => bar(page).getByRole('button', { name, exact: true })

test('two volumes in one pane: swipe, checkerboard, flicker, difference, and what can’t be compared', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(240_000)
  await openFile(await writeVolume(join(dataDir, 'b.mrc'), size, 10, b))
  await settled(page)
  await openFile(await writeVolume(join(dataDir, 'a.mrc'), size, 10, a))
  await settled(page)
  await page.keyboard.press('1')
  // Voxels as they are; nothing over them.
  for (const key of ['s', 'b']) await page.keyboard.press(key)
  await settled(page)
  await setContrast(page, 0, 250)
  await picture(page, 'single').focus()
  await page.keyboard.press('v')
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption({ label: 'b.mrc' })
  const ofB = (await openVolumes(page)).find(({ name }) => name === 'b.mrc')?.contrast ?? { low: 0, high: 0 }
  const greyA = (x: number, y: number): number => grey(a(x, y, 2), 0, 250)
  const greyB = (x: number, y: number): number => grey(b(x, y, 2), ofB.low, ofB.high)
  const place = await voxelsOf(page, 'single', { x: 12, y: 8 })
  await page.keyboard.press('c')

  /** Every voxel's colour against the file that `otherAt` says is shown there. */
  const check = async (otherAt: (x: number, y: number) => boolean | null): Promise<{ ofA: number; ofB: number }> => {
    const pixels = await drawn(page, 'single')
    const count = { ofA: 0, ofB: 0 }
    for (let y = 1; y < size.y; y += 2)
      for (let x = 0; x < size.x; x++) {
        const at = place(x, y)
        const other = otherAt(at.x, at.y)
        if (other === null) continue
        const expected = other ? greyB(x, y) : greyA(x, y)
        expect(Math.abs(pixels.at(at.x, at.y)[0] - expected), `voxel ${x} ${y}`).toBeLessThanOrEqual(1)
        if (other) count.ofB++
        else count.ofA++
      }
    return count
  }
  /** Not within a few pixels of the line itself. */
  const beside = (line: number) => (x: number) => (Math.abs(x - line) < 16 ? null : x > line)

  await test.step('swipe: A left of the handle and B right of it, by mouse and by keyboard', async () => {
    const handle = page.getByRole('slider', { name: 'Swipe between A and B' })
    const width = (await picture(page, 'single').boundingBox())?.width ?? 0
    const half = await check(beside(width / 2))
    expect(half.ofA).toBeGreaterThan(20)
    expect(half.ofB).toBeGreaterThan(20)
    await handle.focus()
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight')
    await expect(handle).toHaveAttribute('aria-valuenow', '60')
    await check(beside(width * 0.6))
    const box = await handle.boundingBox()
    const frame = await picture(page, 'single').boundingBox()
    if (!box || !frame) throw new Error('no handle')
    await page.mouse.move(box.x, box.y + box.height / 3)
    await page.mouse.down()
    await page.mouse.move(frame.x + 0.35 * width, box.y + box.height / 3, { steps: 4 })
    await page.mouse.up()
    await expect(handle).toHaveAttribute('aria-valuenow', '35')
    await check(beside(width * 0.35))
    // The values under the pointer, whichever of the two is drawn there.
    const spot = place(3, 5)
    await picture(page, 'single').hover({ position: spot })
    const told = page.locator('.compared-values')
    await expect(told).toHaveAttribute('data-a', String(a(3, 5, 2)))
    await expect(told).toHaveAttribute('data-b', String(b(3, 5, 2)))
    await expect(told).toHaveAttribute('data-difference', String(a(3, 5, 2) - b(3, 5, 2)))
  })

  await test.step('checkerboard: the fields take turns, from the upper left', async () => {
    await mode(page, 'Checker').click()
    await fillField(page, 'Cell (px)', 70)
    const near = (at: number): boolean => Math.abs(((at + 35) % 70) - 35) < 3
    const shown = await check((x, y) =>
      near(x) || near(y) ? null : (Math.floor(x / 70) + Math.floor(y / 70)) % 2 === 1
    )
    expect(shown.ofA).toBeGreaterThan(40)
    expect(shown.ofB).toBeGreaterThan(40)
  })

  await test.step('flicker: both in turn, told by their letter; either can be kept', async () => {
    await mode(page, 'Flicker').click()
    const tag = page.locator('.compare-tag')
    await expect(tag).toHaveText('A a.mrc')
    await expect(tag).toHaveText('B b.mrc')
    await mode(page, 'B').click()
    await expect(mode(page, 'Play')).toBeVisible()
    await check(() => true)
    await picture(page, 'single').focus()
    await page.keyboard.press('j')
    await check(() => false)
  })

  await test.step('difference: the colours of the bar, as far below zero as above', async () => {
    await mode(page, 'A − B').click()
    await fillField(page, 'Range ±', 200)
    await expect(page.getByRole('group', { name: 'Colour bar: A − B (grey value)' })).toContainText('−200')
    const pixels = await drawn(page, 'single')
    const colours = colourTable('blue-red')
    for (let y = 0; y < size.y; y += 3)
      for (let x = 0; x < size.x; x++) {
        const at = place(x, y)
        const from = colourIndex(shareOfRange(a(x, y, 2) - b(x, y, 2), { low: -200, high: 200 })) * 4
        pixels.at(at.x, at.y).forEach((part, i) => expect(Math.abs(part - colours[from + i])).toBeLessThanOrEqual(2))
      }
    await page.getByRole('button', { name: 'Swap A and B' }).click()
    await expect(page.getByRole('combobox', { name: 'Compare with' }).locator('option:checked')).toHaveText('a.mrc')
    const swapped = await drawn(page, 'single')
    const at = place(20, 3)
    const from = colourIndex(shareOfRange(b(20, 3, 2) - a(20, 3, 2), { low: -200, high: 200 })) * 4
    swapped.at(at.x, at.y).forEach((part, i) => expect(Math.abs(part - colours[from + i])).toBeLessThanOrEqual(2))
    await page.getByRole('button', { name: 'Swap A and B' }).click()
    await violationsInBothThemes(page, 'difference')
  })

  await test.step('grids that differ are refused in words, with an offer where resampling helps', async () => {
    await openFile(await writeVolume(join(dataDir, 'bare.mrc'), { x: 20, y: 16, z: 4 }, null, a))
    const binned = await writeVolume(
      join(dataDir, 'binned.mrc'),
      { x: 12, y: 8, z: 2 },
      20,
      (x, y) => 10 * (2 * x + 0.5) + y
    )
    await openFile(binned)
    await settled(page)
    await page.getByRole('combobox', { name: 'Volume', exact: true }).selectOption({ label: 'a.mrc' })
    const choice = page.getByRole('combobox', { name: 'Compare with' })
    await choice.selectOption({ label: 'bare.mrc' })
    const refusal = page.locator('.compare-refusal')
    await expect(refusal).toContainText('a.mrc and bare.mrc can’t be compared voxel by voxel')
    await expect(refusal).toContainText('the size is 24 × 16 × 4 against 20 × 16 × 4 voxels')
    await expect(refusal).toContainText('bare.mrc tells no voxel size')
    await expect(refusal.getByRole('button')).toHaveCount(0)
    await choice.selectOption({ label: 'binned.mrc' })
    await expect(refusal).toContainText('the voxel size is 10 against 20 Å')
    await violationsInBothThemes(page, 'refused comparison')
    await refusal.getByRole('button', { name: 'Resample B onto A’s grid' }).click()
    await expect(refusal).toHaveCount(0)
    await expect(choice.locator('option:checked')).toHaveText('binned.mrc on the grid of a.mrc')
    // A ramp is exact: 10 (x + 0.0) against 10 x + y % 3, so that only y is left.
    await fillField(page, 'Range ±', 10)
    const pixels = await drawn(page, 'single')
    const colours = colourTable('blue-red')
    for (let x = 2; x < 22; x += 3) {
      const y = 6
      const resampled = 10 * x + (y - 0.5) / 2
      const from = colourIndex(shareOfRange(a(x, y, 2) - resampled, { low: -10, high: 10 })) * 4
      const at = place(x, y)
      pixels.at(at.x, at.y).forEach((part, i) => expect(Math.abs(part - colours[from + i])).toBeLessThanOrEqual(3))
    }
  })
})

test('four methods of one region, and a difference in units of the posterior SD', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(240_000)
  const tomogram = await writeFinishedRun(dataDir)
  await openFile(tomogram)
  await expect(page.locator('[data-role="mean"]')).toBeVisible()

  await test.step('what a method has made stands in its cell, the others say how to run them', async () => {
    await page.keyboard.press('4')
    await settled(page)
    const cells = page.locator('[data-pane]')
    await expect(cells).toHaveCount(4)
    await expect(page.locator('[data-pane="cryowgen-2"]')).toHaveAttribute('aria-label', /posterior mean · CryoWGEN-II/)
    for (const name of ['CryoGEN-I', 'CryoGEN-II', 'CryoWGEN-I'])
      await expect(page.getByRole('region', { name: `${name}, nothing of this region yet` })).toBeVisible()
    const cell = page.locator('[data-method="cryogen-2"]')
    await cell.getByRole('button', { name: 'Run CryoGEN-II for this region' }).click()
    await expect(cell).toContainText('CryoGEN-II is selected')
    const method = page.getByRole('group', { name: 'Methods' }).getByRole('button', { name: 'CryoGEN-II', exact: true })
    await expect(method).toHaveAttribute('aria-pressed', 'true')
    await expect(page.getByRole('textbox', { name: 'x from', exact: true })).toHaveValue(String(runRegion.x[0]))
    await violationsInBothThemes(page, 'four methods')
  })

  await test.step('the difference in SDs has the colours of its bar, and is hatched where the SD is zero', async () => {
    await page.keyboard.press('1')
    for (const key of ['s', 'b']) await page.keyboard.press(key)
    await page.locator('[data-role="mean"] .layer-name').click()
    await picture(page, 'single').focus()
    await page.keyboard.press('v')
    await page.getByRole('combobox', { name: 'Compare with' }).selectOption({ label: 'finished.mrc' })
    await mode(page, '(A − B) / SD').click()
    await expect(page.getByRole('group', { name: 'Colour bar: A − B (standard deviations)' })).toBeVisible()
    await fillField(page, 'z', 14)
    const place = await voxelsOf(page, 'single', { x: 20, y: 18 })
    await page.keyboard.press('c')
    const pixels = await drawn(page, 'single')
    const colours = colourTable('blue-red')
    for (let y = 11; y < 29; y += 3)
      for (let x = 7; x < 34; x += 2) {
        const at = place(x, y)
        const deviation = (meanValue(x, y, 14) - tomogramValue(x, y, 14)) / stdValue(x, y)
        const from = colourIndex(shareOfRange(deviation, { low: -3, high: 3 })) * 4
        pixels.at(at.x, at.y).forEach((part, i) => expect(Math.abs(part - colours[from + i])).toBeLessThanOrEqual(2))
      }
    const zero = place(8, 7)
    const stripes = new Set<string>()
    for (let i = 0; i < 8; i++) stripes.add(pixels.at(zero.x + i, zero.y).join())
    expect([...stripes].sort()).toEqual(['107,92,51', '61,54,36'])
  })
})
