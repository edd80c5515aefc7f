import { expect, test } from '../fixtures.ts'
import { sampleTomogram } from '../samples.ts'
import { fillField, settled } from '../window-page.ts'

test.use({ files: [sampleTomogram] })

test('the assumed wedge lies over the spectrum; dragging or typing corrects it, and it can be taken back', async ({
  page
}) => {
  await settled(page)
  const measured = page.getByText(/^\d+\.\d % measured$/)
  await expect(measured).toBeVisible()
  const report = await page.evaluate(async () => {
    const [volume] = await (await fetch('/api/volumes')).json()
    return (await fetch(`/api/volumes/${volume.id}/wedge`)).json()
  })
  // The window counts the measured share itself while an edge is dragged; at rest it is the engine's.
  await expect(measured).toHaveText(`${(report.measuredFraction * 100).toFixed(1)} % measured`)
  await expect(page.getByText(/Estimated from the power spectrum|Read from/)).toBeVisible()

  const to = page.getByRole('textbox', { name: 'Tilt to (°)' })
  const found = await to.inputValue()
  await fillField(page, 'Tilt from (°)', -45)
  await fillField(page, 'Tilt to (°)', 45)
  await expect(page.getByText('Set by hand.')).toBeVisible()
  // Half of the square, and the discrete diagonal; 94 x 36 frequencies.
  const share = Number((await measured.innerText()).split(' ')[0])
  expect(share).toBeGreaterThan(49)
  expect(share).toBeLessThan(53)

  const edge = page.getByRole('slider', { name: 'Largest tilt' })
  const knob = await edge.locator('circle').boundingBox()
  const picture = await page.locator('.spectrum-picture').boundingBox()
  if (!knob || !picture) throw new Error('no wedge')
  await page.mouse.move(knob.x + knob.width / 2, knob.y + knob.height / 2)
  await page.mouse.down()
  const centre = { x: picture.x + picture.width / 2, y: picture.y + picture.height / 2 }
  const angle = (60 * Math.PI) / 180
  await page.mouse.move(centre.x + 70 * Math.cos(angle), centre.y - 70 * Math.sin(angle), { steps: 5 })
  await page.mouse.up()
  const dragged = Number(await to.inputValue())
  expect(dragged).toBeGreaterThan(57)
  expect(dragged).toBeLessThan(63)

  await edge.focus()
  await page.keyboard.press('ArrowUp')
  await expect(to).toHaveValue(String(dragged + 1))

  await page.getByRole('button', { name: 'Back to what was found' }).click()
  await expect(to).toHaveValue(found)

  await test.step('limits that cross are not taken', async () => {
    const from = page.getByRole('textbox', { name: 'Tilt from (°)' })
    const before = await from.inputValue()
    await from.fill('80')
    await from.press('Enter')
    await expect(from).toHaveAttribute('aria-invalid', 'true')
    await from.press('Escape')
    await expect(from).toHaveValue(before)
  })
})
