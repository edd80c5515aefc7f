import { openMrc } from '../../packages/mrc-js/src/index.ts'
import { expect, test } from '../fixtures.ts'
import { sampleTomogram } from '../samples.ts'
import { goTo, readValue, settled } from '../window-page.ts'

test.use({ files: [sampleTomogram] })

test('a slab shows the mean or the greatest of its slices, in every plane, and can be switched off', async ({
  page
}) => {
  await settled(page)
  const at = { x: 30, y: 90, z: 18 }
  await goTo(page, at)
  const file = await openMrc(sampleTomogram)
  const column = Array.from(await file.readBox({ x: [30, 31], y: [90, 91], z: [16, 21] }))
  await file.close()

  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  const slab = page.getByRole('textbox', { name: 'Slab (slices)' })
  await slab.fill('5')
  await slab.press('Enter')
  await settled(page)
  await expect(page.locator('[data-readout="value"]')).toContainText('filtered value')
  await expect.poll(() => readValue(page)).toBeCloseTo(column.reduce((a, b) => a + b) / 5, 3)

  await page.getByRole('combobox', { name: 'How the slab is drawn' }).selectOption('max')
  await settled(page)
  await expect.poll(() => readValue(page)).toBe(Math.max(...column))

  await page.getByRole('button', { name: 'Off', exact: true }).click()
  await settled(page)
  await expect(page.locator('[data-readout="value"]')).not.toContainText('filtered')
  await expect.poll(() => readValue(page)).toBe(column[2])
})
