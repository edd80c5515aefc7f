import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { picture, setContrast, settled } from '../window-page.ts'
import { passesAxe } from './axe.ts'
import { runRegion, stdValue, writeFinishedRun } from './finished-run.ts'
import { fill, makePlain, movieTimeout, openMovie, save } from './movie-page.ts'
import { readGif, readPngFrames, readVideo } from './movie-files.ts'
import { stepsSize, stepValue, writeSlab, writeSteps } from './volumes.ts'

const size = { width: 96, height: 64 }

/** As for a window in the background: no frame is animated while `act` is done. */
async function withoutAnimation(page: Page, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const animate = window.requestAnimationFrame
    window.requestAnimationFrame = () => 0
    Object.assign(window, { animateAgain: () => (window.requestAnimationFrame = animate) })
  })
  await act()
  await page.evaluate(() => (window as unknown as { animateAgain(): void }).animateAgain())
}

test('a movie through slices: every frame is its slice, in every format', async ({
  program,
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(600_000)
  const volume = join(dataDir, 'steps.mrc')
  await writeSteps(volume)
  await openFile(volume)
  await settled(page)
  await page.keyboard.press('1')
  await settled(page)
  await setContrast(page, 0, 255)
  await picture(page, 'single').focus()
  const middle = { x: size.width / 2, y: size.height / 2 }
  const greys = Array.from({ length: stepsSize.z }, (_, z) => stepValue(z))

  await test.step('the preview shows the frame of the slider', async () => {
    const dialog = await openMovie(page)
    await makePlain(dialog, size)
    await fill(dialog, 'Rate (/s)', 8)
    await dialog.getByRole('slider', { name: 'Frame of the preview' }).fill('5')
    const preview = dialog.getByRole('img', { name: 'Preview of a frame' })
    await expect(preview).toHaveAttribute('data-frame', '5', { timeout: movieTimeout })
    const grey = await preview.evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement
      return (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(width / 2, height / 2, 1, 1).data[0]
    })
    expect(grey).toBe(stepValue(5))
    await passesAxe(page, 'movie')
  })

  await test.step('PNG frames have the exact grey values', async () => {
    const path = join(dataDir, 'steps.zip')
    await save(program, 'png', path)
    const movie = await readPngFrames(path)
    expect(movie).toMatchObject(size)
    expect(movie.names).toEqual(greys.map((_, i) => `frame-000${i + 1}.png`))
    expect(movie.frames.map((at) => at(middle.x, middle.y))).toEqual(greys.map((grey) => [grey, grey, grey]))
  })

  await test.step('GIF: frames, delays, exact greys', async () => {
    const path = join(dataDir, 'steps.gif')
    await openMovie(page)
    await save(program, 'gif', path)
    const movie = await readGif(path)
    expect(movie).toMatchObject(size)
    expect(movie.frames.map((at) => at(middle.x, middle.y)[0])).toEqual(greys)
    expect(movie.durations.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(1, 6)
  })

  for (const [format, codec] of [
    ['webm', /^vp(09|8)/],
    ['mp4', /^(avc1|vp09|av01)/]
  ] as const)
    await test.step(`${format}: exact count, size and time; frame k shows slice k`, async () => {
      const path = join(dataDir, `steps.${format}`)
      await openMovie(page)
      await withoutAnimation(page, () => save(program, format, path))
      const movie = await readVideo(path, page)
      expect(movie).toMatchObject(size)
      expect(movie.codec).toMatch(codec)
      expect(movie.frames).toHaveLength(stepsSize.z)
      for (const seconds of movie.durations) expect(seconds).toBeCloseTo(1 / 8, 3)
      movie.frames.forEach((at, i) =>
        expect(Math.abs(at(middle.x, middle.y)[1] - greys[i]), `frame ${i + 1}`).toBeLessThanOrEqual(8)
      )
    })

  await test.step('a whole slice fills the movie, and the scale bar is true at its size', async () => {
    const dialog = await openMovie(page)
    await dialog.getByLabel('Shows').selectOption('whole')
    await fill(dialog, 'Width (px)', 640)
    await fill(dialog, 'Height (px)', 426)
    await dialog.getByRole('checkbox', { name: 'Scale bar' }).check()
    const path = join(dataDir, 'bar.zip')
    await save(program, 'png', path)
    const { frames, width, height } = await readPngFrames(path)
    const run = (of: (x: number) => boolean): number => Array.from({ length: width }, (_, x) => x).filter(of).length
    const slice = run((x) => frames[4](x, height / 2)[0] === stepValue(4))
    expect(slice).toBeGreaterThanOrEqual(width - 2)
    // The bar's own rows are the lowest that are white in the black slice.
    const rows = Array.from({ length: height }, (_, y) => run((x) => frames[0](x, y)[0] === 255))
    const bar = rows.findLast((pixels) => pixels > 0) ?? 0
    const angstrom = (bar * 10 * stepsSize.x) / slice
    const round = 10 ** Math.floor(Math.log10(angstrom) + 0.02)
    const nearest = Math.min(...[1, 2, 5, 10].map((digit) => Math.abs(angstrom / (digit * round) - 1)))
    expect(nearest).toBeLessThan(1.5 / bar + 1.5 / slice)
  })

  /** Frames are not ready before `frames()` is called, once for all. */
  const holdFrames = async (): Promise<() => Promise<void>> => {
    await page.evaluate(() => {
      const { toBlob } = HTMLCanvasElement.prototype
      const waiting: (() => void)[] = []
      HTMLCanvasElement.prototype.toBlob = function (...args) {
        waiting.push(() => toBlob.apply(this, args))
      }
      const frames = (): void => {
        HTMLCanvasElement.prototype.toBlob = toBlob
        waiting.forEach((go) => go())
      }
      Object.assign(window, { waiting, frames })
    })
    return () => page.evaluate(() => (window as unknown as { frames(): void }).frames())
  }
  const inWork = page.getByRole('group', { name: 'Movie in work' })
  const begin = async (path: string): Promise<void> => {
    await program.desktop?.evaluate(({ dialog: native }, filePath) => {
      native.showSaveDialog = async () => ({ canceled: false, filePath })
    }, path)
    await page.getByRole('dialog', { name: 'Save movie' }).getByRole('button', { name: 'Save…' }).click()
    await page.waitForFunction(() => (window as unknown as { waiting: unknown[] }).waiting.length > 0)
    await expect(inWork).toContainText('frame 0 of 8')
  }

  await test.step('the window is used meanwhile: the movie is of the pane as it was when it was ordered', async () => {
    const dialog = await openMovie(page)
    await makePlain(dialog, size)
    const release = await holdFrames()
    const path = join(dataDir, 'meanwhile.zip')
    const downloading = program.desktop ? null : page.waitForEvent('download', { timeout: movieTimeout })
    await begin(path)
    await setContrast(page, 0, 60)
    await picture(page, 'single').focus()
    await page.keyboard.press('t')
    await settled(page)
    await openMovie(page)
    await expect(dialog.getByText('Another movie is in work')).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Save…' })).toBeDisabled()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await release()
    await (await downloading)?.saveAs(path)
    await expect(inWork).toBeHidden({ timeout: movieTimeout })
    const { frames } = await readPngFrames(path)
    expect(frames.map((at) => at(middle.x, middle.y)[0])).toEqual(greys)
  })

  await test.step('a movie that is cancelled leaves no file', async () => {
    await picture(page, 'single').focus()
    await openMovie(page)
    const release = await holdFrames()
    await begin(join(dataDir, 'cancelled.zip'))
    await inWork.getByRole('button', { name: 'Cancel the movie' }).click()
    await release()
    await expect(inWork).toBeHidden()
    expect((await readdir(dataDir)).filter((name) => name.includes('cancelled'))).toEqual([])
  })
})

test('a movie through members shows each one in order, a sweep what a temperature would do', async ({
  program,
  page,
  openFile,
  dataDir
}) => {
  await openFile(await writeFinishedRun(dataDir))
  await settled(page)
  await page.keyboard.press('1')
  await page.locator('[data-role="mean"] .layer-name').click()
  await settled(page)
  await setContrast(page, 60, 187.5)
  await picture(page, 'single').focus()
  // Whole voxels, no colours over them.
  await page.keyboard.press('s')
  await page.keyboard.press('o')
  const dialog = await openMovie(page)
  await makePlain(dialog, size)
  await dialog.getByLabel('Motion').selectOption({ label: 'Through members' })
  await fill(dialog, 'Frames each', 1)
  test.setTimeout(600_000)
  const path = join(dataDir, 'members.zip')
  await save(program, 'png', path)
  const { frames } = await readPngFrames(path)
  expect(frames).toHaveLength(3)
  // Members are the mean and one SD to either side; two grey levels are one grey value here.
  const steps = new Set<number>()
  let uneven = 0
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const [a, b, c] = frames.map((at) => at(x, y)[0])
      uneven = Math.max(uneven, Math.abs(c - b - (b - a)))
      if (b > 0) steps.add(b - a)
    }
  expect(uneven).toBeLessThanOrEqual(1)
  const spreads = new Set<number>()
  for (let x = runRegion.x[0]; x < runRegion.x[1]; x++) for (const y of [6, 20]) spreads.add(2 * stdValue(x, y))
  expect([...steps].sort((a, b) => a - b)).toEqual([...spreads].sort((a, b) => a - b))

  // From the mean back to the last member.
  await page.keyboard.press(',')
  await settled(page)
  await picture(page, 'single').focus()
  await openMovie(page)
  await dialog.getByLabel('Motion').selectOption({ label: 'Temperature sweep' })
  await fill(dialog, 'γ from', 1)
  await fill(dialog, 'to', 4)
  await fill(dialog, 'Frames', 2)
  await dialog.getByRole('checkbox', { name: 'And back' }).uncheck()
  const swept = join(dataDir, 'sweep.zip')
  await save(program, 'png', swept)
  const [own, hot] = (await readPngFrames(swept)).frames
  // Four times the temperature: twice the deviation from the mean, which the second member is.
  let differing = 0
  let wrong = 0
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const [mean, drawn, predicted] = [frames[1], own, hot].map((at) => at(x, y)[0])
      wrong = Math.max(wrong, Math.abs(predicted - mean - 2 * (drawn - mean)))
      if (predicted !== drawn) differing++
    }
  expect(wrong).toBeLessThanOrEqual(1)
  expect(differing).toBeGreaterThan(500)
})

test('a turn in 3-D shows the other side half-way', async ({ program, page, openFile, dataDir }) => {
  test.setTimeout(600_000)
  const volume = join(dataDir, 'slab.mrc')
  await writeSlab(volume)
  await openFile(volume)
  await settled(page)
  await setContrast(page, 0, 10)
  await page.keyboard.press('2')
  await page.locator('[data-pane="yz"]').getByRole('combobox', { name: 'Plane' }).selectOption('volume')
  const view = page.locator('[data-volume-picture]')
  await view.focus()
  await page.getByLabel('Dense').selectOption('bright')
  await page.getByLabel('Draw').selectOption('maximum')
  await page.getByRole('slider', { name: 'Depth', exact: true }).fill('0')
  await page.getByRole('button', { name: 'XY', exact: true }).click()
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await expect(view).toHaveAttribute('data-settled', 'true')
  await view.focus()
  const dialog = await openMovie(page)
  await makePlain(dialog, size)
  await fill(dialog, 'Frames', 4)
  const path = join(dataDir, 'turn.zip')
  await save(program, 'png', path)
  const { frames } = await readPngFrames(path)
  expect(frames).toHaveLength(4)
  const [left, right] = [size.width / 2 - 8, size.width / 2 + 8]
  const sides = frames.map((at) => [at(left, size.height / 2)[0], at(right, size.height / 2)[0]])
  // The slab fills the left half; its value is 6 of 10.
  expect(sides[0][1]).toBe(0)
  expect(Math.abs(sides[0][0] - 153)).toBeLessThanOrEqual(2)
  expect(sides[2][0]).toBe(0)
  expect(Math.abs(sides[2][1] - 153)).toBeLessThanOrEqual(2)
})
