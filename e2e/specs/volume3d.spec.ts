import { join } from 'node:path'
import { expect, test } from '../fixtures.ts'
import { setContrast, settled, type Pixels } from '../window-page.ts'
import { drawn, fittedScale, lightOn, setSlider, show3d } from './volume3d-page.ts'
import { writeBall, writeSlab } from './volumes.ts'

test('an isosurface: radius, normals and light against the closed form, non-cubic voxels', async ({
  page,
  openFile,
  dataDir
}) => {
  const path = join(dataDir, 'ball.mrc')
  await writeBall(path)
  await openFile(path)
  await show3d(page)
  const level = page.getByRole('textbox', { name: 'Level', exact: true })
  await level.fill('2')
  await level.press('Enter')
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  const pixels = await drawn(page)
  const scale = fittedScale(pixels, Math.hypot(40, 36, 48))
  const radius = 10 * scale
  const middle = { x: pixels.width / 2, y: pixels.height / 2 }
  let covered = 0
  for (let y = 0; y < pixels.height; y++)
    for (let x = 0; x < pixels.width - 80; x++) if (pixels.at(x, y)[0] > 20) covered++
  // The scale bar's and the glyphs' own pixels lie outside of the ball.
  expect(Math.abs(Math.sqrt(covered / Math.PI) - radius)).toBeLessThan(0.03 * radius)

  for (const [right, up] of [
    [0, 0],
    [0.5, 0],
    [-0.4, 0.5],
    [0.1, -0.7]
  ]) {
    const normal = [right, up, Math.sqrt(1 - right * right - up * up)]
    const expected = lightOn(normal, 0.8)
    const seen = pixels.at(middle.x + right * radius, middle.y - up * radius)[1]
    expect(Math.abs(seen - 255 * expected), `light at ${right}, ${up}`).toBeLessThan(8)
  }
})

test('maximum, average and volume of a slab against the closed form', async ({ page, openFile, dataDir }) => {
  const path = join(dataDir, 'slab.mrc')
  await writeSlab(path)
  await openFile(path)
  await settled(page)
  await setContrast(page, 0, 10)
  await show3d(page)
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  const draw = page.getByLabel('Draw')
  const at = (pixels: Pixels, x: number, y: number): number => {
    const scale = fittedScale(pixels, Math.hypot(32, 32, 24))
    return pixels.at(pixels.width / 2 + (x - 16) * scale, pixels.height / 2 - (y - 16) * scale)[0]
  }

  await draw.selectOption('maximum')
  let pixels = await drawn(page)
  expect(Math.abs(at(pixels, 8, 20) - 0.6 * 255)).toBeLessThanOrEqual(1)
  expect(at(pixels, 24, 20)).toBe(0)

  await draw.selectOption('average')
  pixels = await drawn(page)
  expect(Math.abs(at(pixels, 8, 20) - 0.2 * 255)).toBeLessThanOrEqual(4)
  expect(at(pixels, 24, 20)).toBe(0)

  // Pointing at another pane on the way to the panel doesn't take the panel away.
  await page.locator('[data-picture="xy"]').hover()
  // A front cut by three quarters of the depth leaves nothing of the slab.
  await setSlider(page, 'Cut front', 0.75)
  pixels = await drawn(page)
  expect(at(pixels, 8, 20)).toBe(0)
  await setSlider(page, 'Cut front', 0)

  await page.getByRole('textbox', { name: 'z kept from' }).fill('50')
  await page.getByRole('textbox', { name: 'z kept from' }).press('Enter')
  await page.getByRole('textbox', { name: 'z kept to' }).fill('60')
  await page.getByRole('textbox', { name: 'z kept to' }).press('Enter')
  pixels = await drawn(page)
  expect(Math.abs(at(pixels, 8, 20) - 0.6 * 255)).toBeLessThanOrEqual(2)
})
