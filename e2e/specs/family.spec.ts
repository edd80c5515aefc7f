import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { openMrc } from '../../packages/mrc-js/src/index.ts'
import { expect, test } from '../fixtures.ts'
import { fillField, goTo, picture, readValue, settled } from '../window-page.ts'
import { violationsInBothThemes } from './axe.ts'
import { chooseMethods, chooseSteps, openSampleRegion, region, run, runEnded } from './sample-run.ts'

const size = { x: 24, y: 28, z: 20 }
const at = { x: 40, y: 98, z: 18 }
const own = ((at.z - region.z[0]) * size.y + at.y - region.y[0]) * size.x + at.x - region.x[0]

/** All voxels of a map, (z, y, x). */
async function voxelsOf(path: string): Promise<Float32Array> {
  const file = await openMrc(path)
  try {
    return await file.readBox({ x: [0, size.x], y: [0, size.y], z: [0, size.z] })
  } finally {
    await file.close()
  }
}

interface Files {
  mean: Float32Array
  std: Float32Array
  members: Float32Array[]
  wedge: { tiltMin: number; tiltMax: number }
}

async function filesOfRun(page: Page): Promise<Files> {
  const { path, wedge } = await page.evaluate(async () => {
    const jobs = await (await fetch('/api/jobs')).json()
    const job = jobs.find((one: { request: { method: string } }) => one.request.method === 'cryowgen-2')
    return { path: job.request.outPath, wedge: job.request.wedge }
  })
  const names = Array.from({ length: 8 }, (_, i) => `members/member-${String(i + 1).padStart(3, '0')}.mrc`)
  return {
    mean: await voxelsOf(join(path, 'mean.mrc')),
    std: await voxelsOf(join(path, 'std.mrc')),
    members: await Promise.all(names.map((name) => voxelsOf(join(path, name)))),
    wedge
  }
}

/** Mean square per frequency of the members' deviations, in the wedge and outside, by a plain DFT. */
function deviationBands({ mean, members, wedge }: Files): { wedge: number; measured: number } {
  const signed = (k: number, n: number): number => (2 * k < n ? k : k - n) / n
  const sums = { wedge: 0, measured: 0 }
  const counts = { wedge: 0, measured: 0 }
  for (let kz = 0; kz < size.z; kz++)
    for (let kx = 0; kx < size.x; kx++) {
      const [fz, fx] = [signed(kz, size.z), signed(kx, size.x)]
      // Both signs share a Nyquist bin, and it counts as measured when either is.
      const tilts = [fz, ...(fz === -0.5 ? [0.5] : [])].flatMap((z) =>
        [fx, ...(fx === -0.5 ? [0.5] : [])].map((x) => (x === 0 ? 90 : (Math.atan(z / x) * 180) / Math.PI))
      )
      const isMeasured = (fz === 0 && fx === 0) || tilts.some((tilt) => tilt >= wedge.tiltMin && tilt <= wedge.tiltMax)
      const band = isMeasured ? 'measured' : 'wedge'
      counts[band] += size.y
      const phase = Array.from({ length: size.z * size.x }, (_, i) => {
        const angle = -2 * Math.PI * ((kz * Math.floor(i / size.x)) / size.z + (kx * (i % size.x)) / size.x)
        return { re: Math.cos(angle), im: Math.sin(angle) }
      })
      for (const member of members)
        for (let y = 0; y < size.y; y++) {
          let re = 0
          let im = 0
          for (let i = 0; i < phase.length; i++) {
            const voxel = (Math.floor(i / size.x) * size.y + y) * size.x + (i % size.x)
            const deviation = member[voxel] - mean[voxel]
            re += deviation * phase[i].re
            im += deviation * phase[i].im
          }
          sums[band] += (re * re + im * im) / (phase.length * members.length)
        }
    }
  return { wedge: sums.wedge / counts.wedge, measured: sums.measured / counts.measured }
}

const exact = async (locator: Locator): Promise<number> => Number(await locator.getAttribute('data-exact'))
const readSd = (page: Page): Promise<number> => exact(page.locator('[data-readout="sd"]'))
const shownMember = async (page: Page): Promise<string> =>
  (await picture(page, 'xy').getAttribute('data-shown'))?.split(':')[0] ?? ''

test('a family is looked at member by member, asked why it differs, and tried at another temperature', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(400_000)
  await openSampleRegion(page, openFile, dataDir)
  await chooseMethods(page, ['CryoWGEN-II'])
  await chooseSteps(page, { steps: 40, burnIn: 10, chains: 4 })
  await run(page)
  await runEnded(page, 'CryoWGEN-II', 'done')
  const files = await filesOfRun(page)
  await page.keyboard.press('2')
  await goTo(page, at)
  await page.keyboard.press('f')
  const bench = page.getByRole('region', { name: 'Family' })
  const strip = bench.getByRole('list', { name: 'Members' })

  await test.step('the strip has every member at one contrast', async () => {
    const pictures = strip.locator('canvas')
    await expect(pictures).toHaveCount(8)
    for (const canvas of await pictures.all()) await expect(canvas).toHaveAttribute('data-settled', 'true')
    const contrasts = await pictures.evaluateAll((all) =>
      all.map((canvas) => `${canvas.getAttribute('data-low')} ${canvas.getAttribute('data-high')}`)
    )
    expect(new Set(contrasts).size).toBe(1)
    await strip.getByRole('button', { name: 'Show member 3' }).click()
    await page.mouse.move(5, 5)
    await settled(page)
    expect(await readValue(page)).toBeCloseTo(files.members[2][own], 3)
  })

  await test.step('why they differ here: the members’ own numbers, in words too', async () => {
    const here = bench.getByRole('region', { name: 'Distribution at the crosshair' })
    await expect(here.locator('.distribution-dot')).toHaveCount(8)
    expect(await exact(here.locator('[data-number="mean"]'))).toBeCloseTo(files.mean[own], 3)
    expect(await exact(here.locator('[data-number="SD"]'))).toBeCloseTo(files.std[own], 4)
    const [low, high] = ((await here.locator('[data-number="interval"]').getAttribute('data-exact')) ?? '').split(' ')
    expect(Number(high) - Number(low)).toBeCloseTo(2 * 1.6449 * files.std[own], 2)
    await expect(here).toContainText(
      /Members spread by ± .* grey values here .*; .* % of the variance lies in the missing wedge/
    )
    // Dots lie as far from each other as the values do.
    const dots = await here
      .locator('.distribution-dot')
      .evaluateAll((all) => all.map((dot) => Number(dot.getAttribute('cx'))))
    const values = files.members.map((member) => member[own])
    const scale = (dots[1] - dots[0]) / (values[1] - values[0])
    for (let i = 2; i < 8; i++) expect(dots[i] - dots[0]).toBeCloseTo(scale * (values[i] - values[0]), 0)
  })

  await test.step('it plays at one contrast, and pauses; a pinned member stays beside', async () => {
    const black = page.getByRole('textbox', { name: 'Black', exact: true })
    const contrast = await black.inputValue()
    const first = await shownMember(page)
    await page.keyboard.press('p')
    await expect.poll(() => shownMember(page)).not.toBe(first)
    const second = await shownMember(page)
    await expect.poll(() => shownMember(page)).not.toBe(second)
    await page.keyboard.press('p')
    await expect(bench.locator('.family-player')).toHaveAttribute('data-playing', 'false')
    await settled(page)
    const paused = await shownMember(page)
    expect(await black.inputValue()).toBe(contrast)
    await page.keyboard.press('Shift+P')
    await settled(page)
    const pinned = page.locator('[data-picture^="pane-"]')
    await expect(pinned).toHaveAttribute('data-shown', new RegExp(`^${paused}:`))
    await page.emulateMedia({ reducedMotion: 'reduce' })
    // Motion is unwelcome: the key shows the next member, and that is all.
    await page.keyboard.press('p')
    await expect(bench.locator('.family-player')).toHaveAttribute('data-playing', 'false')
    await expect.poll(() => shownMember(page)).not.toBe(paused)
    await expect(pinned).toHaveAttribute('data-shown', new RegExp(`^${paused}:`))
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await page.keyboard.press('Shift+P')
    await expect(pinned).toHaveCount(0)
  })

  await test.step('the variance by direction is that of the files', async () => {
    await page.keyboard.press('Shift+D')
    const curves = page.locator('[data-curves]')
    await expect(curves).toHaveAttribute('data-settled', 'true')
    const cells = curves.locator('tr[data-curve="deviations"] td')
    const bands = deviationBands(files)
    expect((await exact(cells.nth(0))) / Math.sqrt(bands.measured)).toBeCloseTo(1, 4)
    expect((await exact(cells.nth(1))) / Math.sqrt(bands.wedge)).toBeCloseTo(1, 4)
  })

  await test.step('another temperature is predicted at once, and labelled so', async () => {
    await strip.getByRole('button', { name: 'Show member 5' }).click()
    await page.mouse.move(5, 5)
    await fillField(page, 'γ', 4)
    await expect(bench.getByText('preview')).toBeVisible()
    // The bundle has no tether: the SD goes with the square root of the temperature.
    await expect(bench.locator('.temperature-preview')).toHaveAttribute('data-wedge', '2')
    await settled(page)
    await expect.poll(() => readSd(page)).toBeCloseTo(2 * files.std[own], 3)
    const mean = files.mean[own]
    expect(await readValue(page)).toBeCloseTo(mean + 2 * (files.members[4][own] - mean), 2)
    await expect(page.getByText('predicted value')).toBeVisible()
    await violationsInBothThemes(page, 'family bench')
  })

  await test.step('the chains go on at that temperature, and the maps refine on screen', async () => {
    const before = await shownMember(page)
    await bench.getByRole('button', { name: 'Continue chains here' }).click()
    await expect.poll(() => shownMember(page), { timeout: 120_000 }).not.toBe(before)
    await expect(page.getByRole('region', { name: 'Run CryoWGEN-II', exact: true })).toHaveCount(2)
    await expect(bench.locator('.family-count')).toContainText('γ 4')
    await expect(bench.getByText('preview')).toHaveCount(0)
    await expect(strip.locator('canvas')).not.toHaveCount(0, { timeout: 120_000 })
    // A hand that rests is enough, where that was asked for.
    await bench.getByRole('checkbox', { name: 'when the hand rests' }).check()
    await bench.getByRole('slider', { name: 'Temperature γ, slider' }).fill('-0.3')
    await expect(page.getByRole('region', { name: 'Run CryoWGEN-II', exact: true })).toHaveCount(3)
    await expect(bench.locator('.family-count')).toContainText('γ 2', { timeout: 120_000 })
  })
})
