import { execFile } from 'node:child_process'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ElectronApplication } from '@playwright/test'
import { desktopCommand, desktopEnvironment } from './desktop-program.ts'
import { expect, test } from './fixtures.ts'

/** What the one window's page answers, asked through the main process: works after its process was replaced, too. */
function askPage(desktop: ElectronApplication, expression: string): Promise<unknown> {
  return desktop.evaluate(
    ({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script),
    expression
  )
}

test('the window: addresses, permissions, a second start, saving, the menu', async ({ page, desktop, dataDir }) => {
  await test.step('the page never leaves for another address and opens no window', async () => {
    const before = page.url()
    const opened = await page.evaluate(() => {
      const link = document.createElement('a')
      link.href = 'https://example.org/'
      document.body.append(link)
      link.click()
      link.target = '_blank'
      link.click()
      return window.open('https://example.org/') !== null
    })
    expect(opened).toBe(false)
    await askPage(desktop, `location.assign('file:///etc/hostname')`)
    // Asked through the main process: Playwright itself still waits for the navigation that was refused.
    expect(await askPage(desktop, 'location.href')).toBe(before)
    expect(await askPage(desktop, 'document.body.childElementCount')).toBeGreaterThan(0)
    expect(await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  await test.step('what a page may ask a person for is refused', async () => {
    const states = await page.evaluate(async () => {
      const names: PermissionName[] = ['geolocation', 'notifications', 'camera', 'microphone']
      return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state))
    })
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied'])
    // Copying is what a person asks for; reading what lies on the clipboard is not.
    await page.evaluate(() => {
      document.body.addEventListener('click', () => void navigator.clipboard.writeText('3dmod -xyz mean.mrc'), {
        once: true
      })
    })
    await page.mouse.click(700, 10)
    await expect.poll(() => desktop.evaluate(({ clipboard }) => clipboard.readText())).toBe('3dmod -xyz mean.mrc')
    const read = await page.evaluate(() => navigator.clipboard.readText().catch(() => 'refused'))
    expect(read).toBe('refused')
  })

  await test.step('a second start hands its files to the open window and ends', async () => {
    await page.evaluate(() => {
      const received: string[] = []
      window.desktop?.onOpenFiles((paths) => received.push(...paths))
      Object.assign(globalThis, { received })
    })
    const file = join(dataDir, 'second.mrc')
    await writeFile(file, 'no tomogram')
    const { executable, args } = desktopCommand({ dataDir, files: [file] })
    await promisify(execFile)(executable, args, { env: desktopEnvironment(), timeout: 60_000 })
    await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, 'received'))).toEqual([file])
  })

  await test.step('an answer of the engine is saved where the dialog says, and a refusal is told', async () => {
    const path = join(dataDir, 'session.json')
    await desktop.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, path)
    const save = (request: string): Promise<string | null | undefined> =>
      page.evaluate((asked) => window.desktop?.saveResponse({ path: asked }, 'session.json'), request)
    expect(await save('/api/session')).toBe(path)
    const session = await page.evaluate(async () => (await fetch('/api/session')).json())
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(session)
    await expect(save('/api/volumes/none/file')).rejects.toThrow()
    await expect(save('/assets/index.js')).rejects.toThrow()
    expect((await readdir(dataDir)).filter((name) => name.includes('session'))).toEqual(['session.json'])
  })

  await test.step('a menu command reaches the page', async () => {
    await page.evaluate(() => {
      const commands: string[] = []
      window.desktop?.onMenuCommand((command) => commands.push(command))
      Object.assign(globalThis, { commands })
    })
    await desktop.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('keys')?.click())
    await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, 'commands'))).toEqual(['keys'])
  })
})

test('after a crash of the page a message offers to reload it, and it comes back', async ({ page, desktop }) => {
  await desktop.evaluate(({ BrowserWindow, dialog }) => {
    const shown: string[] = []
    Object.assign(globalThis, { shown })
    dialog.showMessageBox = async (...args: unknown[]) => {
      const options = args.at(-1)
      if (options && typeof options === 'object' && 'message' in options) shown.push(String(options.message))
      return { response: 0, checkboxChecked: false }
    }
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  })
  await page.waitForEvent('crash').catch(() => undefined)
  await expect.poll(() => askPage(desktop, 'document.title')).toMatch(/Wedgeview/)
  expect(await desktop.evaluate(() => Reflect.get(globalThis, 'shown'))).toEqual(['The view stopped working.'])
})
