import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { fillField, type Pixels } from '../window-page.ts'
import { radii, side, writeBallRun } from './ball-run.ts'
import { drawn, fittedScale, lightOn, setMode, show3d, view3d } from './volume3d-page.ts'

/** Opacity of a ray through the middle: in each of 8 cells a quarter of the members has its surface, fading into the cells beside. */
function throughTheMiddle(): number {
  const parts = 1000
  let sum = 0
  for (let i = 0; i < parts; i++) sum -= (2 / parts) * Math.log(1 - 0.25 * ((i + 0.5) / parts))
  return 1 - Math.exp(-8 * sum)
}

test('members in 3-D: where their surfaces may lie, and one after the other at one level', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(300_000)
  // Counts what is allocated on the graphics card, from the canvas's first frame on.
  await page.evaluate(() => {
    const gl = WebGL2RenderingContext.prototype
    const original = gl.texStorage3D
    const counted = window as unknown as { texturesMade: number }
    counted.texturesMade = 0
    gl.texStorage3D = function (...args) {
      counted.texturesMade++
      original.apply(this, args)
    }
  })
  await openFile(await writeBallRun(dataDir))
  await expect(page.locator('[data-role="mean"] .layer-name')).toBeVisible()
  await page.locator('[data-role="mean"] .layer-name').click()
  await show3d(page)
  await fillField(page, 'Level', 0)
  await page.getByRole('button', { name: 'Fit', exact: true }).click()

  await test.step('each cell is as opaque as the share of members whose surface passes through it', async () => {
    await setMode(page, 'crossing')
    await expect(page.getByText('share of the 4 members')).toBeVisible()
    const pixels = await drawn(page)
    const middle = pixels.at(pixels.width / 2, pixels.height / 2)
    const expected = throughTheMiddle() * lightOn([0, 0, 1], 0.8)
    expect(Math.abs(middle[1] - 255 * expected)).toBeLessThan(5)
    // Beyond the largest ball there is nothing.
    const scale = fittedScale(pixels, Math.hypot(side, side, side))
    expect(pixels.at(pixels.width / 2 - 15.7 * scale, pixels.height / 2)[1]).toBeLessThan(3)
    // Between two balls one looks through the larger one's shell only, twice: less than through the middle.
    const outside = pixels.at(pixels.width / 2 - 12.3 * scale, pixels.height / 2)[1]
    expect(outside).toBeGreaterThan(20)
    expect(outside).toBeLessThan(middle[1])
  })

  await test.step('member by member: the radius of each, at one level', async () => {
    await setMode(page, 'surface')
    await page.keyboard.press('f')
    await expect(page.getByRole('list', { name: 'Members' }).locator('canvas')).toHaveCount(4)
    for (const [k, radius] of radii.entries()) {
      await page.getByRole('button', { name: `Show member ${k + 1}`, exact: true }).click()
      await expect(page.locator('[data-pane="yz"] .pane-volume')).toHaveText(new RegExp(`member ${k + 1} `))
      await expect(view3d(page)).toHaveAttribute('data-shown', await idOfMember(page, k + 1))
      const pixels = await drawn(page)
      expect(Math.abs(radiusOf(pixels) - radius)).toBeLessThan(0.04 * radius)
      await expect(page.getByRole('textbox', { name: 'Level', exact: true })).toHaveValue('0')
    }
  })

  await test.step('played: each comes up, and nothing is allocated for those that were shown', async () => {
    const made = await page.evaluate(() => (window as unknown as { texturesMade: number }).texturesMade)
    await view3d(page).focus()
    await page.keyboard.press('p')
    const seen = new Set<string | null>()
    await expect
      .poll(async () => seen.add(await view3d(page).getAttribute('data-shown')).size, {
        intervals: [50],
        timeout: 60_000
      })
      .toBe(4)
    await page.keyboard.press('p')
    await expect(page.locator('.family-player')).toHaveAttribute('data-playing', 'false')
    expect(await page.evaluate(() => (window as unknown as { texturesMade: number }).texturesMade)).toBe(made)
  })
})

/** In voxels, from the pixels that the ball covers. */
function radiusOf(pixels: Pixels): number {
  const scale = fittedScale(pixels, Math.hypot(side, side, side))
  const reach = Math.floor(15.5 * scale)
  const [middleX, middleY] = [Math.floor(pixels.width / 2), Math.floor(pixels.height / 2)]
  let covered = 0
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) if (pixels.at(middleX + x, middleY + y)[0] > 20) covered++
  return Math.sqrt(covered / Math.PI) / scale
}

async function idOfMember(page: Page, number: number): Promise<string> {
  return page.evaluate(async (name) => {
    const volumes = (await (await fetch('/api/volumes')).json()) as { id: string; role: string | null; name: string }[]
    return volumes.find((volume) => volume.role === 'member' && volume.name.endsWith(name))?.id ?? ''
  }, `member ${number}`)
}
