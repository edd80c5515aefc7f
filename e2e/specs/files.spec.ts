import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { sampleTomogram } from '../samples.ts'
import { settled } from '../window-page.ts'

/** What is said about a file that can't be opened, in its own entry. */
function failureOf(page: Page, name: string) {
  return page.getByRole('alert').filter({ hasText: name })
}

test('empty, the window says how to begin, and opens the sample', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'Drop a tomogram here' })).toBeVisible()
  await page.getByRole('button', { name: 'Open the sample microtubule' }).click()
  await settled(page)
  await expect(page.getByText('94 × 206 × 36')).toBeVisible()
  await expect(page.getByText('10.52 Å')).toBeVisible()
})

test('files that are no tomograms are told as such, with what to do, and change nothing', async ({
  page,
  dataDir,
  openFile
}) => {
  const sample = await readFile(sampleTomogram)
  const bad = {
    'text.mrc': Buffer.from('This is not a tomogram, whatever it is called. '.repeat(60)),
    'short.mrc': sample.subarray(0, 700),
    'empty.mrc': Buffer.alloc(0)
  }
  for (const [name, bytes] of Object.entries(bad)) {
    const path = join(dataDir, name)
    await writeFile(path, bytes)
    await openFile(path)
    const alert = failureOf(page, name)
    await expect(alert).toBeVisible()
    await expect(alert.locator('.hint')).not.toBeEmpty()
    await expect(alert).not.toContainText('fault in the program')
    await alert.getByRole('button', { name: `Dismiss ${name}` }).click()
    await expect(alert).toBeHidden()
  }
  await expect(page.getByRole('heading', { name: 'Drop a tomogram here' })).toBeVisible()
})

test('a truncated tomogram either opens with a notice or is refused with a reason', async ({
  page,
  dataDir,
  openFile
}) => {
  const path = join(dataDir, 'truncated.mrc')
  await writeFile(path, (await readFile(sampleTomogram)).subarray(0, 200_000))
  await openFile(path)
  const told = page.locator('.file-failure, .repairs').filter({ hasText: /truncated|missing|repaired/i })
  await expect(told).toBeVisible()
})

test('trying again reads the file anew', async ({ page, dataDir, openFile }) => {
  const path = join(dataDir, 'later.mrc')
  await writeFile(path, 'not yet')
  await openFile(path)
  const alert = failureOf(page, 'later.mrc')
  await expect(alert).toBeVisible()
  await copyFile(sampleTomogram, path)
  await alert.getByRole('button', { name: 'Try again' }).click()
  await settled(page)
  await expect(alert).toBeHidden()
})

/** Drops real files, as the file manager does. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  const at = { x: 700, y: 450 }
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at, data })
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at, data })
  await expect(page.getByText('Drop to open')).toBeVisible()
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at, data })
  await session.detach()
}

test('a dropped tomogram opens on the desktop; a browser explains why it can’t', async ({ page, dataDir, target }) => {
  const path = join(dataDir, 'dropped.mrc')
  await copyFile(sampleTomogram, path)
  await drop(page, [path])
  if (target === 'electron') {
    await settled(page)
    await expect(page.getByRole('region', { name: 'dropped.mrc', exact: true })).toBeVisible()
  } else {
    const alert = failureOf(page, 'dropped.mrc')
    await expect(alert).toContainText('A browser hides where a dropped file lies')
  }
})

test('a dropped folder is refused in words', async ({ page, dataDir, target }) => {
  const path = join(dataDir, 'a-folder')
  await mkdir(path)
  await drop(page, [path])
  const alert = failureOf(page, 'a-folder')
  await expect(alert).toBeVisible()
  if (target === 'electron') await expect(alert).toContainText(/folder|directory/i)
})

test.describe('region of interest', () => {
  test.use({ files: [sampleTomogram] })

  test('typed, drawn and dragged; outside of the volume it is not taken', async ({ page }) => {
    await settled(page)
    const field = (name: string) => page.getByRole('textbox', { name, exact: true })
    await field('x from').fill('20')
    await field('x from').press('Enter')
    await field('x to').fill('500')
    await field('x to').press('Enter')
    await expect(field('x to')).toHaveAttribute('aria-invalid', 'true')
    await expect(field('x to')).toHaveAttribute('title', /At most 94/)
    await field('x to').press('Escape')
    await expect(field('x to')).toHaveValue('94')

    await page.getByRole('button', { name: 'Draw', exact: true }).click()
    const picture = page.locator('[data-picture="xy"]')
    const box = await picture.boundingBox()
    if (!box) throw new Error('no picture')
    const scale = Number(await picture.getAttribute('data-scale'))
    const middle = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
    const drag = async (from: { x: number; y: number }, by: { x: number; y: number }): Promise<void> => {
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 6 })
      await page.mouse.up()
    }
    await drag(middle, { x: 20 * scale, y: -30 * scale })
    const read = async () =>
      Promise.all(['x from', 'x to', 'y from', 'y to', 'z from', 'z to'].map((name) => field(name).inputValue()))
    const drawn = (await read()).map(Number)
    expect(drawn[0]).toBeGreaterThanOrEqual(46)
    expect(drawn[0]).toBeLessThanOrEqual(48)
    expect(drawn[1] - drawn[0]).toBe(20)
    expect(drawn[3] - drawn[2]).toBe(30)
    expect(drawn.slice(4)).toEqual([0, 36])

    // The same box in XZ: its upper side moves z only.
    const corner = page.locator('[data-picture="xz"] [data-grip="right-top"]')
    const at = await corner.boundingBox()
    if (!at) throw new Error('no corner')
    await drag({ x: at.x + 4, y: at.y + 4 }, { x: 0, y: 10 * scale })
    expect((await read()).map(Number)).toEqual([...drawn.slice(0, 4), 0, 26])

    await page.getByRole('button', { name: 'Whole', exact: true }).click()
    expect(await read()).toEqual(['0', '94', '0', '206', '0', '36'])
  })
})
