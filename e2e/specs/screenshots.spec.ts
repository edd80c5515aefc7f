import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../scripts/run-command.mjs'
import { expect, test } from '../fixtures.ts'
import { fillField, goTo, saveTo, settled } from '../window-page.ts'
import { chooseMethods, openSampleRegion, run, runEnded } from './sample-run.ts'

/** The pictures of docs/images: what the window looks like now, from the desktop program. */
test('pictures for the documentation', async ({ program, page, openFile, dataDir }) => {
  test.setTimeout(500_000)
  const folder = join(projectRoot, 'docs', 'images')
  await mkdir(folder, { recursive: true })
  await openSampleRegion(page, openFile, dataDir)
  if ((await page.locator('html').getAttribute('data-theme')) === 'light')
    await page.getByRole('button', { name: 'Dark or light theme' }).click()
  const edges = { x: [28, 60], y: [80, 120], z: [10, 26] } as const
  for (const axis of ['x', 'y', 'z'] as const) {
    await fillField(page, `${axis} from`, edges[axis][0])
    await fillField(page, `${axis} to`, edges[axis][1])
  }
  await goTo(page, { x: 43, y: 100, z: 18 })
  await expect(page.getByText(/^About .* [kMG]B$/)).toBeVisible()
  await page.screenshot({ path: join(folder, 'window.png') })

  await chooseMethods(page, ['CryoGEN-I', 'CryoWGEN-II'])
  // As the bundle has it: independent draws without step bias; what the chains are worth is said beside the maps.
  await run(page)
  await runEnded(page, 'CryoGEN-I', 'done')
  await runEnded(page, 'CryoWGEN-II', 'done')
  await settled(page)
  await page.locator('.panel-right .panel-scroll').evaluate((panel) => panel.scrollTo(0, 0))
  await page.mouse.move(5, 5)
  await page.screenshot({ path: join(folder, 'compare.png') })

  await page.keyboard.press('Control+s')
  const dialog = page.getByRole('dialog', { name: 'Save figure' })
  await expect(dialog.getByRole('img', { name: 'Preview of the figure' })).toBeVisible()
  await saveTo(program, join(folder, 'figure.png'), () => dialog.getByRole('button', { name: 'Save…' }).click())
})
