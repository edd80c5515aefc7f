import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { startBrowserProgram } from '../browser-program.ts'
import { startDesktopProgram } from '../desktop-program.ts'
import type { ProgramStart, RunningProgram, Target } from '../running-program.ts'
import { decodePixels, type Pixels } from '../window-page.ts'

/** What specs of sessions do and read in the window. */

export function startProgram(target: Target, start: ProgramStart): Promise<RunningProgram> {
  return target === 'electron' ? startDesktopProgram(start) : startBrowserProgram(start)
}

/** Saves the session under a name in `folder`, which the list of files shows first, as a person does in either target. */
export async function saveSessionAs({ page, desktop }: RunningProgram, folder: string, name: string): Promise<void> {
  await desktop?.evaluate(
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    },
    join(folder, name)
  )
  await page.keyboard.press('Control+Shift+s')
  if (!desktop) {
    const dialog = page.getByRole('dialog', { name: 'Save session' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
    await expect(dialog.locator('.file-path')).toContainText(folder)
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(dialog).toHaveCount(0)
  }
  await expect(page).toHaveTitle(savedTitle(name))
}

const nameOf = (file: string): string => file.replace('.wedgeview', '')
export const savedTitle = (file: string): string => `${nameOf(file)} – Wedgeview`
export const changedTitle = (file: string): string => `• ${nameOf(file)} – Wedgeview`

/** The position in the corner pane. The read-out below is of the voxel under the pointer, which on a desktop rests where it likes. */
export async function crosshair(page: Page): Promise<number[]> {
  const fields = page.getByRole('region', { name: 'Position of the crosshair' })
  const at = (axis: string): Promise<string> => fields.getByRole('textbox', { name: axis, exact: true }).inputValue()
  return [Number(await at('x')), Number(await at('y')), Number(await at('z'))]
}

/** What the window tells of what is shown: positions, numbers, names. */
export async function readOuts(page: Page): Promise<Record<string, unknown>> {
  const field = (name: string): Promise<string> => page.getByRole('textbox', { name, exact: true }).inputValue()
  const each = (locator: Locator, attribute: string): Promise<(string | null)[]> =>
    locator.evaluateAll((elements, name) => elements.map((element) => element.getAttribute(name)), attribute)
  const places = await page.locator('[data-pane]').evaluateAll((panes) =>
    panes.map((pane) => {
      const { x, y, width, height } = pane.getBoundingClientRect()
      return [x, y, width, height].map(Math.round)
    })
  )
  return {
    crosshair: await crosshair(page),
    values: await page.locator('.layer-value').allInnerTexts(),
    panes: await each(page.locator('[data-pane]'), 'aria-label'),
    places,
    scales: await each(page.locator('[data-picture]'), 'data-scale'),
    contrast: [await field('Black'), await field('White')],
    region: [await field('x from'), await field('x to'), await field('z to')],
    lengths: await each(page.locator('.measure[data-measure]'), 'data-measure')
  }
}

/** The colours of a part of the page, without what it shows to a pointer or a focus in it. */
export async function colours(page: Page, part: Locator): Promise<Pixels> {
  await page.mouse.move(5, 5)
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  await page.waitForFunction(() => document.getAnimations().length === 0)
  return decodePixels(await part.screenshot({ scale: 'css' }))
}

/** Share of the pixels whose green differs by more than a level of rounding. */
export function differingShare(a: Pixels, b: Pixels): number {
  if (a.width !== b.width || a.height !== b.height) return 1
  let differing = 0
  for (let y = 0; y < a.height; y++)
    for (let x = 0; x < a.width; x++) if (Math.abs(a.at(x, y)[1] - b.at(x, y)[1]) > 2) differing++
  return differing / (a.width * a.height)
}
