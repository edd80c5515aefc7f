import { expect, type Locator, type Page } from '@playwright/test'
import type { RunningProgram } from '../running-program.ts'

/** What specs of movies do in the dialog. */

/** Frames are drawn in software, on a machine that may do other things too. */
export const movieTimeout = 90_000

export async function openMovie(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+Shift+m')
  const dialog = page.getByRole('dialog', { name: 'Save movie' })
  await expect(dialog).toBeVisible()
  return dialog
}

export async function fill(dialog: Locator, name: string | RegExp, value: number): Promise<void> {
  const field = dialog.getByRole('textbox', { name, exact: true })
  await field.fill(String(value))
  await field.press('Tab')
}

/** A small movie without anything written on it. */
export async function makePlain(dialog: Locator, size: { width: number; height: number }): Promise<void> {
  await fill(dialog, 'Width (px)', size.width)
  await fill(dialog, 'Height (px)', size.height)
  await dialog.getByLabel('Background').selectOption('black')
  await dialog.getByLabel('Caption').fill('')
  for (const written of await dialog.locator('.movie-written').getByRole('checkbox').all()) await written.uncheck()
}

/** Makes the movie that the dialog describes; frames are drawn in software, on a machine that may do other things too. */
export async function save({ page, desktop }: RunningProgram, format: string, path: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Save movie' })
  await dialog.getByLabel('Format').selectOption(format)
  const button = dialog.getByRole('button', { name: 'Save…' })
  await expect(button).toBeEnabled({ timeout: movieTimeout })
  await desktop?.evaluate(({ dialog: native }, filePath) => {
    native.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  const downloading = desktop ? null : page.waitForEvent('download', { timeout: movieTimeout })
  await button.click()
  await expect(dialog).toBeHidden({ timeout: movieTimeout })
  await (await downloading)?.saveAs(path)
  await expect(page.getByRole('group', { name: 'Movie in work' })).toBeHidden({ timeout: movieTimeout })
}
