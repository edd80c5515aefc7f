import { expect, test } from '../fixtures.ts'
import { settled } from '../window-page.ts'
import { passesAxe, violationsInBothThemes } from './axe.ts'
import { chooseMethods, chooseSteps, openSampleRegion, run, runEnded } from './sample-run.ts'

test('every screen and dialog passes axe in both themes, and the window is worked by keyboard alone', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(240_000)
  await expect(page.getByRole('heading', { name: 'Drop a tomogram here' })).toBeVisible()
  await violationsInBothThemes(page, 'empty')
  await openSampleRegion(page, openFile, dataDir)
  await violationsInBothThemes(page, 'three planes')
  await test.step('dialogs', async () => {
    for (const theme of ['first', 'second']) {
      await page.keyboard.press('Escape')
      await page.locator('[data-picture="xy"]').focus()
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
      await passesAxe(page, `keys, ${theme}`)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox', { name: 'Find a command' })).toBeFocused()
      await passesAxe(page, `palette, ${theme}`)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+Shift+f')
      await expect(page.getByRole('img', { name: 'Preview of the figure' })).toBeVisible({ timeout: 60_000 })
      await passesAxe(page, `figure, ${theme}`)
      await page.keyboard.press('Escape')
      await page.keyboard.press('t')
    }
  })
  await test.step('everything can be focused by keys, in order, seen and named', async () => {
    // Everything that can be focused shows that it is, and has a name.
    const unnamed: string[] = []
    const seen = new Set<string>()
    const places: string[] = []
    await page.locator('[data-picture="xy"]').focus()
    for (let i = 0; i < 150 && places.length < 5; i++) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => {
        const element = document.activeElement
        if (!element || element === document.body) return null
        const style = getComputedStyle(element)
        const box = element.closest('.field-box')
        const visible = style.outlineStyle !== 'none' || (box !== null && getComputedStyle(box).boxShadow !== 'none')
        const label =
          element.getAttribute('aria-label') ?? element.closest('label')?.textContent ?? element.textContent ?? ''
        const place = ['.top-bar', '.panel-left', 'main', '.panel-right', '.status-bar'].find((at) =>
          element.closest(at)
        )
        return {
          html: element.outerHTML.slice(0, 120),
          visible,
          named: label.trim() !== '',
          place: place ?? 'elsewhere'
        }
      })
      if (!focused) continue
      seen.add(focused.html)
      if (focused.place !== places.at(-1)) places.push(focused.place)
      if (!focused.visible || !focused.named) unnamed.push(focused.html)
    }
    expect(unnamed).toEqual([])
    expect(seen.size).toBeGreaterThan(30)
    // From the pictures to the right, then from the top again: no jumps to and fro.
    expect(places).toEqual(['main', '.panel-right', '.top-bar', '.panel-left', 'main'])
  })
  await chooseMethods(page, ['CryoGEN-I', 'CryoWGEN-II'])
  await chooseSteps(page, { steps: 40, burnIn: 10, chains: 2 })
  await run(page)
  await runEnded(page, 'CryoWGEN-II', 'done')
  await settled(page)
  await violationsInBothThemes(page, 'compare with overlay')
  await page.getByRole('button', { name: 'Slice', exact: true }).click()
  await settled(page)
  await violationsInBothThemes(page, 'one slice')
})
