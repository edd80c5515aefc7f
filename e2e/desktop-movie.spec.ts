import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startDesktopProgram } from './desktop-program.ts'
import { expect, test } from './fixtures.ts'
import { makePlain, openMovie } from './specs/movie-page.ts'
import { writeSteps } from './specs/volumes.ts'
import { picture, settled } from './window-page.ts'

test('closing the window while a movie is made asks, and leaves nothing half-made', async ({ dataDir }) => {
  test.setTimeout(180_000)
  const folder = join(dataDir, 'data')
  await mkdir(folder)
  await writeSteps(join(folder, 'steps.mrc'))
  const { page, desktop, close } = await startDesktopProgram({ dataDir, files: [join(folder, 'steps.mrc')] })
  if (!desktop) throw new Error('no desktop')
  try {
    await settled(page)
    await picture(page, 'xy').focus()
    const dialog = await openMovie(page)
    await makePlain(dialog, { width: 96, height: 64 })
    await dialog.getByLabel('Format').selectOption('png')
    // Its first frame is never ready.
    await page.evaluate(() => {
      HTMLCanvasElement.prototype.toBlob = () => undefined
    })
    await desktop.evaluate(
      ({ dialog: native }, filePath) => {
        native.showSaveDialog = async () => ({ canceled: false, filePath })
      },
      join(folder, 'half.zip')
    )
    await dialog.getByRole('button', { name: 'Save…' }).click()
    await expect(page.getByRole('group', { name: 'Movie in work' })).toContainText('frame 0 of 8')
    await expect.poll(async () => (await readdir(folder)).filter((name) => name.includes('half'))).toHaveLength(1)

    const answer = (response: number): Promise<void> =>
      desktop.evaluate(({ BrowserWindow, dialog: native }, chosen) => {
        native.showMessageBox = async (...args: unknown[]) => {
          const options = args.at(-1)
          const message = options && typeof options === 'object' && 'message' in options ? options.message : ''
          Object.assign(globalThis, { asked: message })
          return { response: chosen, checkboxChecked: false }
        }
        BrowserWindow.getAllWindows()[0]?.close()
      }, response)
    await answer(0)
    await expect
      .poll(() => desktop.evaluate(() => Reflect.get(globalThis, 'asked')))
      .toBe('A movie is still being made.')
    expect(await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    const ended = once(desktop.process(), 'exit')
    await answer(1).catch(() => undefined)
    await ended
    expect((await readdir(folder)).filter((name) => name.includes('half'))).toEqual([])
  } finally {
    await close().catch(() => undefined)
  }
})
