import { appendFile, copyFile, cp, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { decode } from 'fast-png'
import { openMrc } from '../../packages/mrc-js/src/index.ts'
import { colourIndex, colourTable, shareOfRange } from '../../src/shared/colour-maps.ts'
import { projectRoot } from '../../scripts/run-command.mjs'
import { allJobs, openVolumes } from '../engine-api.ts'
import { expect, test } from '../fixtures.ts'
import { sampleRun } from '../sample-run.ts'
import {
  fetchSlice,
  fillField,
  openBundle,
  picture,
  pixelsOf,
  readValue,
  saveTo,
  setContrast,
  settled,
  voxelOnScreen
} from '../window-page.ts'
import { chooseMethods, chooseSteps, openSampleRegion, region, run, runEnded } from './sample-run.ts'

test('a region is reconstructed by MAP and by sampling, compared, overlaid, drawn as a figure and saved', async ({
  program,
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(240_000)
  const tomogram = await openSampleRegion(page, openFile, dataDir)
  await chooseMethods(page, ['CryoGEN-I', 'CryoWGEN-II'])
  await chooseSteps(page, { steps: 60, burnIn: 20, chains: 2 })
  await expect(page.getByText(/^About .* [kMG]B$/)).toBeVisible({ timeout: 60_000 })
  await run(page)
  await runEnded(page, 'CryoGEN-I', 'done')
  await runEnded(page, 'CryoWGEN-II', 'done')

  // The comparison opened by itself: raw, MAP, mean; the SD lies over the mean.
  await settled(page)
  const names = await page
    .getByRole('combobox', { name: 'Volume' })
    .evaluateAll((selects) => selects.map((select) => (select as HTMLSelectElement).selectedOptions[0].text))
  expect(names).toEqual(['microtubule.mrc', 'MAP · CryoGEN-I', 'posterior mean · CryoWGEN-II'])
  await expect(page.getByRole('group', { name: 'Colour bar: posterior SD (grey value)' })).toBeVisible()

  const folder = dirname(tomogram)
  const runs = (await readdir(folder)).filter((name) => name !== 'microtubule.mrc')
  expect(runs.length).toBeGreaterThan(0)

  await test.step('panes are linked in position and zoom', async () => {
    const crosses = await page
      .locator('.crosshair')
      .evaluateAll((all) => all.map((g) => Number(g.getAttribute('data-x'))))
    // Thirds of the window need not be whole pixels.
    expect(Math.max(...crosses) - Math.min(...crosses)).toBeLessThan(1)
    const scales = await page
      .locator('[data-picture]')
      .evaluateAll((all) => all.map((p) => p.getAttribute('data-scale')))
    expect(new Set(scales).size).toBe(1)
  })

  // Voxels as they are, and nothing drawn over them.
  await picture(page, 'compare-3').hover({ position: { x: 5, y: 5 } })
  for (const key of ['s', 'b']) await page.keyboard.press(key)
  await fillField(page, 'z', 18)
  await page.mouse.move(5, 5)
  await settled(page)
  const shown = async (pane: string): Promise<{ id: string; index: number }> => {
    const [id, , index] = ((await picture(page, pane).getAttribute('data-shown')) ?? '').split(':')
    return { id, index: Number(index) }
  }
  const mean = await shown('compare-3')
  expect(mean.index).toBe(18 - region.z[0])
  const stdId = (await page.locator('[data-role="std"]').getAttribute('data-layer')) ?? ''

  await test.step('the overlay has the colours of its colour bar, as opaque as its value', async () => {
    await setContrast(page, 40, 180)
    // A spread's bar begins at zero; here a narrower range, so that all of its colours occur.
    await expect(page.getByRole('textbox', { name: 'From', exact: true })).toHaveValue('0')
    const [low, high] = [6, 14]
    await fillField(page, 'From', low)
    await fillField(page, 'to', high)
    await page.mouse.move(5, 5)
    const base = await fetchSlice(page, mean.id, 'xy', mean.index)
    const std = await fetchSlice(page, stdId, 'xy', mean.index)
    const cursor = { right: 47, up: 103 }
    const places: { x: number; y: number; at: number }[] = []
    for (let row = 2; row < base.rows - 2; row += 3)
      for (let column = 2; column < base.columns - 2; column += 3) {
        const voxel = { right: region.x[0] + column, up: region.y[0] + row }
        places.push({ ...(await voxelOnScreen(page, 'compare-3', voxel, cursor)), at: row * base.columns + column })
      }
    await page.keyboard.press('c')
    await settled(page)
    const pixels = await pixelsOf(page, 'compare-3')
    const colours = colourTable('magma')
    const differences = places.map(({ x, y, at }) => {
      const grey = Math.round(shareOfRange(base.values[at], { low: 40, high: 180 }) * 255)
      const share = shareOfRange(std.values[at], { low, high })
      const from = colourIndex(share) * 4
      const expected = [0, 1, 2].map((i) => grey * (1 - 0.6 * share) + colours[from + i] * 0.6 * share)
      return Math.max(...pixels.at(x, y).map((part, i) => Math.abs(part - expected[i])))
    })
    expect(places.length).toBeGreaterThan(30)
    expect(Math.max(...differences)).toBeLessThan(2.5)
    await page.keyboard.press('c')
  })

  await test.step('a threshold hides what is below it, the switch hides all', async () => {
    await fillField(page, 'Hide below', 1e6)
    await page.keyboard.press('c')
    await settled(page)
    const coloured = async (): Promise<number> => {
      await settled(page)
      const pixels = await pixelsOf(page, 'compare-3')
      let count = 0
      for (let y = 0; y < pixels.height; y += 3)
        for (let x = 0; x < pixels.width; x += 3) {
          const [r, g, b] = pixels.at(x, y)
          if (Math.abs(r - g) > 12 && Math.abs(r - b) > 12) count++
        }
      return count
    }
    const outline = await coloured()
    const field = page.getByRole('textbox', { name: 'Hide below' })
    await field.fill('')
    await field.press('Enter')
    const all = await coloured()
    expect(all).toBeGreaterThan(outline + 200)
    await page.getByRole('checkbox', { name: 'on', exact: true }).uncheck()
    await expect.poll(coloured).toBeLessThanOrEqual(outline)
    await page.getByRole('checkbox', { name: 'on', exact: true }).check()
    await page.keyboard.press('c')
  })

  await test.step('the figure is saved, as wide as asked, with the panels’ greys', async () => {
    await page.keyboard.press('Control+Shift+f')
    const dialog = page.getByRole('dialog', { name: 'Save figure' })
    await expect(dialog.getByRole('img', { name: 'Preview of the figure' })).toBeVisible({ timeout: 60_000 })
    await expect(dialog.getByRole('textbox', { name: 'Caption' })).toHaveValue(
      /microtubule\.mrc\. CryoGEN-I; CryoWGEN-II, γ = \S+, seed \d+\./
    )
    await fillField(page, 'Width (mm)', 120)
    await fillField(page, 'Resolution (dpi)', 254)
    const path = join(dataDir, 'figure.png')
    await saveTo(program, path, () => dialog.getByRole('button', { name: 'Save…' }).click())
    const png = decode(await readFile(path))
    expect(png.width).toBe(1200)
    expect(png.depth).toBeGreaterThanOrEqual(8)
    const colourful = new Set<string>()
    for (let i = 0; i < png.width * png.height; i += 7)
      colourful.add(Array.from(png.data.slice(i * png.channels, i * png.channels + 3)).join())
    expect(colourful.size).toBeGreaterThan(200)
  })

  await test.step('a map is saved as MRC with the values on screen', async () => {
    const path = join(dataDir, 'mean-saved.mrc')
    await saveTo(program, path, () => page.getByRole('button', { name: 'Save posterior mean as MRC' }).click())
    const file = await openMrc(path)
    expect(file.size).toEqual({ x: 24, y: 28, z: 20 })
    expect(file.voxelSizeAngstrom?.x).toBeCloseTo(10.52, 3)
    const saved = await file.readSlice('xy', mean.index)
    await file.close()
    const onScreen = await fetchSlice(page, mean.id, 'xy', mean.index)
    expect([...saved]).toEqual(onScreen.values)
    await picture(page, 'compare-3').focus()
    const at = (103 - region.y[0]) * 24 + (47 - region.x[0])
    await expect.poll(() => readValue(page)).toBe(saved[at])
  })
})

test('a running family refines on screen, and cancelling keeps what is there, marked as partial', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(240_000)
  await openSampleRegion(page, openFile, dataDir)
  await chooseMethods(page, ['CryoWGEN-II'])
  await chooseSteps(page, { steps: 50_000, burnIn: 10, chains: 2 })
  await run(page)
  const entry = page.getByRole('region', { name: 'Run CryoWGEN-II', exact: true })
  await expect(entry.getByRole('progressbar')).toBeVisible()
  await expect(entry.getByRole('status')).toContainText(/step \d+ of 50000, .* left/, { timeout: 60_000 })
  await expect(entry.getByText('misfit')).toBeVisible()
  await expect(page.locator('[data-role="std"]')).toBeVisible({ timeout: 60_000 })
  const revision = async (): Promise<number> =>
    Number(((await picture(page, 'compare-2').getAttribute('data-shown')) ?? '').split(':')[1])
  await expect.poll(revision, { timeout: 30_000 }).toBeGreaterThan(0)
  const first = await revision()
  await expect.poll(revision, { timeout: 30_000 }).toBeGreaterThan(first)

  // The window answers while the engine works.
  await page.keyboard.press('2')
  await page.keyboard.press('PageUp')
  await settled(page)

  await entry.getByRole('button', { name: 'Cancel CryoWGEN-II' }).click()
  await runEnded(page, 'CryoWGEN-II', 'cancelled')
  await expect(entry.locator('.run-state')).toHaveText('partial')
  await expect(page.locator('[data-role="mean"]')).toBeVisible()
  await page.locator('[data-role="mean"] .layer-name').click()
  await settled(page)
  await picture(page, 'xy').focus()
  await expect.poll(() => readValue(page)).toBeGreaterThan(0)
})

test('what can’t be run is refused in words, and a run that fails says why', async ({
  program,
  page,
  openFile,
  dataDir
}) => {
  const tomogram = await openSampleRegion(page, openFile, dataDir)
  await chooseMethods(page, ['CryoWGEN-II'])
  const panelAlert = page.locator('.panel-right').getByRole('alert')

  await test.step('settings that can’t be, before anything runs', async () => {
    await chooseSteps(page, { steps: 20, burnIn: 40, chains: 2 })
    await expect(panelAlert).toContainText('burn-in')
    await expect(page.getByText('This run would be refused, see above.')).toBeVisible()
    await fillField(page, 'Burn-in', 5)
    await expect(panelAlert).toBeHidden()
  })

  await test.step('a region outside of the volume', async () => {
    const [{ id }] = await openVolumes(page)
    const roi = { x: [60, 124], y: [60, 124], z: [2, 34] }
    const answer = await page.evaluate(
      async (job) => {
        const response = await fetch('/api/jobs', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(job)
        })
        const failure: unknown = await response.json()
        return { status: response.status, failure }
      },
      { ...sampleRun(id, 20), roi }
    )
    expect(answer.status).toBe(422)
    expect(answer.failure).toMatchObject({
      kind: 'input',
      code: 'roi-outside',
      message: expect.stringContaining('x 60:124'),
      hint: expect.stringContaining('0:94')
    })
    await expect(page.locator('.run')).toHaveCount(0)
  })

  await test.step('a folder that is no bundle, and a bundle whose files were changed', async () => {
    const before = await page.getByRole('combobox', { name: 'Bundle' }).inputValue()
    const none = join(dataDir, 'no-bundle')
    await mkdir(none)
    await openBundle(program, none)
    await expect(panelAlert).toContainText('bundle.json')
    await expect(panelAlert).toHaveText(/\. [A-Z].*\.$/)

    const changed = join(dataDir, 'changed-bundle')
    await cp(join(projectRoot, 'resources', 'bundles', 'gaussian'), changed, { recursive: true })
    await appendFile(join(changed, 'encoder.onnx'), 'more')
    await openBundle(program, changed)
    await expect(panelAlert).toContainText('encoder.onnx')
    await expect(panelAlert).toContainText(/sha256|hash/)
    await expect(panelAlert).toHaveText(/\. [A-Z].*\.$/)
    // Neither is chosen, nor offered.
    await expect(page.getByRole('combobox', { name: 'Bundle' })).toHaveValue(before)

    await copyFile(join(projectRoot, 'resources', 'bundles', 'gaussian', 'encoder.onnx'), join(changed, 'encoder.onnx'))
    await openBundle(program, changed)
    await expect(panelAlert).toBeHidden()
    await expect(page.getByRole('combobox', { name: 'Bundle' })).toHaveValue(changed)
  })

  await test.step('a tomogram that went away before its run began', async () => {
    await expect(page.getByText(/^About .* [kMG]B$/)).toBeVisible({ timeout: 60_000 })
    await rm(tomogram)
    await run(page)
    await runEnded(page, 'CryoWGEN-II', 'failed')
    const alert = page.getByRole('region', { name: 'Run CryoWGEN-II', exact: true }).getByRole('alert')
    await expect(alert).toBeVisible()
    await expect(alert).toContainText('microtubule.mrc')
    const [job] = await allJobs(page)
    expect(job.failure?.code).toBe('mrc-not-found')
    await expect(alert).toHaveText(`${job.failure?.message} ${job.failure?.hint}`)
  })
})
