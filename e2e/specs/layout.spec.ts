import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { createMrc } from '../../packages/mrc-js/src/index.ts'
import { expect, test } from '../fixtures.ts'
import { sampleTomogram } from '../samples.ts'
import { goTo, picture, pixelsOf, readVoxel, setContrast, settled } from '../window-page.ts'
import { violationsInBothThemes } from './axe.ts'
import { writeFinishedRun } from './finished-run.ts'

async function widthOf(page: Page, pane: string): Promise<number> {
  return (await page.locator(`[data-pane="${pane}"]`).boundingBox())?.width ?? 0
}

async function dragBy(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 })
  await page.mouse.move(to.x, to.y, { steps: 3 })
  await page.mouse.up()
}

async function middleOf(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`no ${selector}`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

const linkMenu = async (page: Page, pane: string, choice: string): Promise<void> => {
  await page.locator(`[data-pane="${pane}"] .link-badge`).click()
  await page.getByRole('group', { name: 'Link group' }).getByRole('button', { name: choice, exact: true }).click()
  await page.keyboard.press('Escape')
}

const scaleOf = async (page: Page, pane: string): Promise<number> =>
  Number(await picture(page, pane).getAttribute('data-scale'))

/** Which slice a pane has on screen. */
const sliceOf = async (page: Page, pane: string): Promise<number> =>
  Number(((await picture(page, pane).getAttribute('data-shown')) ?? '').split(':')[2])

test.describe('the sample tomogram', () => {
  test.use({ files: [sampleTomogram] })

  test('panes are resized, split, moved, closed and linked', async ({ page }) => {
    test.setTimeout(240_000)
    await settled(page)

    await test.step('a boundary is dragged, moved by keys and evened out; the rows of the planes stay in line', async () => {
      const line = page.getByRole('separator', { name: 'Boundary between XY and YZ' })
      const first = await widthOf(page, 'xy')
      const from = await middleOf(page, '[data-boundary="planes-below/0"]')
      await dragBy(page, from, { x: from.x - 100, y: from.y })
      await expect.poll(async () => Math.abs((await widthOf(page, 'xy')) - (first - 100))).toBeLessThan(3)
      expect(await widthOf(page, 'xz')).toBe(await widthOf(page, 'xy'))
      const dragged = Number(await line.getAttribute('aria-valuenow'))
      await line.focus()
      await page.keyboard.press('ArrowRight')
      await expect.poll(async () => Math.abs((await widthOf(page, 'xy')) - (first - 88))).toBeLessThan(3)
      expect(Number(await line.getAttribute('aria-valuenow'))).toBeGreaterThan(dragged)
      await page.keyboard.press('Home')
      await expect.poll(async () => Math.abs((await widthOf(page, 'xy')) - 120)).toBeLessThan(2)
      expect(await line.getAttribute('aria-valuenow')).toBe(await line.getAttribute('aria-valuemin'))
      await page.locator('[data-boundary="planes-below/0"]').dblclick()
      await expect.poll(() => widthOf(page, 'xy')).toBe(first)
      await settled(page)
      // The picture fits its new room again.
      const cross = picture(page, 'xy').locator('.crosshair')
      expect(Number(await cross.getAttribute('data-x'))).toBeGreaterThan(0)
    })

    await test.step('split by key; the header dragged onto the middle swaps, onto an edge moves; closed by key', async () => {
      await picture(page, 'xy').focus()
      await page.keyboard.press('Alt+r')
      await settled(page)
      await expect(page.locator('[data-pane="pane-1"]')).toBeVisible()
      const left = async (pane: string) => (await page.locator(`[data-pane="${pane}"]`).boundingBox())?.x ?? 0
      expect(await left('pane-1')).toBeGreaterThan(await left('xy'))

      const header = (pane: string) => middleOf(page, `[data-pane="${pane}"] .pane-grip`)
      const before = await left('xy')
      await dragBy(page, await header('pane-1'), await middleOf(page, '[data-pane="xy"]'))
      await expect.poll(() => left('pane-1')).toBe(before)
      expect(await left('xy')).toBeGreaterThan(before)

      const box = await page.locator('[data-pane="xz"]').boundingBox()
      if (!box) throw new Error('no pane')
      await dragBy(page, await header('pane-1'), { x: box.x + box.width - 12, y: box.y + box.height / 2 })
      await expect.poll(async () => (await page.locator('[data-pane="pane-1"]').boundingBox())?.y).toBe(box.y)
      await settled(page)

      await picture(page, 'pane-1').focus()
      await page.keyboard.press('Alt+Shift+ArrowLeft')
      await expect.poll(() => left('pane-1')).toBe(box.x)
      await page.keyboard.press('Alt+x')
      await expect(page.locator('[data-pane="pane-1"]')).toHaveCount(0)
      await expect(page.locator('[data-pane]')).toHaveCount(4)
      await settled(page)
    })

    await test.step('linked panes move and zoom together; a pane alone stays, and has a contrast of its own', async () => {
      await page.keyboard.press('1')
      await page.getByRole('combobox', { name: 'Plane' }).selectOption('xy')
      await picture(page, 'single').focus()
      await page.keyboard.press('Alt+r')
      await settled(page)
      const steps = async (key: string, times: number): Promise<void> => {
        for (let i = 0; i < times; i++) await page.keyboard.press(key)
        await settled(page)
      }
      await picture(page, 'pane-1').focus()
      await steps('PageUp', 3)
      expect([await sliceOf(page, 'single'), await sliceOf(page, 'pane-1')]).toEqual([21, 21])
      await steps('=', 2)
      expect(await scaleOf(page, 'single')).toBe(await scaleOf(page, 'pane-1'))

      await linkMenu(page, 'pane-1', 'alone')
      const scale = await scaleOf(page, 'single')
      await picture(page, 'pane-1').focus()
      await steps('PageUp', 4)
      await steps('=', 1)
      expect([await sliceOf(page, 'single'), await sliceOf(page, 'pane-1')]).toEqual([21, 25])
      expect(await scaleOf(page, 'single')).toBe(scale)
      expect(await scaleOf(page, 'pane-1')).toBeGreaterThan(scale)

      for (const key of ['c', 'b']) await page.keyboard.press(key)
      await setContrast(page, 400, 500)
      await settled(page)
      const dark = await pixelsOf(page, 'pane-1')
      const normal = await pixelsOf(page, 'single')
      expect(dark.at(dark.width / 2, dark.height / 2)[0]).toBe(0)
      const greys = Array.from({ length: 40 }, (_, i) => normal.at(normal.width / 2 + i, normal.height / 2)[0])
      expect(Math.max(...greys)).toBeGreaterThan(100)

      await linkMenu(page, 'pane-1', 'Group A')
      await settled(page)
      expect([await sliceOf(page, 'single'), await sliceOf(page, 'pane-1')]).toEqual([21, 21])
      expect(await scaleOf(page, 'pane-1')).toBe(scale)
    })

    await test.step('the pane’s menu', async () => {
      await page.locator('[data-pane="pane-1"] .link-badge').click()
      await violationsInBothThemes(page, 'pane menu')
      await page.keyboard.press('Escape')
    })
  })
})

test('another tomogram in a linked pane follows by way of nm; the family stands in a strip', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(240_000)
  const half = join(dataDir, 'binned.mrc')
  const writer = await createMrc(half, {
    size: { x: 20, y: 18, z: 10 },
    mode: 2,
    voxelSizeAngstrom: { x: 20, y: 20, z: 20 }
  })
  for (let z = 0; z < 10; z++)
    await writer.writeSection(Float32Array.from({ length: 360 }, (_, i) => z * 10 + (i % 20)))
  await writer.finish()
  await openFile(half)
  await settled(page)
  await openFile(await writeFinishedRun(dataDir))
  await expect(page.locator('[data-role="mean"]')).toBeVisible()

  await test.step('position and zoom in nm', async () => {
    await goTo(page, { x: 30, y: 9, z: 12 })
    await picture(page, 'xy').focus()
    await page.keyboard.press('Alt+r')
    await page
      .locator('[data-pane="pane-1"]')
      .getByRole('combobox', { name: 'Volume' })
      .selectOption({ label: 'binned.mrc' })
    await settled(page)
    expect(await sliceOf(page, 'pane-1')).toBe(6)
    await picture(page, 'xy').focus()
    for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp')
    await settled(page)
    expect([await sliceOf(page, 'xy'), await sliceOf(page, 'pane-1')]).toEqual([17, 8])
    // Twice the voxel, twice the pixels a voxel.
    expect(await scaleOf(page, 'pane-1')).toBeCloseTo(2 * (await scaleOf(page, 'xy')), 6)
    await picture(page, 'pane-1').focus()
    await page.keyboard.press('PageDown')
    await settled(page)
    expect(await readVoxel(page)).toEqual({ x: 15, y: 4, z: 7 })
    await picture(page, 'xy').focus()
    expect((await readVoxel(page)).z).toBe(15)
  })

  await test.step('the mean above, its members below', async () => {
    await page.keyboard.press('5')
    await settled(page)
    await expect(page.locator('[data-pane]')).toHaveCount(4)
    const names = await page
      .getByRole('combobox', { name: 'Volume' })
      .evaluateAll((selects) => selects.map((select) => (select as HTMLSelectElement).selectedOptions[0].text))
    expect(names.map((name) => name.replace(/ · .*/, ''))).toEqual([
      'posterior mean',
      'member 1',
      'member 2',
      'member 3'
    ])
    const [mean, member] = await Promise.all(
      ['family-mean', 'member-2'].map((pane) => page.locator(`[data-pane="${pane}"]`).boundingBox())
    )
    expect((member?.y ?? 0) >= (mean?.y ?? 0) + (mean?.height ?? 0)).toBe(true)
    await page.mouse.move(5, 5)
    await violationsInBothThemes(page, 'family')
  })
})
