import { join } from 'node:path'
import { expect, test } from '../fixtures.ts'
import { fillField } from '../window-page.ts'
import { drawn, fittedScale, show3d, view3d } from './volume3d-page.ts'
import { ballSize, writeBall } from './volumes.ts'

test('a card with little room, a region of interest, and a card that stops for a while', async ({
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(300_000)
  const path = join(dataDir, 'ball.mrc')
  await writeBall(path)
  // As if textures could have no more than 20 texels a side; what is allocated is noted.
  await page.evaluate(() => {
    const gl = WebGL2RenderingContext.prototype
    const ask = gl.getParameter
    const limit = gl.MAX_3D_TEXTURE_SIZE
    gl.getParameter = function (name: number): unknown {
      return name === limit ? 20 : ask.call(this, name)
    }
    const allocate = gl.texStorage3D
    const noted = window as unknown as { textures: string[] }
    noted.textures = []
    gl.texStorage3D = function (...args) {
      // Voxels, as floats or as codes; what rays may skip is coarser.
      const [, , format, x] = args
      if ((format === this.R32F || format === this.RG8) && x > 4) noted.textures.push(args.slice(3).join(' '))
      allocate.apply(this, args)
    }
  })
  const lastTexture = (): Promise<string | undefined> =>
    page.evaluate(() => (window as unknown as { textures: string[] }).textures.at(-1))
  await openFile(path)
  await show3d(page)
  await fillField(page, 'Level', 2)
  await page.getByRole('button', { name: 'Fit', exact: true }).click()

  await test.step('a click on a side of the orientation cube looks straight at it', async () => {
    await page.getByRole('button', { name: '3-D', exact: true }).click()
    const sides = page.locator('[data-side]')
    await expect(sides).toHaveCount(3)
    await page.locator('[data-side="+z"]').click()
    await expect(sides).toHaveCount(1)
    await expect(sides).toHaveAttribute('data-side', '+z')
  })

  const note = page.locator('[data-pane="yz"] .pane-note-inline')
  const pane = await drawn(page)
  const scale = fittedScale(pane, Math.hypot(40, 36, 48))

  await test.step('what is too long comes averaged, and says so', async () => {
    await expect(note).toHaveText('2 × 2 × 2 voxels averaged; show the region of interest alone for full resolution')
    expect(await lastTexture()).toBe('20 18 12')
  })

  await test.step('the region of interest is drawn in place, and dragged by its sides', async () => {
    for (const [axis, from, to] of [
      ['x', 10, 28],
      ['y', 8, 24],
      ['z', 2, 20]
    ] as const) {
      await fillField(page, `${axis} to`, to)
      await fillField(page, `${axis} from`, from)
    }
    const box = page.locator('[data-region-3d]')
    const handle = box.locator('[data-grip="x-high"]')
    // Along the beam, x = 28 lies 8 voxels to the right of the middle.
    expect(Number(await handle.getAttribute('cx'))).toBeCloseTo(pane.width / 2 + 8 * scale, 0)
    await view3d(page).hover({ position: { x: 20, y: 60 } })
    const at = await handle.boundingBox()
    if (!at) throw new Error('no handle')
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 2 * scale, y + 3, { steps: 2 })
    await page.mouse.up()
    await expect(page.getByRole('textbox', { name: 'x to', exact: true })).toHaveValue('30')
    // Looked at along the beam, the sides across it are no handles.
    await expect(box.locator('[data-grip^="z"]')).toHaveCount(0)
  })

  await test.step('alone, the region has its own voxels', async () => {
    await page.getByRole('checkbox', { name: 'Region only' }).check()
    await expect(note).toHaveCount(0)
    await drawn(page)
    expect(await lastTexture()).toBe('20 16 18')
  })

  await test.step('a card that was lost comes back with the same picture', async () => {
    const before = await drawn(page)
    await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-volume-picture] canvas')
      const loss = canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')
      ;(window as unknown as { giveBack: () => void }).giveBack = () => loss?.restoreContext()
      loss?.loseContext()
    })
    await expect(view3d(page)).toHaveAttribute('data-settled', 'false')
    await expect(page.getByText('The graphics driver stopped drawing the 3-D view')).toBeVisible()
    await page.evaluate(() => (window as unknown as { giveBack: () => void }).giveBack())
    const after = await drawn(page)
    expect(after.width).toBe(before.width)
    let different = 0
    let bright = 0
    const [middleX, middleY] = [Math.round(before.width / 2), Math.round(before.height / 2)]
    const reach = Math.floor(ballSize.x * 0.25 * scale)
    for (let y = middleY - reach; y < middleY + reach; y++)
      for (let x = middleX - reach; x < middleX + reach; x++) {
        if (before.at(x, y).some((part, i) => part !== after.at(x, y)[i])) different++
        if (before.at(x, y)[1] > 60) bright++
      }
    expect(bright).toBeGreaterThan(reach * reach)
    expect(different).toBe(0)
  })

  await test.step('a pane that closes gives its card’s memory up, and nothing is said', async () => {
    const told = page.getByText('The graphics driver stopped drawing the 3-D view')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(told).toHaveCount(0)
    await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-volume-picture] canvas')
      canvas?.addEventListener('webglcontextlost', () => Object.assign(window, { givenUp: true }))
    })
    await page.getByRole('button', { name: 'Slice', exact: true }).click()
    await expect.poll(() => page.evaluate(() => Reflect.get(window, 'givenUp') === true)).toBe(true)
    await expect(told).toHaveCount(0)
  })
})
