import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { askForFiles } from './running-program.ts'
import { changedTitle, savedTitle, saveSessionAs } from './specs/session-page.ts'
import { writeMarkedVolume } from './specs/volumes.ts'
import { setContrast, settled } from './window-page.ts'

const patience = { timeout: 60_000 }

/** White of the contrast in each window's autosave. */
async function keptWhites(dataDir: string): Promise<number[]> {
  const folder = join(dataDir, 'data', 'wedgeview', 'autosave')
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')))
  return texts
    .flatMap((text) => /"high":(\d+),/.exec(text)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

const white = (page: Page) => page.getByRole('textbox', { name: 'White', exact: true })
const offer = (page: Page) => page.getByRole('region', { name: 'What was open' })

test('two tabs keep apart what they show; a closed one is offered to the next; an arrangement without a file is asked about', async ({
  program,
  page,
  dataDir
}) => {
  test.setTimeout(300_000)
  await writeMarkedVolume(join(dataDir, 'marked.mrc'))
  await program.openFile(join(dataDir, 'marked.mrc'))
  await settled(page)
  await setContrast(page, 12, 111)
  const another = async (): Promise<Page> => {
    const tab = await page.context().newPage()
    await tab.goto(page.url())
    await settled(tab)
    return tab
  }

  const second = await another()
  await test.step('each has its own', async () => {
    await expect(offer(second)).toHaveCount(0)
    await setContrast(second, 12, 222)
    await expect.poll(() => keptWhites(dataDir), patience).toEqual([111, 222])
    for (const [tab, value] of [
      [page, '111'],
      [second, '222']
    ] as const) {
      await tab.reload()
      await settled(tab)
      await expect(white(tab)).toHaveValue(value)
      await expect(offer(tab)).toHaveCount(0)
    }
  })

  await second.close({ runBeforeUnload: true })
  await expect.poll(() => page.context().pages().length, patience).toBe(1)
  const third = await another()
  await test.step('what the closed one showed is offered', async () => {
    await expect(offer(third)).toContainText('Another window was closed.')
    await offer(third).getByRole('button', { name: 'Reopen' }).click()
    await expect(white(third)).toHaveValue('222')
    await expect(offer(third)).toHaveCount(0)
    await expect(white(page)).toHaveValue('111')
  })

  await test.step('a session over an arrangement that has no file: cancelled, then saved first', async () => {
    await saveSessionAs({ ...program, page }, dataDir, 'first.wedgeview')
    await setContrast(third, 12, 233)
    const open = async (): Promise<void> => {
      await askForFiles(third)
      await third.getByRole('list', { name: 'Files' }).getByText('first.wedgeview', { exact: true }).click()
    }
    const leaving = third.getByRole('dialog', { name: 'Save this arrangement as a session?' })
    await open()
    await leaving.getByRole('button', { name: 'Cancel' }).click()
    await expect(leaving).toHaveCount(0)
    await expect(white(third)).toHaveValue('233')
    await open()
    await leaving.getByRole('button', { name: 'Save as…' }).click()
    const save = third.getByRole('dialog', { name: 'Save session' })
    await save.getByRole('textbox', { name: 'Name' }).fill('third.wedgeview')
    await save.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(third).toHaveTitle(savedTitle('first.wedgeview'))
    await expect(white(third)).toHaveValue('111')
    expect(await readFile(join(dataDir, 'third.wedgeview'), 'utf8')).toMatch(/"high": 233/)
    // The other tab's own changes are its own.
    await setContrast(page, 12, 112)
    await expect(page).toHaveTitle(changedTitle('first.wedgeview'))
    await expect(third).toHaveTitle(savedTitle('first.wedgeview'))
  })
})
