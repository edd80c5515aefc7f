import { basename } from 'node:path'
import { decode } from 'fast-png'
import { expect, type Locator, type Page } from '@playwright/test'
import type { RunningProgram } from './running-program.ts'

/** What specs read from the window and do in it, as a person would. */

export interface Position {
  x: number
  y: number
  z: number
}

export function picture(page: Page, pane: string): Locator {
  return page.locator(`[data-picture="${pane}"]`)
}

/** Waits until every pane shows the slice it was asked for, and the browser has drawn it. */
export async function settled(page: Page): Promise<void> {
  // Asked at every frame the page draws.
  await page.waitForFunction(() => {
    const pictures = [...document.querySelectorAll('[data-picture]')]
    return pictures.length > 0 && pictures.every((element) => element.getAttribute('data-settled') === 'true')
  })
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
  )
}

/** Types the crosshair's position into the corner of the three planes. */
export async function goTo(page: Page, position: Position): Promise<void> {
  const fields = page.getByRole('region', { name: 'Position of the crosshair' })
  for (const axis of ['x', 'y', 'z'] as const) {
    const field = fields.getByRole('textbox', { name: axis, exact: true })
    await field.fill(String(position[axis]))
    await field.press('Enter')
  }
  // The read-out is of the crosshair while the pointer is over no picture.
  await page.mouse.move(5, 5)
  await settled(page)
}

/** The value that the read-out tells, with all its digits. */
export async function readValue(page: Page): Promise<number> {
  return Number(await page.locator('[data-readout="value"]').getAttribute('data-exact'))
}

export async function readVoxel(page: Page): Promise<Position> {
  const text = await page.locator('[data-readout="voxel"]').innerText()
  const [x, y, z] = (text.match(/\d+/g) ?? []).map(Number)
  return { x, y, z }
}

/** The colours on screen, CSS pixel by CSS pixel. */
export interface Pixels {
  width: number
  height: number
  /** Red, green, blue of the pixel `x` from the left and `y` from the top. */
  at(x: number, y: number): [number, number, number]
}

export async function pixelsOf(page: Page, pane: string): Promise<Pixels> {
  const box = await picture(page, pane).boundingBox()
  if (!box) throw new Error(`pane ${pane} is not on screen`)
  return decodePixels(await page.screenshot({ clip: box, scale: 'css' }))
}

export function decodePixels(png: Uint8Array): Pixels {
  const { width, height, channels, data } = decode(png)
  return {
    width,
    height,
    at: (x, y) => {
      const from = (Math.round(y) * width + Math.round(x)) * channels
      return [data[from], data[from + 1], data[from + 2]]
    }
  }
}

/** Where the middle of a voxel of the slice is drawn in a pane, from the crosshair and the zoom that the window tells. */
export async function voxelOnScreen(
  page: Page,
  pane: string,
  voxel: { right: number; up: number },
  cursor: { right: number; up: number }
): Promise<{ x: number; y: number }> {
  const cross = picture(page, pane).locator('.crosshair')
  const scale = Number(await picture(page, pane).getAttribute('data-scale'))
  const x = Number(await cross.getAttribute('data-x'))
  const y = Number(await cross.getAttribute('data-y'))
  return { x: x + (voxel.right - cursor.right) * scale, y: y - (voxel.up - cursor.up) * scale }
}

/** Sets black and white by typing. */
export async function setContrast(page: Page, low: number, high: number): Promise<void> {
  for (const [name, value] of [
    ['White', high],
    ['Black', low]
  ] as const) {
    const field = page.getByRole('textbox', { name, exact: true })
    await field.fill(String(value))
    await field.press('Enter')
  }
}

/** Saves what `act` asks to save: answers the desktop's dialog, or takes the browser's download. */
export async function saveTo(program: RunningProgram, path: string, act: () => Promise<void>): Promise<void> {
  const { page, desktop } = program
  if (desktop) {
    await desktop.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, path)
    await act()
    await expect(page.getByText(`Saved ${path}`)).toBeVisible()
    return
  }
  const downloading = page.waitForEvent('download')
  await act()
  await (await downloading).saveAs(path)
}

/** Opens a folder as a bundle: by the desktop's dialog, or out of the browser's list. */
export async function openBundle({ page, desktop }: RunningProgram, path: string): Promise<void> {
  await desktop?.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] })
  }, path)
  await page.getByRole('button', { name: 'Open a bundle', exact: true }).click()
  if (desktop) return
  await page.getByRole('list', { name: 'Files' }).getByText(basename(path), { exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Open a bundle' })
  const chosen = dialog.getByRole('button', { name: 'Use this folder' })
  await expect(dialog.or(page.getByRole('combobox', { name: 'Bundle' })).first()).toBeVisible()
  if (await dialog.isVisible()) await chosen.click()
}

/** The layers' slices that a pane shows, as the engine gives them. */
export interface ShownSlice {
  columns: number
  rows: number
  values: number[]
}

export async function fetchSlice(page: Page, volumeId: string, plane: string, index: number): Promise<ShownSlice> {
  return page.evaluate(
    async ([id, of, at]) => {
      const response = await fetch(`/api/volumes/${id}/slice?plane=${of}&index=${at}`)
      const values = [...new Float32Array(await response.arrayBuffer())]
      return {
        columns: Number(response.headers.get('X-Columns')),
        rows: Number(response.headers.get('X-Rows')),
        values
      }
    },
    [volumeId, plane, String(index)]
  )
}

/** Types into a named field and commits it. */
export async function fillField(page: Page, name: string | RegExp, value: number): Promise<void> {
  const field = page.getByRole('textbox', { name, exact: true })
  await field.fill(String(value))
  await field.press('Enter')
}
