import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  preparedRegion,
  preparedRunFiles,
  preparedTomogramFile
} from '../../src/engine/derived/testing/prepared-files.ts'
import { projectRoot } from '../../scripts/run-command.mjs'
import { decodeRaster, differenceOf, isWithinTolerance, openBaselines, type Raster } from '../baseline.ts'
import { expect, test } from '../fixtures.ts'
import { fillField, goTo, picture, setContrast, settled } from '../window-page.ts'
import { writeFloats } from './volumes.ts'

/** The window's content, and the part of a picture that is kept. */
const size = { width: 1200, height: 640 }
const crop = { width: 240, height: 180 }

/** The middle of an element, in whole pixels. */
async function middleOf(
  page: Page,
  selector: string,
  most: { width: number; height: number } = crop
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`${selector} is not on screen`)
  const width = Math.min(most.width, Math.floor(box.width))
  const height = Math.min(most.height, Math.floor(box.height))
  return {
    x: Math.round(box.x + (box.width - width) / 2),
    y: Math.round(box.y + (box.height - height) / 2),
    width,
    height
  }
}

test('what canvases draw is as it was', async ({ program, page, dataDir }) => {
  await page.setViewportSize(size)
  const path = await preparedTomogramFile(dataDir, writeFloats)
  await preparedRunFiles(path, writeFloats, 'cryowgen-2-1')
  await program.openFile(path)
  await settled(page)
  await page.locator('[data-role="mean"] .layer-name').first().click()
  if ((await page.locator('html').getAttribute('data-theme')) === 'light') await page.keyboard.press('t')
  await page.keyboard.press('Control+b')
  const { compare } = await openBaselines(program)

  const slices = async (name: string): Promise<void> => {
    await page.mouse.move(5, 5)
    await settled(page)
    await compare(name, await middleOf(page, '[data-picture="single"]'))
  }

  await goTo(page, { x: 20, y: 17, z: preparedRegion.z[0] + 9 })
  await picture(page, 'xy').focus()
  await page.keyboard.press('1')
  await setContrast(page, 85, 165)
  // The colour bar takes its place before anything is kept.
  await page.getByRole('combobox', { name: 'Map drawn as overlay' }).selectOption({
    label: 'posterior SD · CryoWGEN-II'
  })
  await page.getByRole('checkbox', { name: 'on', exact: true }).uncheck()

  await test.step('slices, blended and voxel by voxel', async () => {
    await slices('slice-blended')
    await page.keyboard.press('s')
    await slices('slice')
  })

  await test.step('overlay with contour lines, muted colours and their key', async () => {
    await page.getByRole('checkbox', { name: 'on', exact: true }).check()
    await fillField(page, 'to', 14)
    await page.getByRole('textbox', { name: 'Contours at' }).fill('6, 8, 10')
    await page.getByRole('textbox', { name: 'Contours at' }).press('Enter')
    await slices('overlay')
    await page.getByRole('button', { name: 'Mute uncertain values' }).click()
    await slices('muted')
    await compare('muted-key', await middleOf(page, '.palette-key svg', size))
    await page.getByRole('checkbox', { name: 'on', exact: true }).uncheck()
  })

  await test.step('two volumes in one pane', async () => {
    await picture(page, 'single').focus()
    await page.keyboard.press('v')
    await page.getByRole('button', { name: 'Checker', exact: true }).click()
    await slices('checkerboard')
    await page.getByRole('button', { name: '(A − B) / SD', exact: true }).click()
    await slices('deviation')
    await page.keyboard.press('v')
  })

  await test.step('3-D, in a small pane', async () => {
    await page.keyboard.press('2')
    await page.locator('[data-pane="yz"]').getByRole('combobox', { name: 'Plane' }).selectOption('volume')
    const view = page.locator('[data-volume-picture]')
    await view.focus()
    const draw = page.locator('select:has(option[value="direct"])')
    await page.getByLabel('Background').selectOption('black')
    const drawn = async (name: string): Promise<void> => {
      await page.mouse.move(5, 5)
      await expect(view).toHaveAttribute('data-settled', 'true')
      await compare(name, await middleOf(page, '[data-volume-picture]'))
    }
    await draw.selectOption('maximum')
    await drawn('maximum')
    await draw.selectOption('average')
    await drawn('average')
    await draw.selectOption('direct')
    await drawn('direct')
    await draw.selectOption('surface')
    await page.getByLabel('Colour by').selectOption({ label: 'posterior SD · CryoWGEN-II' })
    await drawn('surface')
  })
})

/** Whatever the browser, a difference that a person could see is one: of every picture that is kept. */
test('the tolerance lets no real difference pass', async () => {
  const folder = join(projectRoot, 'e2e', 'baselines')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png'))
  expect(names.length).toBeGreaterThan(7)
  for (const name of names) {
    const kept = decodeRaster(await readFile(join(folder, name)))
    const changed: Readonly<Record<string, Raster>> = {
      'shifted by a pixel': { ...kept, rgb: kept.rgb.map((_, i) => kept.rgb[i + 3] ?? 0) },
      'two levels brighter': { ...kept, rgb: kept.rgb.map((part) => Math.min(255, part + 2)) },
      'red and blue exchanged': { ...kept, rgb: kept.rgb.map((_, i) => kept.rgb[i + 2 - 2 * (i % 3)]) },
      'a corner missing': {
        ...kept,
        rgb: kept.rgb.map((part, i) =>
          Math.floor(i / 3) % kept.width < kept.width / 2 && i / 3 / kept.width < kept.height / 2 ? 255 - part : part
        )
      }
    }
    expect(isWithinTolerance(differenceOf(kept, kept))).toBe(true)
    for (const [how, raster] of Object.entries(changed)) {
      // Greys stay greys whichever way their parts are exchanged.
      if (how.startsWith('red') && differenceOf(kept, raster).largest < 3) continue
      expect(isWithinTolerance(differenceOf(kept, raster)), `${name}, ${how}`).toBe(false)
    }
  }
})
