import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { createMrc } from '../../packages/mrc-js/src/index.ts'
import { expect, test } from '../fixtures.ts'
import { picture, settled } from '../window-page.ts'

const size = { x: 32, y: 8, z: 32 }
/** Periods of the wave along x and z: 36.87 degrees from tilt 0. */
const wave = { x: 8, z: 6 }

/** One plane wave, so that all power lies in one direction; voxels of 10 Angstrom. */
async function writeWave(path: string): Promise<void> {
  const writer = await createMrc(path, { size, mode: 2, voxelSizeAngstrom: { x: 10, y: 10, z: 10 } })
  for (let z = 0; z < size.z; z++) {
    const section = new Float32Array(size.x * size.y)
    for (let i = 0; i < section.length; i++)
      section[i] = 100 + 20 * Math.cos(2 * Math.PI * ((wave.x * (i % size.x)) / size.x + (wave.z * z) / size.z))
    await writer.writeSection(section)
  }
  await writer.finish()
}

/** The brightest pixels of the spectrum pane's picture, from the left and the top. */
function brightest(page: Page): Promise<{ x: number; y: number; value: number }[]> {
  return page.locator('.spectrum-square canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    const pixels = Array.from({ length: canvas.width * canvas.height }, (_, i) => ({
      x: i % canvas.width,
      y: Math.floor(i / canvas.width),
      value: data[4 * i]
    }))
    return pixels.sort((a, b) => b.value - a.value).slice(0, 20)
  })
}

test('spectrum, curves and the glyph show a known direction; an edge that is dragged is the run’s wedge, and can be taken back', async ({
  page,
  openFile,
  dataDir
}) => {
  const path = join(dataDir, 'wave.mrc')
  await writeWave(path)
  // A single wave is no series: what was recorded is said beside it.
  await writeFile(join(dataDir, 'wave.tlt'), '-60\n0\n60\n')
  await openFile(path)
  await settled(page)

  await test.step('planes that contain the beam say what was not recorded', async () => {
    await expect(picture(page, 'xy').locator('.beam-glyph')).toHaveCount(0)
    const across = picture(page, 'xz').locator('.beam-glyph')
    await expect(across).toHaveAttribute('data-direction', '90')
    await expect(across).toHaveAttribute('data-cone', '30')
    // YZ is drawn with z to the right.
    await expect(picture(page, 'yz').locator('.beam-glyph')).toHaveAttribute('data-direction', '0')
    await across.hover()
    await expect(page.getByRole('tooltip')).toContainText('1.55 times as long along z')
    await page.keyboard.press('g')
    await expect(page.locator('.beam-glyph')).toHaveCount(0)
    await page.keyboard.press('g')
    await expect(across).toBeVisible()
  })

  await page.keyboard.press('1')
  await page.keyboard.press('Shift+S')
  const spectrum = page.locator('[data-spectrum]')
  await expect(spectrum).toHaveAttribute('data-settled', 'true')

  await test.step('the wave is where its frequency is, on axes in 1/nm', async () => {
    // Zero frequency is the middle of sample 16; row 0 is at the bottom.
    const near = (at: { x: number; y: number }, x: number, y: number): boolean =>
      Math.abs(at.x - x) <= 1 && Math.abs(at.y - y) <= 1
    for (const at of (await brightest(page)).filter(({ value }) => value > 250))
      expect(near(at, 16 + wave.x, 15 - wave.z) || near(at, 16 - wave.x, 15 + wave.z), JSON.stringify(at)).toBe(true)
    await expect(spectrum.locator('[data-axis="right"]')).toHaveText('kx (1/nm)')
    await expect(spectrum.locator('[data-axis="up"]')).toHaveText('kz (1/nm)')
    await page.getByRole('combobox', { name: 'Plane of Fourier space' }).selectOption('yz')
    await expect(spectrum.locator('[data-axis="right"]')).toHaveText('ky (1/nm)')
    await expect(spectrum.locator('.wedge-edge')).toHaveCount(0)
    await page.getByRole('combobox', { name: 'Plane of Fourier space' }).selectOption('xz')
  })

  await page.keyboard.press('Shift+D')
  const curves = page.locator('[data-curves]')
  await expect(curves).toHaveAttribute('data-settled', 'true')
  const share = curves.locator('tr[data-curve="raw"] td').last()

  await test.step('the curve has its power at the wave’s angle', async () => {
    const plot = page.getByRole('slider', { name: 'Power and variance against angle' })
    const readAt = async (degrees: number): Promise<number> => {
      const box = await plot.boundingBox()
      if (!box) throw new Error('no plot')
      const inner = { left: 58, width: box.width - 58 - 14 }
      await page.mouse.move(box.x + inner.left + ((degrees + 90) / 180) * inner.width, box.y + 40)
      await expect(curves.locator('.curves-readout')).toHaveAttribute('data-angle', String(degrees))
      return Number(await curves.locator('.curves-readout [data-curve="raw"]').getAttribute('data-exact'))
    }
    const atWave = await readAt(37)
    expect(atWave).toBeGreaterThan(1000 * (await readAt(-37)))
    expect(atWave).toBeGreaterThan(1000 * (await readAt(71)))
    // Inside of +-60 degrees: next to nothing lies in the wedge.
    expect(Number(await share.getAttribute('data-exact'))).toBeLessThan(0.01)
  })

  await test.step('dragging the edge below the wave puts it into the wedge, and undo takes it out', async () => {
    const to = page.getByRole('textbox', { name: 'Tilt to (°)' })
    const before = await to.inputValue()
    const over = await spectrum.locator('.spectrum-over').boundingBox()
    const knob = await spectrum.getByRole('slider', { name: 'Largest tilt' }).locator('circle').boundingBox()
    if (!over || !knob) throw new Error('no wedge')
    const middle = { x: over.x + (16.5 / 32) * over.width, y: over.y + (1 - 16.5 / 32) * over.height }
    await page.mouse.move(knob.x + knob.width / 2, knob.y + knob.height / 2)
    await page.mouse.down()
    const angle = (25 * Math.PI) / 180
    const radius = over.width * 0.4
    await page.mouse.move(middle.x + radius * Math.cos(angle), middle.y - radius * Math.sin(angle), { steps: 4 })
    await page.mouse.up()
    expect(Number(await to.inputValue())).toBeGreaterThan(23)
    expect(Number(await to.inputValue())).toBeLessThan(27)
    await expect.poll(async () => Number(await share.getAttribute('data-exact'))).toBeGreaterThan(0.99)
    await page.keyboard.press('Control+z')
    await expect(to).toHaveValue(before)
    await expect.poll(async () => Number(await share.getAttribute('data-exact'))).toBeLessThan(0.01)
  })
})
