import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { sampleTomogram } from '../samples.ts'
import { fillField, settled } from '../window-page.ts'

/** A small region around the microtubule's wall. */
export const region = { x: [28, 52], y: [84, 112], z: [8, 28] } as const

/** Opens a copy of the sample (its runs are written beside it) and types the region. */
export async function openSampleRegion(
  page: Page,
  openFile: (path: string) => Promise<string>,
  dataDir: string
): Promise<string> {
  const copy = join(dataDir, 'microtubule.mrc')
  await copyFile(sampleTomogram, copy)
  const path = await openFile(copy)
  await settled(page)
  for (const axis of ['x', 'y', 'z'] as const) {
    await fillField(page, `${axis} to`, region[axis][1])
    await fillField(page, `${axis} from`, region[axis][0])
  }
  return path
}

/** Switches on exactly these methods. */
export async function chooseMethods(page: Page, names: readonly string[]): Promise<void> {
  for (const name of ['CryoGEN-I', 'CryoGEN-II', 'CryoWGEN-I', 'CryoWGEN-II']) {
    const button = page.getByRole('group', { name: 'Methods' }).getByRole('button', { name, exact: true })
    const pressed = (await button.getAttribute('aria-pressed')) === 'true'
    if (pressed !== names.includes(name)) await button.click()
  }
}

/** Steps of every chain, and how they are counted. */
export async function chooseSteps(
  page: Page,
  settings: { steps: number; burnIn: number; chains: number }
): Promise<void> {
  await fillField(page, 'Steps', settings.steps)
  await fillField(page, 'Chains', settings.chains)
  await page.getByText('All settings').click()
  await fillField(page, 'Burn-in', settings.burnIn)
  await fillField(page, 'Thinning', 2)
}

export async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).and(page.locator('.button-primary')).click()
}

export async function runEnded(page: Page, name: string, state: string): Promise<void> {
  await expect(page.getByRole('region', { name: `Run ${name}`, exact: true })).toHaveAttribute('data-state', state, {
    timeout: 400_000
  })
}
