import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { openVolumes } from '../engine-api.ts'
import { expect, test } from '../fixtures.ts'
import { sampleTomogram } from '../samples.ts'
import { fetchSlice, goTo, picture, pixelsOf, settled } from '../window-page.ts'

/** What is said about a file that can't be opened, in its own entry. */
function failureOf(page: Page, name: string) {
  return page.getByRole('alert').filter({ hasText: name })
}

/** Bytes of a voxel of the sample. */
const sampleValueBytes = 2

/** Drops real files, as the file manager does. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  const at = { x: 700, y: 450 }
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at, data })
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at, data })
  await expect(page.getByText('Drop to open')).toBeVisible()
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at, data })
  await session.detach()
}

/** A local OME-Zarr 0.4 folder of one level in one chunk, as its specification has it. */
async function writeZarr(
  path: string,
  size: { x: number; y: number; z: number },
  value: (x: number, y: number, z: number) => number
): Promise<void> {
  await mkdir(join(path, '0'), { recursive: true })
  const axes = ['z', 'y', 'x'].map((name) => ({ name, type: 'space', unit: 'angstrom' }))
  const coordinateTransformations = [{ type: 'scale', scale: [13.5, 13.5, 13.5] }]
  const multiscales = [{ version: '0.4', axes, datasets: [{ path: '0', coordinateTransformations }] }]
  const shape = [size.z, size.y, size.x]
  const array = { zarr_format: 2, shape, chunks: shape, dtype: '<f4', compressor: null, fill_value: 0, order: 'C' }
  await writeFile(join(path, '.zgroup'), JSON.stringify({ zarr_format: 2 }))
  await writeFile(join(path, '.zattrs'), JSON.stringify({ multiscales }))
  await writeFile(join(path, '0', '.zarray'), JSON.stringify({ ...array, filters: null, dimension_separator: '.' }))
  const { x: nx, y: ny } = size
  const voxel = (i: number): number => value(i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny)))
  const voxels = Float32Array.from({ length: nx * ny * size.z }, (_, i) => voxel(i))
  await writeFile(join(path, '0', '0.0.0'), new Uint8Array(voxels.buffer))
}

test('files that can’t be opened, or not yet, or not whole', async ({ page, dataDir, openFile, target }) => {
  await test.step('files that are no tomograms are told as such, with what to do, and change nothing', async () => {
    const sample = await readFile(sampleTomogram)
    const bad = {
      'text.mrc': Buffer.from('This is not a tomogram, whatever it is called. '.repeat(60)),
      'short.mrc': sample.subarray(0, 700),
      'empty.mrc': Buffer.alloc(0)
    }
    for (const [name, bytes] of Object.entries(bad)) {
      const path = join(dataDir, name)
      await writeFile(path, bytes)
      await openFile(path)
      const alert = failureOf(page, name)
      await expect(alert).toBeVisible()
      await expect(alert.locator('.hint')).not.toBeEmpty()
      await expect(alert).not.toContainText('fault in the program')
      await alert.getByRole('button', { name: `Dismiss ${name}` }).click()
      await expect(alert).toBeHidden()
    }
    await expect(page.getByRole('heading', { name: 'Drop a tomogram here' })).toBeVisible()
  })

  await test.step('a dropped folder is refused in words', async () => {
    const path = join(dataDir, 'a-folder')
    await mkdir(path)
    await drop(page, [path])
    const alert = failureOf(page, 'a-folder')
    await expect(alert).toBeVisible()
    if (target === 'electron') await expect(alert).toContainText(/folder|directory/i)
    await alert.getByRole('button', { name: 'Dismiss a-folder' }).click()
  })

  await test.step('a truncated tomogram is refused, and the part that is there opened by the button', async () => {
    const path = join(dataDir, 'truncated.mrc')
    const section = 94 * 206 * sampleValueBytes
    await writeFile(path, (await readFile(sampleTomogram)).subarray(0, 1024 + 12.5 * section))
    await openFile(path)
    const alert = failureOf(page, 'truncated.mrc')
    await expect(alert).toContainText('is cut off')
    await expect(alert).toContainText('12 of 36 sections are complete')
    await expect(alert.locator('.hint')).toContainText('Copy or download the file again')
    await expect(page.getByRole('region', { name: 'truncated.mrc', exact: true })).toBeHidden()

    await alert.getByRole('button', { name: 'Open the part that is there (12 of 36 sections)' }).click()
    await expect(alert).toBeHidden()
    const entry = page.getByRole('region', { name: 'truncated.mrc', exact: true })
    await expect(entry).toContainText('Partial: 12 of 36 sections are in the file.')
    await entry.locator('.repairs summary').click()
    await expect(entry.locator('.repairs li').filter({ hasText: 'too early' })).toBeVisible()
    await settled(page)

    const volume = (await openVolumes(page)).find(({ name }) => name === 'truncated.mrc')
    expect(volume?.info.partial).toEqual({ axis: 'z', readableSections: 12, sections: 36 })
    const whole = await fetchSlice(page, volume?.id ?? '', 'xy', 11)
    expect(whole.values.every(Number.isFinite)).toBe(true)
    await picture(page, 'xy').focus()
    await page.keyboard.press('c')
    const colours = async (z: number): Promise<number> => {
      await goTo(page, { x: 47, y: 103, z })
      const pixels = await pixelsOf(page, 'xy')
      let hatched = 0
      for (let i = 0; i < 900; i++) {
        const colour = pixels.at(pixels.width / 2 + (i % 30), pixels.height / 2 + Math.floor(i / 30)).join()
        if (colour === '107,92,51' || colour === '61,54,36') hatched++
      }
      return hatched
    }
    expect(await colours(11)).toBe(0)
    expect(await colours(20)).toBe(900)
    await picture(page, 'xy').focus()
    await page.keyboard.press('c')
    await page.getByRole('button', { name: 'Close truncated.mrc' }).click()
    await expect(entry).toBeHidden()
  })

  await test.step('an OME-Zarr folder opens like a file', async () => {
    const path = join(dataDir, 'volume.zarr')
    const size = { x: 30, y: 20, z: 10 }
    const value = (x: number, y: number, z: number): number => x + 100 * y + 10_000 * z
    await writeZarr(path, size, value)
    await openFile(path)
    await settled(page)
    const entry = page.getByRole('region', { name: 'volume.zarr', exact: true })
    await expect(entry).toContainText('30 × 20 × 10')
    await expect(entry).toContainText('13.5 Å')
    const volume = (await openVolumes(page)).find(({ name }) => name === 'volume.zarr')
    expect(volume?.info.format).toBe('ome-zarr')
    const { values } = await fetchSlice(page, volume?.id ?? '', 'xz', 7)
    expect(Array.from(values)).toEqual(
      Array.from({ length: size.x * size.z }, (_, i) => value(i % size.x, 7, Math.floor(i / size.x)))
    )
    await page.getByRole('button', { name: 'Close volume.zarr' }).click()
    await expect(entry).toBeHidden()
  })

  await test.step('trying again reads the file anew', async () => {
    const path = join(dataDir, 'later.mrc')
    await writeFile(path, 'not yet')
    await openFile(path)
    const alert = failureOf(page, 'later.mrc')
    await expect(alert).toBeVisible()
    await copyFile(sampleTomogram, path)
    await alert.getByRole('button', { name: 'Try again' }).click()
    await settled(page)
    await expect(alert).toBeHidden()
  })

  await test.step('a dropped tomogram opens on the desktop; a browser explains why it can’t', async () => {
    const path = join(dataDir, 'dropped.mrc')
    await copyFile(sampleTomogram, path)
    await drop(page, [path])
    if (target === 'electron') {
      await settled(page)
      await expect(page.getByRole('region', { name: 'dropped.mrc', exact: true })).toBeVisible()
    } else {
      const alert = failureOf(page, 'dropped.mrc')
      await expect(alert).toContainText('A browser hides where a dropped file lies')
    }
  })
})

test('empty, the window says how to begin, and opens the sample; its region is typed, drawn and dragged', async ({
  page
}) => {
  await expect(page.getByRole('heading', { name: 'Drop a tomogram here' })).toBeVisible()
  await page.getByRole('button', { name: 'Open the sample microtubule' }).click()
  await settled(page)
  await expect(page.getByText('94 × 206 × 36')).toBeVisible()
  await expect(page.getByText('10.52 Å')).toBeVisible()

  await test.step('a region outside of the volume is not taken', async () => {
    const field = (name: string) => page.getByRole('textbox', { name, exact: true })
    await field('x from').fill('20')
    await field('x from').press('Enter')
    await field('x to').fill('500')
    await field('x to').press('Enter')
    await expect(field('x to')).toHaveAttribute('aria-invalid', 'true')
    await expect(field('x to')).toHaveAttribute('title', /At most 94/)
    await field('x to').press('Escape')
    await expect(field('x to')).toHaveValue('94')

    await page.getByRole('button', { name: 'Draw', exact: true }).click()
    const picture = page.locator('[data-picture="xy"]')
    const box = await picture.boundingBox()
    if (!box) throw new Error('no picture')
    const scale = Number(await picture.getAttribute('data-scale'))
    const middle = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
    const drag = async (from: { x: number; y: number }, by: { x: number; y: number }): Promise<void> => {
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 6 })
      await page.mouse.up()
    }
    await drag(middle, { x: 20 * scale, y: -30 * scale })
    const read = async () =>
      Promise.all(['x from', 'x to', 'y from', 'y to', 'z from', 'z to'].map((name) => field(name).inputValue()))
    const drawn = (await read()).map(Number)
    expect(drawn[0]).toBeGreaterThanOrEqual(46)
    expect(drawn[0]).toBeLessThanOrEqual(48)
    expect(drawn[1] - drawn[0]).toBe(20)
    expect(drawn[3] - drawn[2]).toBe(30)
    expect(drawn.slice(4)).toEqual([0, 36])

    // The same box in XZ: its upper side moves z only.
    const corner = page.locator('[data-picture="xz"] [data-grip="right-top"]')
    const at = await corner.boundingBox()
    if (!at) throw new Error('no corner')
    await drag({ x: at.x + 4, y: at.y + 4 }, { x: 0, y: 10 * scale })
    expect((await read()).map(Number)).toEqual([...drawn.slice(0, 4), 0, 26])

    await page.getByRole('button', { name: 'Whole', exact: true }).click()
    expect(await read()).toEqual(['0', '94', '0', '206', '0', '36'])
  })
})
