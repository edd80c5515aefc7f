import { expect, type Locator, type Page } from '@playwright/test'
import { decodePixels, settled, type Pixels } from '../window-page.ts'

/** What specs of the 3-D view do in it. */

export const view3d = (page: Page): Locator => page.locator('[data-volume-picture]')

export async function setMode(
  page: Page,
  mode: 'maximum' | 'average' | 'direct' | 'surface' | 'crossing'
): Promise<void> {
  await page.locator('select:has(option[value="direct"])').selectOption(mode)
}

/** Turns the smallest of the three panes into a 3-D view along the beam, on black, without depth: every ray is marched in software here. */
export async function show3d(page: Page): Promise<void> {
  await settled(page)
  await page.keyboard.press('2')
  await page.locator('[data-pane="yz"]').getByRole('combobox', { name: 'Plane' }).selectOption('volume')
  await view3d(page).focus()
  await page.getByLabel('Background').selectOption('black')
  await page.getByLabel('Dense').selectOption('bright')
  await setSlider(page, 'Depth', 0)
  await page.getByRole('button', { name: 'XY', exact: true }).click()
}

export async function setSlider(page: Page, name: string, value: number): Promise<void> {
  await page.getByRole('slider', { name, exact: true }).fill(String(value))
}

/** The finished picture. */
export async function drawn(page: Page): Promise<Pixels> {
  await expect(view3d(page)).toHaveAttribute('data-settled', 'true')
  const box = await view3d(page).boundingBox()
  if (!box) throw new Error('the 3-D pane is not on screen')
  return decodePixels(await page.screenshot({ clip: box, scale: 'css' }))
}

/** CSS pixels an x voxel after Fit: the pane's height, or width where that is smaller, holds the diagonal and 2 %. */
export function fittedScale(pixels: Pixels, diagonal: number): number {
  return Math.min(pixels.width, pixels.height) / (1.02 * diagonal)
}

/** Share of white light that a surface facing along `normal` (right, up, towards the viewer; a unit vector) sends back, as the shader's lamp has it. */
export function lightOn(normal: readonly number[], grey: number): number {
  const lamp = unit([0.2, 0.35, 1])
  const half = unit([lamp[0], lamp[1], lamp[2] + 1])
  return grey * (0.28 + 0.72 * Math.abs(dot(normal, lamp))) + 0.12 * Math.abs(dot(normal, half)) ** 32
}

function unit(v: readonly number[]): number[] {
  const length = Math.hypot(...v)
  return v.map((value) => value / length)
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}
