import { join } from 'node:path'
import { createMrc } from '../../packages/mrc-js/src/index.ts'
import { expect, test } from '../fixtures.ts'
import { goTo, picture, settled, voxelOnScreen } from '../window-page.ts'

/** Voxels that are twice as long along z as along x and y. */
const size = { x: 40, y: 30, z: 20 }

test('distances are measured in a slice and across slices, listed, and taken back', async ({
  page,
  dataDir,
  openFile
}) => {
  const path = join(dataDir, 'flat.mrc')
  const writer = await createMrc(path, { size, mode: 2, voxelSizeAngstrom: { x: 10, y: 10, z: 20 } })
  for (let z = 0; z < size.z; z++)
    await writer.writeSection(Float32Array.from({ length: size.x * size.y }, (_, i) => i % 7))
  await writer.finish()
  await openFile(path)
  await settled(page)
  const cursor = { x: 20, y: 15, z: 5 }
  await goTo(page, cursor)
  await picture(page, 'xy').focus()
  await page.keyboard.press('q')
  await expect(picture(page, 'xy')).toHaveAttribute('data-tool', 'measure')
  const clickXy = async (x: number, y: number) =>
    picture(page, 'xy').click({
      position: await voxelOnScreen(page, 'xy', { right: x, up: y }, { right: cursor.x, up: cursor.y })
    })
  await page.getByRole('button', { name: 'Distances' }).click()
  const rows = page.getByRole('list', { name: 'Measured distances' }).getByRole('listitem')
  const length = async (row: number) => ({
    nm: Number(await rows.nth(row).getAttribute('data-nm')),
    voxels: Number(await rows.nth(row).getAttribute('data-voxels'))
  })
  /** Clicks land on whole pixels. */
  const scale = Number(await picture(page, 'xy').getAttribute('data-scale'))
  const within = (expected: number, found: number) => expect(Math.abs(expected - found)).toBeLessThan(3 / scale)

  await test.step('two clicks in a slice', async () => {
    await clickXy(4, 6)
    await picture(page, 'xy').hover({ position: { x: 100, y: 100 } })
    await expect(picture(page, 'xy').locator('[data-measure="open"]')).toHaveCount(1)
    await clickXy(34, 6 + 16)
    await expect(rows).toHaveCount(1)
    within(34, (await length(0)).nm)
    within(34, (await length(0)).voxels)
    await expect(picture(page, 'xy').locator('.measure text')).toHaveText(/^3[34]\.\d nm$/)
    // The crosshair stayed where it was: the clicks were the tool's.
    await expect(page.locator('[data-readout="voxel"]')).toBeVisible()
    await expect(picture(page, 'xy').locator('[data-measure="1"]')).toHaveAttribute('data-here', '2')
    await expect(picture(page, 'xz').locator('[data-measure="1"]')).toHaveCount(1)
  })

  await test.step('across slices, with voxels that are not cubes', async () => {
    await clickXy(10, 10)
    await picture(page, 'xy').hover()
    for (let i = 0; i < 6; i++) await page.keyboard.press('PageUp')
    await settled(page)
    await clickXy(13, 14)
    await expect(rows).toHaveCount(2)
    // 3, 4 and 6 voxels: sqrt(9 + 16 + 36) voxels, and 3, 4 and 12 nm.
    within(Math.sqrt(61), (await length(1)).voxels)
    within(13, (await length(1)).nm)
    const line = picture(page, 'xy').locator('[data-measure="2"]')
    await expect(line).toHaveAttribute('data-here', '1')
    await page.keyboard.press('PageUp')
    await expect(line).toHaveCount(0)
  })

  await test.step('Escape takes a first point back, then puts the tool away; distances stay until removed', async () => {
    await clickXy(5, 5)
    await page.keyboard.press('Escape')
    await expect(picture(page, 'xy').locator('[data-measure="open"]')).toHaveCount(0)
    await expect(picture(page, 'xy')).toHaveAttribute('data-tool', 'measure')
    await page.keyboard.press('Escape')
    await expect(picture(page, 'xy')).toHaveAttribute('data-tool', 'navigate')
    await expect(rows).toHaveCount(2)
    await page.getByRole('button', { name: /^Remove distance 1/ }).click()
    await expect(rows).toHaveCount(1)
    await page.keyboard.press('Control+z')
    await expect(rows).toHaveCount(2)
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await expect(rows).toHaveCount(0)
    await expect(page.getByText('then click two points')).toBeVisible()
  })
})
