import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../fixtures.ts'
import { askForFiles, type RunningProgram } from '../running-program.ts'
import { fillField, goTo, picture, setContrast, settled } from '../window-page.ts'
import { passesAxe } from './axe.ts'
import { writeFinishedRun } from './finished-run.ts'
import {
  changedTitle,
  colours,
  crosshair,
  differingShare,
  readOuts,
  savedTitle,
  saveSessionAs,
  startProgram
} from './session-page.ts'
import { writeMarkedVolume } from './volumes.ts'

/** For what a loaded machine does in its own time. */
const patience = { timeout: 60_000 }

test('what was arranged comes back in another program, after its folder was moved', async ({ target, dataDir }) => {
  test.setTimeout(400_000)
  const folder = join(dataDir, 'set')
  await mkdir(folder)
  const tomogram = await writeFinishedRun(folder)
  const started: RunningProgram[] = []
  const start = async (file: string): Promise<RunningProgram> => {
    const program = await startProgram(target, { dataDir, files: [file] })
    started.push(program)
    await settled(program.page)
    return program
  }
  const view = (program: RunningProgram) => program.page.locator('[data-volume-picture]')
  const drawn = async (program: RunningProgram): Promise<void> => {
    await settled(program.page)
    await expect(view(program)).toHaveAttribute('data-settled', 'true', { timeout: 150_000 })
  }
  try {
    const first = await start(tomogram)
    const { page } = first
    await expect(page.locator('[data-role="mean"]')).toBeVisible()

    // The mean with its SD over it in two planes and in 3-D, turned; the tomogram stays where one pane is told to show it.
    await page.locator('[data-role="mean"] .layer-name').click()
    await page.getByRole('button', { name: 'Overlay posterior SD' }).click()
    await page.locator('[data-pane="xz"]').getByRole('combobox', { name: 'Volume' }).selectOption('finished.mrc')
    await settled(page)
    await setContrast(page, 95, 140)
    await fillField(page, 'x from', 8)
    await fillField(page, 'z to', 15)
    await page.locator('[data-pane="yz"]').getByRole('combobox', { name: 'Plane' }).selectOption('volume')
    await drawn(first)
    await view(first).focus()
    await fillField(page, 'Level', 120)
    const box = await view(first).boundingBox()
    if (!box) throw new Error('the 3-D pane is not on screen')
    await page.mouse.move(box.x + 60, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + 130, box.y + 95, { steps: 2 })
    await page.mouse.up()
    await picture(page, 'xy').click({ position: { x: 320, y: 260 } })
    await page.keyboard.press('q')
    await picture(page, 'xy').click({ position: { x: 200, y: 150 } })
    await picture(page, 'xy').click({ position: { x: 400, y: 300 } })
    await page.keyboard.press('Escape')
    await expect(picture(page, 'xy').locator('[data-measure="1"]')).toHaveCount(1)
    await page.mouse.move(5, 5)
    await drawn(first)

    const before = await readOuts(page)
    const at = await crosshair(page)
    const slices = await colours(page, picture(page, 'xy'))
    const volume = await colours(page, view(first))
    await saveSession(first)
    await first.close()

    const moved = join(dataDir, 'moved')
    await rename(folder, moved)
    const second = await start(join(moved, 'wall.wedgeview'))
    await expect(second.page).toHaveTitle(savedTitle('wall.wedgeview'))
    await expect.poll(() => readOuts(second.page)).toEqual(before)
    await drawn(second)
    expect(differingShare(slices, await colours(second.page, picture(second.page, 'xy')))).toBeLessThan(0.001)
    expect(differingShare(volume, await colours(second.page, view(second)))).toBeLessThan(0.001)

    // Opening is no step that could be taken back, and moving about is no change worth a question.
    await expect(second.page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled()
    await expect(second.page.locator('.offer-bar')).toHaveCount(0)
    await picture(second.page, 'xy').focus()
    await second.page.keyboard.press('PageUp')
    const [x, y, z] = at
    await expect.poll(() => crosshair(second.page)).toEqual([x, y, z + 1])
    await expect(second.page).toHaveTitle(savedTitle('wall.wedgeview'))
    await setContrast(second.page, 90, 140)
    await expect(second.page).toHaveTitle(changedTitle('wall.wedgeview'))
    await second.page.keyboard.press('Control+s')
    await expect(second.page).toHaveTitle(savedTitle('wall.wedgeview'))
    const saved: unknown = JSON.parse(await readFile(join(moved, 'wall.wedgeview'), 'utf8'))
    expect(saved).toMatchObject({
      format: 'wedgeview-session',
      version: 2,
      files: [{ path: 'finished.mrc' }],
      runs: [{ path: 'finished.wedgeview/cryowgen-2-1' }]
    })
  } finally {
    for (const program of started) await program.close()
  }

  /** Beside the tomogram. In a browser the list of files begins in the tomogram's folder. */
  async function saveSession(program: RunningProgram): Promise<void> {
    await saveSessionAs(program, folder, 'wall.wedgeview')
  }
})

test('files that are not where they were are asked for; recent files open again; a page that is loaded again goes on', async ({
  program,
  page,
  dataDir
}) => {
  test.setTimeout(300_000)
  const path = join(dataDir, 'marked.mrc')
  await writeMarkedVolume(path)
  await writeMarkedVolume(join(dataDir, 'other.mrc'))
  await program.openFile(join(dataDir, 'other.mrc'))
  await settled(page)
  await program.openFile(path)
  await settled(page)

  const openSession = async (): Promise<void> => {
    if (program.desktop) return program.openFile(join(dataDir, 'two.wedgeview'))
    await askForFiles(page)
    const dialog = page.getByRole('dialog', { name: 'Open a tomogram or a session' })
    // The list goes on in the folder where it was last.
    await expect(dialog.locator('.file-path')).toContainText(dataDir)
    if ((await dialog.locator('.file-path').innerText()).includes('away'))
      await dialog.getByRole('button', { name: 'Folder above' }).click()
    await dialog.getByText('two.wedgeview', { exact: true }).click()
  }

  await test.step('loaded again, the window is as it was', async () => {
    await goTo(page, { x: 20, y: 3, z: 1 })
    await setContrast(page, 10, 111)
    await saveSessionAs(program, dataDir, 'two.wedgeview')
    await page.keyboard.press('1')
    await expect(page).toHaveTitle(changedTitle('two.wedgeview'))
    await expect(page.locator('[data-picture]')).toHaveCount(1)
    await page.reload()
    await settled(page)
    await expect(page.locator('[data-picture]')).toHaveCount(1)
    await expect(page.locator('[data-pane="single"]')).toHaveAccessibleName(/, z 1 of 9$/)
    await expect(page.getByRole('textbox', { name: 'White', exact: true })).toHaveValue('111')
    await expect(page).toHaveTitle(changedTitle('two.wedgeview'))
    await expect(page.locator('.offer-bar')).toHaveCount(0)
  })

  await test.step('another session in its place: changes are asked about, files that moved are looked for', async () => {
    await mkdir(join(dataDir, 'away'))
    await rename(path, join(dataDir, 'away', 'marked.mrc'))
    await openSession()
    const leaving = page.getByRole('dialog', { name: 'Save changes to two?' })
    await expect(leaving).toBeVisible()
    await passesAxe(page, 'changes to save')
    await leaving.getByRole('button', { name: 'Don’t save' }).click()
    const missing = page.getByRole('dialog', { name: 'Files of two have moved' })
    await expect(missing.getByRole('listitem')).toHaveText([/^marked\.mrcwas in /])
    await passesAxe(page, 'files that moved')
    await program.desktop?.evaluate(
      ({ dialog }, found) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [found] })
      },
      join(dataDir, 'away', 'marked.mrc')
    )
    await missing.getByRole('button', { name: 'Locate marked.mrc' }).click()
    if (!program.desktop) {
      const list = page.getByRole('dialog', { name: 'Where is marked.mrc?' }).getByRole('list', { name: 'Files' })
      await list.getByText('away', { exact: true }).click()
      await list.getByText('marked.mrc', { exact: true }).click()
    }
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await settled(page)
    await expect(page.locator('[data-picture]')).toHaveCount(3)
    await expect.poll(() => crosshair(page)).toEqual([20, 3, 1])
    await expect(page.getByRole('textbox', { name: 'White', exact: true })).toHaveValue('111')
    // Where it is now is not in the file yet.
    await expect(page).toHaveTitle(changedTitle('two.wedgeview'))
    await page.keyboard.press('Control+s')
    await expect(page).toHaveTitle(savedTitle('two.wedgeview'))
  })

  await test.step('what is left out is said in its pane, and is in the session when it is saved again', async () => {
    await rename(join(dataDir, 'away', 'marked.mrc'), join(dataDir, 'hidden.tmp'))
    const session: unknown = JSON.parse(await readFile(join(dataDir, 'two.wedgeview'), 'utf8'))
    const text = JSON.stringify(session).replace(/("id":"xy","plane":"xy","volumeId":)null/, '$1"f2"')
    await writeFile(join(dataDir, 'two.wedgeview'), text)
    await openSession()
    await page.getByRole('button', { name: 'Open without it' }).click()
    await expect(page.locator('[data-picture]')).toHaveCount(3)
    await expect(page.locator('[data-pane="xy"]')).toContainText('marked.mrc is missing')
    await page.keyboard.press('Control+s')
    const again = async (): Promise<unknown> => JSON.parse(await readFile(join(dataDir, 'two.wedgeview'), 'utf8'))
    const files = [{ path: 'other.mrc' }, { key: 'lost/f2', path: 'away/marked.mrc' }]
    await expect.poll(again, patience).toMatchObject({ files })
  })

  await test.step('recent files: one opens, one that is gone says so and goes', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find a command' }).fill('open a recent')
    await page.keyboard.press('Enter')
    const recent = page.getByRole('list', { name: 'Recent files' }).getByRole('button')
    await expect(recent).toHaveText([/^two\.wedgeview/, /^marked\.mrc/, /^other\.mrc/])
    await passesAxe(page, 'recent files')
    await recent.filter({ hasText: 'marked.mrc' }).click()
    await expect(page.getByRole('alert')).toContainText('marked.mrc is not at')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find a command' }).fill('open a recent')
    await page.keyboard.press('Enter')
    await expect(recent).toHaveText([/^two\.wedgeview/, /^other\.mrc/])
  })
})
