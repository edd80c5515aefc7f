import { join } from 'node:path'
import { expect, test } from '../fixtures.ts'
import { setContrast, settled } from '../window-page.ts'
import { drawn, fittedScale, show3d, view3d } from './volume3d-page.ts'
import { plainHeader, writeFloats } from './volumes.ts'

/** A little more than what is drawn without being asked on a computer with little memory (2^21). */
const size = { x: 161, y: 161, z: 83 }
const middle = 80
const value = 8
const white = 10
/** Every ray is marched in software here. */
const patient = { timeout: 90_000 }

test('full detail: a line one voxel wide against the closed form, and what a card without room does', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(300_000)
  const values = new Float32Array(size.x * size.y * size.z)
  for (let z = 0; z < size.z; z++) values[(z * size.y + middle) * size.x + middle] = value
  const path = join(dataDir, 'line.mrc')
  await writeFloats(path, values, size, plainHeader)
  await page.evaluate(() => Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 1 }))
  await openFile(path)
  await settled(page)
  await setContrast(page, 0, white)
  await show3d(page)
  await page.getByLabel('Draw').selectOption('maximum')
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  const fitted = fittedScale(await drawn(page), Math.hypot(size.x, size.y, size.z))
  const scale = fitted * Math.exp(2.5)
  const detail = page.getByLabel('Detail')
  await expect(detail).toHaveValue('automatic')
  await view3d(page).hover()
  await page.mouse.wheel(0, -1500)

  /** Grey at a place in voxels from the block's middle, where the line's own middle is. */
  const greyAt = async (x: number, y: number): Promise<number> => {
    await expect(view3d(page)).toHaveAttribute('data-settled', 'true', { timeout: 60_000 })
    const pixels = await drawn(page)
    return pixels.at(Math.floor(pixels.width / 2 + x * scale), Math.floor(pixels.height / 2 - y * scale))[0]
  }
  const tent = (x: number, width: number): number => Math.max(0, 1 - Math.abs(x) / width)
  const full = (255 * value) / white

  await test.step('averaged, the line is twice as wide and a quarter as bright', async () => {
    await expect(page.locator('.field-note', { hasText: 'means of 2 × 2 × 2 voxels' })).toContainText('MiB', patient)
    await expect.poll(() => greyAt(0.5, 0.5), patient).toBeGreaterThan(0.9 * (full / 4))
    expect(await greyAt(0.5, 0.5)).toBeLessThan(1.03 * (full / 4))
  })

  await test.step('in full detail it is as it is in the file', async () => {
    await detail.selectOption('full')
    await expect(page.locator('.field-note', { hasText: '161 × 161 × 83 voxels' })).toContainText('4.1 MiB', patient)
    await expect.poll(() => greyAt(0, 0), patient).toBeGreaterThan(0.9 * full)
    for (const [x, y] of [
      [0.5, 0],
      [0, -0.75],
      [0.4, 0.3],
      [1.2, 0]
    ])
      expect(Math.abs((await greyAt(x, y)) - full * tent(x, 1) * tent(y, 1)), `at ${x}, ${y}`).toBeLessThan(0.06 * 255)
  })

  await test.step('a card that is lost gets the averages back, and that is said', async () => {
    await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-volume-picture] canvas')
      const loss = canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')
      Object.assign(window, { giveBack: () => loss?.restoreContext() })
      loss?.loseContext()
    })
    await expect(page.getByText('could not draw the volume in full detail')).toBeVisible()
    await expect(detail).toHaveValue('automatic')
    await page.evaluate(() => (window as unknown as { giveBack: () => void }).giveBack())
    await expect.poll(() => greyAt(0.5, 0.5), patient).toBeLessThan(1.03 * (full / 4))
    expect(await greyAt(0.5, 0.5)).toBeGreaterThan(0.9 * (full / 4))
  })
})
