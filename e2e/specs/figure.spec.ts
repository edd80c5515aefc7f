import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import { decode } from 'fast-png'
import {
  preparedRegion,
  preparedRunFiles,
  preparedTomogramFile
} from '../../src/engine/derived/testing/prepared-files.ts'
import { figureSpecSchema } from '../../src/shared/figure.ts'
import { expect, test } from '../fixtures.ts'
import type { RunningProgram } from '../running-program.ts'
import { fillField, goTo, picture, pixelsOf, saveTo, settled, voxelOnScreen } from '../window-page.ts'
import { writeFloats } from './volumes.ts'

const commandLine = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url))

/** Opens a tomogram with a finished run, and shows its mean with the SD over it. */
async function openRun({ page, openFile }: Pick<RunningProgram, 'page' | 'openFile'>, dataDir: string): Promise<void> {
  const path = await preparedTomogramFile(dataDir, writeFloats)
  await preparedRunFiles(path, writeFloats, 'cryowgen-2-1')
  await openFile(path)
  await settled(page)
  await page.locator('[data-role="mean"] .layer-name').first().click()
  await page
    .getByRole('combobox', { name: 'Map drawn as overlay' })
    .selectOption({ label: 'posterior SD · CryoWGEN-II' })
  await settled(page)
}

async function editor(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Figure', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Save figure' })
  await drawn(dialog)
  return dialog
}

/** Until the preview is of the figure as it stands. */
async function drawn(dialog: Locator): Promise<void> {
  await expect(dialog.locator('.figure-preview')).toHaveAttribute('data-settled', 'true', { timeout: 60_000 })
}

async function save(program: RunningProgram, path: string, format: string): Promise<void> {
  const dialog = await editor(program.page)
  await dialog.getByRole('combobox', { name: 'Format' }).selectOption(format)
  await saveTo(program, path, () => dialog.getByRole('button', { name: 'Save…' }).click())
}

/** What the engine makes of a SPEC, asked for as the window asks. */
async function rendered(page: Page, spec: string, format: string): Promise<Uint8Array> {
  const bytes = await page.evaluate(
    async ([body, of]) => {
      const headers = { 'Content-Type': 'application/json' }
      const response = await fetch(`/api/figures?format=${of}`, { method: 'POST', headers, body })
      return [...new Uint8Array(await response.arrayBuffer())]
    },
    [spec, format] as const
  )
  return Uint8Array.from(bytes)
}

const names = (dialog: Locator): Promise<string[]> =>
  dialog
    .getByRole('list', { name: 'Panels of the figure' })
    .locator('.figure-panel-name > span:last-child')
    .allInnerTexts()

test('a figure is edited panel by panel, saved, drawn to the same bytes by the command line, and opened again', async ({
  program,
  page,
  dataDir
}) => {
  test.setTimeout(240_000)
  await openRun(program, dataDir)
  await page.keyboard.press('1')
  await page.keyboard.press('Shift+S')
  await expect(page.locator('[data-spectrum]')).toHaveAttribute('data-settled', 'true')
  const dialog = await editor(page)
  await expect.poll(() => names(dialog)).toEqual(['posterior mean · CryoWGEN-II, XY', 'Log power, prepared.mrc, kx kz'])
  await expect(dialog.getByRole('textbox', { name: 'Caption' })).toHaveValue(
    'prepared.mrc. CryoWGEN-II, γ = 1, seed 5. Bundle gaussian 1.0.0, SHA-256 111111111111. Input SHA-256 000000000000.'
  )

  await test.step('panels are added, moved, named and removed; the preview follows', async () => {
    const add = dialog.getByRole('combobox', { name: 'Add a panel' })
    await add.selectOption({ label: 'Members at the crosshair' })
    await add.selectOption({ label: 'Pane 1: XY' })
    await dialog.getByRole('button', { name: 'Move panel c forward' }).click()
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Once more')
    await dialog.getByRole('checkbox', { name: 'Crosshair' }).check()
    await dialog.getByRole('checkbox', { name: 'Overlay' }).uncheck()
    await fillField(page, 'Length (nm)', 3)
    await dialog.getByRole('button', { name: 'Remove panel a' }).click()
    await expect
      .poll(() => names(dialog))
      .toEqual([expect.stringMatching(/^Members at /), expect.stringMatching(/^Log power/), 'Once more'])
    await dialog.getByRole('button', { name: '85', exact: true }).click()
    await fillField(page, 'Resolution (dpi)', 254)
    await drawn(dialog)
    const preview = dialog.getByRole('img', { name: 'Preview of the figure' })
    await expect.poll(() => preview.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(850)
  })

  const [spec, png, own] = ['figure.json', 'figure.png', 'own.png'].map((name) => join(dataDir, name))
  await test.step('what was edited is kept, and what is saved is what the command line draws', async () => {
    await page.keyboard.press('Escape')
    await save(program, spec, 'spec')
    await save(program, png, 'png')
    const run = promisify(execFile)
    await run(process.execPath, [commandLine, 'figure', spec, '--out', own])
    expect((await readFile(own)).equals(await readFile(png))).toBe(true)
    expect(decode(await readFile(png)).width).toBe(850)
    const text = new TextDecoder().decode(await rendered(page, await readFile(spec, 'utf8'), 'svg'))
    expect(text).toContain('>3 nm</text>')
    expect(text).toContain('>Once more</text>')
    expect(text).toContain('class="crosshair"')
    expect(text).toContain('assumed tilts')
    expect(text.match(/class="member"/g)).toHaveLength(8)
  })

  await test.step('a saved SPEC is opened again; what is none is refused in words', async () => {
    const again = await editor(page)
    await again.getByRole('button', { name: 'From the panes' }).click()
    await expect.poll(async () => (await names(again)).length).toBe(2)
    const input = again.locator('input[type="file"]')
    await input.setInputFiles(png)
    await expect(again.getByRole('alert')).toContainText('is not JSON')
    await input.setInputFiles(spec)
    await expect.poll(async () => (await names(again)).at(-1)).toBe('Once more')
    await expect(again.getByRole('alert')).toHaveCount(0)
    await drawn(again)
    await page.keyboard.press('Escape')
  })
})

test('a panel has the pane’s pixels: the muting palette, then a comparison; curves go out as numbers', async ({
  program,
  page,
  dataDir
}) => {
  test.setTimeout(240_000)
  await openRun(program, dataDir)
  const cursor = { x: 20, y: 17, z: 13 }
  await goTo(page, cursor)
  await page.keyboard.press('1')
  await settled(page)
  const pane = 'single'
  await picture(page, pane).hover({ position: { x: 4, y: 4 } })
  // Voxels as they are.
  for (const key of ['s', 'b']) await page.keyboard.press(key)
  await page.mouse.move(5, 5)
  await settled(page)
  const at = { right: cursor.x, up: cursor.y }
  /** Bars over and under the picture move it. */
  const placesNow = async (): Promise<{ column: number; row: number; x: number; y: number }[]> => {
    const first = { column: preparedRegion.x[0], row: preparedRegion.y[0] }
    const corner = await voxelOnScreen(page, pane, { right: first.column, up: first.row }, at)
    const next = await voxelOnScreen(page, pane, { right: first.column + 1, up: first.row }, at)
    const scale = next.x - corner.x
    return Array.from({ length: 7 * 6 }, (_, i) => {
      const [across, up] = [1 + 4 * (i % 7), 1 + 4 * Math.floor(i / 7)]
      return {
        column: first.column + across,
        row: first.row + up,
        x: corner.x + across * scale,
        y: corner.y - up * scale
      }
    })
  }

  const compare = async (): Promise<void> => {
    await settled(page)
    const json = join(dataDir, 'panel.json')
    await save(program, json, 'spec')
    await page.mouse.move(5, 5)
    const places = await placesNow()
    await page.keyboard.press('c')
    await expect(picture(page, pane).locator('.crosshair')).toHaveCount(0)
    await settled(page)
    const onScreen = await pixelsOf(page, pane)
    await page.keyboard.press('c')
    const spec = await readFile(json, 'utf8')
    const { crop } = figureSpecSchema.parse(JSON.parse(spec)).panels[0] as {
      crop: { columns: [number, number]; rows: [number, number] }
    }
    const image = decode(await rendered(page, spec, 'png'))
    // The figure's margin is 4 points, its heading 13.
    const [left, top] = [(4 / 72) * 300, (17 / 72) * 300]
    const pitch = (image.width - 2 * left) / (crop.columns[1] - crop.columns[0])
    const seen = new Set<string>()
    for (const { column, row, x, y } of places) {
      const px = Math.floor(left + (column - preparedRegion.x[0] - crop.columns[0] + 0.5) * pitch)
      const py = Math.floor(top + (crop.rows[1] - (row - preparedRegion.y[0]) - 0.5) * pitch)
      const drawnAs = Array.from(image.data.subarray((py * image.width + px) * image.channels).subarray(0, 3))
      const shown = onScreen.at(x, y)
      seen.add(shown.join())
      expect(Math.max(...shown.map((part, i) => Math.abs(part - drawnAs[i]))), `${column}, ${row}`).toBeLessThanOrEqual(
        2
      )
    }
    expect(seen.size).toBeGreaterThan(5)
  }

  await test.step('muted where the SD is high', async () => {
    await page.getByRole('button', { name: 'Mute uncertain values' }).click()
    await compare()
  })

  await test.step('the difference from the tomogram', async () => {
    await page.locator('.compare-switch').click()
    await page.getByRole('combobox', { name: 'Compare with' }).selectOption({ label: 'prepared.mrc' })
    await page.getByRole('button', { name: 'A − B', exact: true }).click()
    await compare()
  })

  await test.step('the curves’ numbers', async () => {
    await picture(page, pane).hover({ position: { x: 4, y: 4 } })
    await page.keyboard.press('Shift+D')
    await expect(page.locator('[data-curves]')).toHaveAttribute('data-settled', 'true')
    const path = join(dataDir, 'curves.csv')
    await saveTo(program, path, () => page.getByRole('button', { name: 'Save the numbers as CSV' }).click())
    const rows = (await readFile(path, 'utf8')).trimEnd().split('\r\n')
    expect(rows[0]).toContain(
      'angle from tilt 0 (degrees),measured,"tomogram, same region: power per frequency (grey value^2)"'
    )
    expect(rows).toHaveLength(91)
  })
})
