import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openMrc } from '../../packages/mrc-js/src/index.ts'
import type { Box } from '../../src/shared/axes.ts'
import { jobById, openVolumes, startJob } from '../engine-api.ts'
import { expect, test } from '../fixtures.ts'
import { sampleRun } from '../sample-run.ts'
import { sampleTomogram } from '../samples.ts'
import { fetchSlice, fillField, goTo, picture, settled } from '../window-page.ts'

/** As numpy.percentile: linear between the ranks. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]]
  return below + (above - below) * (rank - Math.floor(rank))
}

async function voxelsOfSample(box: Box): Promise<number[]> {
  const file = await openMrc(sampleTomogram)
  const values = Array.from(await file.readBox(box))
  await file.close()
  return values
}

test('contrast from the volume, the region or the slice; handles, drags; how sure a voxel is', async ({
  page,
  dataDir,
  openFile
}) => {
  test.setTimeout(240_000)
  const path = join(dataDir, 'microtubule.mrc')
  await copyFile(sampleTomogram, path)
  await openFile(path)
  await settled(page)
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  const limits = async () => ({
    low: Number((await field('Black').inputValue()).replace('−', '-')),
    high: Number((await field('White').inputValue()).replace('−', '-'))
  })
  const auto = page.getByRole('group', { name: 'Automatic contrast' })
  /** Fields show five digits. */
  const expectLimits = async (values: readonly number[]) => {
    const expected = { low: percentile(values, 0.005), high: percentile(values, 0.995) }
    await expect.poll(async () => Math.abs((await limits()).low - expected.low)).toBeLessThan(0.01)
    await expect.poll(async () => Math.abs((await limits()).high - expected.high)).toBeLessThan(0.01)
  }

  await test.step('automatic limits are percentiles of what the button says', async () => {
    await expect(auto.getByRole('button', { name: 'Volume' })).toHaveAttribute('aria-pressed', 'true')
    await expect(auto.getByRole('button', { name: 'Region' })).toBeDisabled()
    const region: Box = { x: [20, 50], y: [60, 100], z: [4, 30] }
    for (const axis of ['x', 'y', 'z'] as const) {
      await fillField(page, `${axis} to`, region[axis][1])
      await fillField(page, `${axis} from`, region[axis][0])
    }
    await auto.getByRole('button', { name: 'Region' }).click()
    await expectLimits(await voxelsOfSample(region))
    await expect(auto.getByRole('button', { name: 'Volume' })).toHaveAttribute('aria-pressed', 'false')

    await goTo(page, { x: 40, y: 100, z: 7 })
    await picture(page, 'xz').focus()
    await auto.getByRole('button', { name: 'Slice' }).click()
    await expectLimits(await voxelsOfSample({ x: [0, 94], y: [100, 101], z: [0, 36] }))
    await picture(page, 'xy').focus()
    await page.keyboard.press('Shift+A')
    await expectLimits(await voxelsOfSample({ x: [0, 94], y: [0, 206], z: [7, 8] }))
    await page.keyboard.press('a')
    await expectLimits(await voxelsOfSample({ x: [0, 94], y: [0, 206], z: [0, 36] }))
  })

  await test.step('handles of the histogram by key and by drag, both at once, and window and level in the picture', async () => {
    const black = page.getByRole('slider', { name: 'Black level' })
    const range = {
      min: Number(await black.getAttribute('aria-valuemin')),
      max: Number(await black.getAttribute('aria-valuemax'))
    }
    const before = await limits()
    await black.focus()
    for (const key of ['ArrowRight', 'ArrowRight', 'PageUp', 'ArrowLeft']) await page.keyboard.press(key)
    await expect
      .poll(async () => (await limits()).low)
      .toBeCloseTo(before.low + (11 * (range.max - range.min)) / 200, 1)

    const plot = await page.getByRole('group', { name: 'Histogram of grey values' }).boundingBox()
    if (!plot) throw new Error('no histogram')
    const xOf = (value: number): number => plot.x + ((value - range.min) / (range.max - range.min)) * plot.width
    const now = await limits()
    const drag = async (from: number, by: number): Promise<void> => {
      await page.mouse.move(from, plot.y + 40)
      await page.mouse.down()
      await page.mouse.move(from + by, plot.y + 40, { steps: 4 })
      await page.mouse.up()
    }
    const perPixel = (range.max - range.min) / plot.width
    await drag(Math.round(xOf(now.high)), 20)
    await expect.poll(async () => Math.abs((await limits()).high - now.high - 20 * perPixel)).toBeLessThan(perPixel)
    const wide = await limits()
    await drag(Math.round(xOf((wide.low + wide.high) / 2)), -15)
    const moved = await limits()
    expect(moved.high - moved.low).toBeCloseTo(wide.high - wide.low, 1)
    expect(Math.abs(moved.low - wide.low + 15 * perPixel)).toBeLessThan(perPixel)

    const box = await picture(page, 'xy').boundingBox()
    if (!box) throw new Error('no picture')
    await page.mouse.move(box.x + 40, box.y + 40)
    await page.mouse.down({ button: 'right' })
    await page.mouse.move(box.x + 40, box.y + 100, { steps: 3 })
    await page.mouse.up({ button: 'right' })
    // 300 pixels downwards are one window.
    const shifted = await limits()
    expect(shifted.low).toBeCloseTo(moved.low + 0.2 * (moved.high - moved.low), 1)
    expect(shifted.high - shifted.low).toBeCloseTo(moved.high - moved.low, 1)
    await page.keyboard.press('a')
  })

  await test.step('with a run: SD, SNR and wedge share under the crosshair are the maps’ values', async () => {
    await expect(page.locator('[data-readout="sd"]')).toHaveCount(0)
    const [tomogram] = await openVolumes(page)
    const roi: Box = { x: [28, 46], y: [84, 102], z: [8, 26] }
    const { id } = await startJob(page, { ...sampleRun(tomogram?.id ?? '', 30), roi })
    await expect.poll(async () => (await jobById(page, id)).state, { timeout: 100_000 }).toBe('done')
    await goTo(page, { x: 33, y: 95, z: 17 })
    const maps = (await openVolumes(page)).filter(({ region }) => region !== null)
    const valueOf = async (role: string): Promise<number> => {
      const map = maps.find((volume) => volume.role === role)
      const slice = await fetchSlice(page, map?.id ?? '', 'xy', 17 - roi.z[0])
      return slice.values[(95 - roi.y[0]) * slice.columns + 33 - roi.x[0]]
    }
    const read = async (name: string): Promise<number> =>
      Number(await page.locator(`[data-readout="${name}"]`).getAttribute('data-exact'))
    const [mean, std, share] = [await valueOf('mean'), await valueOf('std'), await valueOf('wedge-share')]
    const background = percentile(await voxelsOfSample({ x: [0, 94], y: [0, 206], z: [0, 36] }), 0.5)
    await expect.poll(() => read('sd')).toBeCloseTo(std, 5)
    await expect.poll(() => read('wedge-share')).toBeCloseTo(share, 5)
    await expect.poll(() => read('snr')).toBeCloseTo(Math.abs(mean - background) / std, 1)
    await expect(page.locator('[data-readout="wedge-share"]')).toContainText(`${(share * 100).toFixed(1)} %`)
    // Outside of the run's region nothing is claimed.
    await goTo(page, { x: 5, y: 5, z: 5 })
    await expect(page.locator('[data-readout="sd"]')).toHaveText('SD –')
    await page.locator('[data-readout="snr"]').hover()
    await expect(page.getByRole('tooltip')).toContainText('|mean − background| / SD')
  })
})
