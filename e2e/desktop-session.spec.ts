import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { ElectronApplication } from '@playwright/test'
import { desktopCommand, desktopEnvironment, startDesktopProgram } from './desktop-program.ts'
import { expect, test } from './fixtures.ts'
import type { RunningProgram } from './running-program.ts'
import { violationsInBothThemes } from './specs/axe.ts'
import { changedTitle, savedTitle, saveSessionAs } from './specs/session-page.ts'
import { writeMarkedVolume } from './specs/volumes.ts'
import { setContrast, settled } from './window-page.ts'

/** For what a loaded machine does in its own time. */
const patience = { timeout: 60_000 }

/** What is kept of what is open, as one text. */
async function keptText(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'user-data', 'autosave')
  const names = await readdir(folder).catch(() => [])
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readFile(join(folder, name), 'utf8').catch(() => ''))
  )
  return texts.join('\n')
}

/** Ends the program as the kernel would when memory runs out. */
async function kill(desktop: ElectronApplication): Promise<void> {
  const child = desktop.process()
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** What the one window's page answers, asked through the main process: works after its process was replaced, too. */
function askPage(desktop: ElectronApplication, expression: string): Promise<unknown> {
  return desktop.evaluate(
    ({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script),
    expression
  )
}

const whiteOf = ({ page }: RunningProgram) => page.getByRole('textbox', { name: 'White', exact: true })

test('after a crash the next start offers what was open, and after an end without a session file, too', async ({
  dataDir
}) => {
  test.setTimeout(300_000)
  await mkdir(join(dataDir, 'data'))
  const file = join(dataDir, 'data', 'marked.mrc')
  await writeMarkedVolume(file)
  let program = await startDesktopProgram({ dataDir, files: [file] })
  const again = async (): Promise<void> => {
    program = await startDesktopProgram({ dataDir, files: [] })
  }
  const arrange = async (white: number): Promise<void> => {
    await settled(program.page)
    await setContrast(program.page, 12, white)
    await expect.poll(() => keptText(dataDir), patience).toContain(`"high":${white},`)
  }
  const offer = () => program.page.getByRole('region', { name: 'What was open' })
  try {
    await arrange(133)
    await kill(program.desktop!)

    await test.step('reopened, it is as it was', async () => {
      await again()
      await expect(offer()).toContainText('marked.mrc')
      await violationsInBothThemes(program.page, 'what was open')
      await expect(program.page.getByText('Drop a tomogram here')).toBeVisible()
      await offer().getByRole('button', { name: 'Reopen' }).click()
      await settled(program.page)
      await expect(whiteOf(program)).toHaveValue('133')
      await expect(offer()).toHaveCount(0)
      await arrange(144)
      await kill(program.desktop!)
    })

    await test.step('discarded, it is not offered again', async () => {
      await again()
      await offer().getByRole('button', { name: 'Discard' }).click()
      await expect(offer()).toHaveCount(0)
      await expect.poll(() => keptText(dataDir), patience).toBe('')
      await program.page.getByRole('list', { name: 'Recent files' }).getByText('marked.mrc').click()
      await arrange(155)
      await program.close()
    })

    await test.step('ended in order, it is offered where nothing is open', async () => {
      await again()
      await expect(offer()).toHaveCount(0)
      await program.page.getByRole('button', { name: /^Reopen what was open last/ }).click()
      await settled(program.page)
      await expect(whiteOf(program)).toHaveValue('155')
    })
  } finally {
    await program.close()
  }
})

test('a second start hands a session over; closing asks where its changes would be lost; a page that crashed offers what it had', async ({
  program,
  page,
  desktop,
  dataDir
}) => {
  test.setTimeout(300_000)
  const folder = join(dataDir, 'data')
  await mkdir(folder)
  const file = join(folder, 'marked.mrc')
  await writeMarkedVolume(file)
  await program.openFile(file)
  await settled(page)
  await setContrast(page, 12, 121)
  await saveSessionAs(program, folder, 'first.wedgeview')
  await setContrast(page, 12, 122)
  await saveSessionAs(program, folder, 'second.wedgeview')
  const white = whiteOf(program)

  await test.step('a second start', async () => {
    const { executable, args } = desktopCommand({ dataDir, files: [join(folder, 'first.wedgeview')] })
    await promisify(execFile)(executable, args, { env: desktopEnvironment(), timeout: 60_000 })
    await expect(page).toHaveTitle(savedTitle('first.wedgeview'))
    await expect(white).toHaveValue('121')
  })

  await test.step('a page that crashed', async () => {
    await setContrast(page, 12, 133)
    await expect(page).toHaveTitle(changedTitle('first.wedgeview'))
    await expect.poll(() => keptText(dataDir), patience).toContain('"high":133,')
    const crashed = page.waitForEvent('crash')
    await desktop.evaluate(({ BrowserWindow, dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false })
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
    })
    await crashed
    // A question to a page that is being replaced is never answered.
    const ask = (script: string): Promise<unknown> =>
      Promise.race([askPage(desktop, script).catch(() => null), delay(2000, null)])
    await expect
      .poll(() => ask(`document.querySelector('.offer-bar')?.textContent`), patience)
      .toContain('first: marked.mrc')
    await ask(`document.querySelector('.offer-bar .button-primary').click()`)
    await expect.poll(() => ask('document.title'), patience).toBe(changedTitle('first.wedgeview'))
    await expect
      .poll(() => ask(`[...document.querySelectorAll('input')].map(({ value }) => value)`), patience)
      .toContain('133')
  })

  await test.step('closing asks, may be taken back, and saves', async () => {
    const answer = (response: number): Promise<void> =>
      desktop.evaluate(({ BrowserWindow, dialog }, chosen) => {
        const asked: string[] = []
        Object.assign(globalThis, { asked })
        dialog.showMessageBox = async (...args: unknown[]) => {
          const options = args.at(-1)
          if (options && typeof options === 'object' && 'message' in options) asked.push(String(options.message))
          return { response: chosen, checkboxChecked: false }
        }
        BrowserWindow.getAllWindows()[0]?.close()
      }, response)
    await answer(2)
    await expect
      .poll(() => desktop.evaluate(() => Reflect.get(globalThis, 'asked')))
      .toEqual(['Save changes to first.wedgeview?'])
    expect(await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    const ended = once(desktop.process(), 'exit')
    await answer(0).catch(() => undefined)
    await ended
    const saved: unknown = JSON.parse(await readFile(join(folder, 'first.wedgeview'), 'utf8'))
    expect(saved).toMatchObject({ state: { contrast: { displays: { 'grey:f1': { low: 12, high: 133 } } } } })
    // Saved, so that there is nothing left to offer.
    expect(await keptText(dataDir)).toBe('')
  })
})
