import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { projectRoot } from '../../scripts/run-command.mjs'
import { expect, test } from '../fixtures.ts'
import { fillField, goTo, picture, saveTo, settled } from '../window-page.ts'
import { saveSessionAs } from './session-page.ts'
import { chooseMethods, chooseSteps, openSampleRegion, run, runEnded } from './sample-run.ts'

const folder = join(projectRoot, 'docs', 'images')
/** Of the window's content: small enough that a page of the guide can show it in full. */
const size = { width: 1240, height: 780 }
const byteLimit = 400_000
/** A piece of the microtubule, from top to bottom of the tomogram: its XZ slices show the ring and what the wedge does to it. */
const tube = { x: [34, 80], y: [76, 98], z: [0, 36] } as const
const middle = { x: 57, y: 87, z: 18 }

/** Takes the picture `name` of the guide: of the window, or of a part of it. */
async function take(page: Page, name: string, part?: Locator): Promise<void> {
  await page.mouse.move(5, 5)
  // A focus ring is for whoever types.
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  await settled(page)
  await page.waitForFunction(() => document.getAnimations().length === 0)
  const path = join(folder, `${name}.png`)
  await (part ?? page).screenshot({ path })
  expect((await stat(path)).size, `${name}.png`).toBeLessThan(byteLimit)
}

/** Scrolls the settings so that a section begins at the top. */
async function scrollTo(page: Page, section: string): Promise<void> {
  const heading = page.locator('.panel-right').getByText(section, { exact: true }).first()
  await heading.evaluate((element) => element.closest('section')?.scrollIntoView({ block: 'start' }))
}

const toggleVolumes = 'Control+b'
const toggleSettings = 'Control+Alt+b'
const workspace = (page: Page): Locator => page.locator('.workspace')
const plane = (page: Page, pane: string): Locator =>
  page.locator(`[data-pane="${pane}"]`).getByRole('combobox', { name: 'Plane' })

/** The pictures of docs/images: a tour of the desktop program, from the tomogram to the figure, on one run of two methods. */
test('pictures for the guide', async ({ program, page, openFile, dataDir }) => {
  test.setTimeout(500_000)
  await mkdir(folder, { recursive: true })
  // The menu bar takes its room when it comes: the content's size is asked for until it stays.
  await expect
    .poll(async () => {
      await program.desktop?.evaluate(
        ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0].setContentSize(width, height),
        size
      )
      return page.evaluate(() => ({ width: window.innerWidth, height: window.innerHeight }))
    })
    .toEqual(size)
  await openSampleRegion(page, openFile, dataDir)
  if ((await page.locator('html').getAttribute('data-theme')) === 'light')
    await page.getByRole('button', { name: 'Dark or light theme' }).click()

  await test.step('open', async () => {
    for (const axis of ['x', 'y', 'z'] as const) {
      await fillField(page, `${axis} from`, 0)
      await fillField(page, `${axis} to`, tube[axis][1])
      await fillField(page, `${axis} from`, tube[axis][0])
    }
    await goTo(page, middle)
    await page.getByRole('combobox', { name: 'Bundle' }).selectOption({ label: 'microtubule 1.2.0' })
    await chooseMethods(page, ['CryoGEN-I', 'CryoWGEN-II'])
    await expect(page.getByText(/^About .* [kMG]B$/)).toBeVisible({ timeout: 60_000 })
    await page.locator('.panel-right .panel-scroll').evaluate((panel) => panel.scrollTo(0, 0))
    await take(page, 'window')
  })

  await test.step('wedge', async () => {
    await page.keyboard.press('1')
    await plane(page, 'single').selectOption('xz')
    await page.keyboard.press(toggleVolumes)
    await picture(page, 'single').focus()
    await page.keyboard.press('Shift+S')
    await expect(page.locator('[data-spectrum]')).toHaveAttribute('data-settled', 'true')
    await scrollTo(page, 'Missing wedge')
    await take(page, 'wedge')
    await page.keyboard.press(toggleVolumes)
  })

  await test.step('run and compare', async () => {
    // A few draws more than the bundle's own: enough to tell that the chains don't agree yet, which the guide shows.
    await chooseSteps(page, { steps: 60, burnIn: 30, chains: 4 })
    await run(page)
    await runEnded(page, 'CryoGEN-I', 'done')
    await runEnded(page, 'CryoWGEN-II', 'done')
    await page.keyboard.press('3')
    await scrollTo(page, 'Region of interest')
    await take(page, 'run')
    await page.getByRole('region', { name: 'Run CryoWGEN-II' }).getByRole('button', { name: 'Diagnostics' }).click()
    const dialog = page.getByRole('dialog', { name: /^Diagnostics of/ })
    await expect(dialog.locator('.series-plot').first()).toBeVisible()
    await take(page, 'diagnostics', dialog)
    await page.keyboard.press('Escape')
    await page.keyboard.press(toggleSettings)
    await take(page, 'compare')
  })

  await test.step('what the prior filled in', async () => {
    await picture(page, 'compare-3').focus()
    await page.keyboard.press('o')
    await page.keyboard.press('d')
    await page.keyboard.press('d')
    await expect(page.locator('[data-pane="compare-3"]')).toHaveAccessibleName(/filled-in part/)
    await take(page, 'filled-in', workspace(page))
    await page.keyboard.press('d')
    await page.keyboard.press('o')
  })

  await test.step('swipe, and muted colours', async () => {
    await page.keyboard.press('1')
    await page.locator('[data-role="mean"] .layer-name').click()
    await picture(page, 'single').focus()
    await page.keyboard.press('Shift+F')
    await page.keyboard.press('o')
    await page.keyboard.press('v')
    await expect(page.getByRole('slider', { name: 'Swipe between A and B' })).toBeVisible()
    await take(page, 'swipe', workspace(page))
    await page.keyboard.press('v')
    await page.keyboard.press('o')
    await page.keyboard.press(toggleSettings)
    await page.getByRole('button', { name: 'Mute uncertain values' }).click()
    await scrollTo(page, 'Overlay')
    await take(page, 'muted')
    await page.getByRole('button', { name: 'Over grey values' }).click()
    await page.keyboard.press(toggleSettings)
  })

  await test.step('the family', async () => {
    await page.keyboard.press('f')
    const members = page.getByRole('list', { name: 'Members' }).locator('canvas')
    await expect(members.first()).toBeVisible()
    for (const canvas of await members.all()) await expect(canvas).toHaveAttribute('data-settled', 'true')
    await expect(page.getByRole('region', { name: 'Distribution at the crosshair' })).toHaveAttribute(
      'data-settled',
      'true'
    )
    await take(page, 'family', workspace(page))
    await page.keyboard.press('f')
  })

  await test.step('directions', async () => {
    await page.keyboard.press(toggleVolumes)
    await picture(page, 'single').focus()
    await page.keyboard.press('Shift+S')
    await page.getByRole('combobox', { name: 'Spectrum of' }).selectOption({ label: 'members − mean · CryoWGEN-II' })
    await expect(page.locator('[data-spectrum]')).toHaveAttribute('data-settled', 'true')
    await page.keyboard.press('Shift+D')
    await expect(page.locator('[data-curves]')).toHaveAttribute('data-settled', 'true')
    await take(page, 'directions', workspace(page))
  })

  await test.step('in 3-D', async () => {
    await page.keyboard.press('1')
    await picture(page, 'single').focus()
    await page.keyboard.press('Alt+r')
    await page.locator('[data-pane^="pane-"]').getByRole('combobox', { name: 'Plane' }).selectOption('volume')
    await page.keyboard.press(toggleSettings)
    const view = page.locator('[data-volume-picture]')
    await view.focus()
    await page.getByLabel('Colour by').selectOption({ label: 'posterior SD · CryoWGEN-II' })
    await fillField(page, 'Level', 125)
    await page.getByRole('button', { name: 'XZ', exact: true }).click()
    await page.getByRole('button', { name: 'Fit', exact: true }).click()
    const box = await view.boundingBox()
    if (!box) throw new Error('the 3-D pane is not on screen')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 60, y + 45, { steps: 3 })
    await page.mouse.up()
    await expect(view).toHaveAttribute('data-settled', 'true', { timeout: 120_000 })
    await take(page, 'volume')
  })

  await test.step('movie', async () => {
    await page.locator('[data-volume-picture]').focus()
    await page.keyboard.press('Control+Shift+m')
    const dialog = page.getByRole('dialog', { name: 'Save movie' })
    await dialog.getByRole('slider', { name: 'Frame of the preview' }).fill('8')
    const preview = dialog.getByRole('img', { name: 'Preview of a frame' })
    await expect(preview).toHaveAttribute('data-frame', '8', { timeout: 120_000 })
    await expect(dialog.getByText(/^H\.264|^This program can’t encode/)).toBeVisible()
    await take(page, 'movie', dialog)
    await page.keyboard.press('Escape')
  })

  await test.step('figure', async () => {
    await page.keyboard.press('3')
    await settled(page)
    await page.keyboard.press('Control+Shift+f')
    const dialog = page.getByRole('dialog', { name: 'Save figure' })
    await dialog
      .getByRole('button', { name: /^Mean|posterior mean/ })
      .first()
      .click()
    await expect(dialog.locator('.figure-preview')).toHaveAttribute('data-settled', 'true', { timeout: 60_000 })
    await take(page, 'figure-editor', dialog)
    await fillField(page, 'Resolution (dpi)', 200)
    await saveTo(program, join(folder, 'figure.png'), () => dialog.getByRole('button', { name: 'Save…' }).click())
    expect((await stat(join(folder, 'figure.png'))).size).toBeLessThan(byteLimit)
  })

  await test.step('session', async () => {
    await saveSessionAs(program, dataDir, 'ring of the tube.wedgeview')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find a command' }).fill('open a recent')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Open a recent file' })
    const folders = dialog.locator('.recent-folder bdi')
    await expect(folders).toHaveCount(2)
    // A test's folder is nobody's.
    await folders.evaluateAll((shown) => shown.forEach((element) => (element.textContent = '/data/tubes')))
    await take(page, 'session', dialog)
    // Whatever has changed since: the program under test ends without a question.
    await program.desktop?.evaluate(({ dialog: native }) => {
      native.showMessageBox = async () => ({ response: 1, checkboxChecked: false })
    })
  })
})
