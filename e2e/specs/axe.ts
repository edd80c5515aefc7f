import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Expects WCAG A and AA of the screen as it is, in the theme that it has. */
export async function passesAxe(page: Page, screen: string): Promise<void> {
  await withoutMotion(page)
  const theme = await page.locator('html').getAttribute('data-theme')
  // Electron's windows can't be opened by axe itself, which its legacy mode does not need.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} (${failureSummary})`)
  )
  expect(found, `${screen}, ${theme}`).toEqual([])
}

export async function otherTheme(page: Page): Promise<void> {
  await withoutMotion(page)
  const theme = await page.locator('html').getAttribute('data-theme')
  await page.getByRole('button', { name: 'Dark or light theme' }).click()
  await page.mouse.move(5, 5)
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', theme ?? '')
}

/** A colour on its way to another has a contrast of its own, and whether one still is can't be told for sure. */
async function withoutMotion(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.waitForFunction(() => document.getAnimations().length === 0)
}

/** Expects WCAG A and AA of the screen as it is, in one theme and in the other; ends in the first. */
export async function violationsInBothThemes(page: Page, screen: string): Promise<void> {
  for (let i = 0; i < 2; i++) {
    await passesAxe(page, screen)
    await otherTheme(page)
  }
}
