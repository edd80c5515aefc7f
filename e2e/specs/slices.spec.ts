import { join } from 'node:path'
import { openMrc } from '../../packages/mrc-js/src/index.ts'
import { expect, test } from '../fixtures.ts'
import { sampleTomogram } from '../samples.ts'
import { goTo, picture, pixelsOf, readValue, readVoxel, setContrast, settled, voxelOnScreen } from '../window-page.ts'
import { cornerValues, markedSize, writeMarkedVolume, writeRampWithNaN } from './volumes.ts'

test.describe('the sample tomogram', () => {
  test.use({ files: [sampleTomogram] })

  test('slices: contrast, read-out, links, zoom, scale bar, scrubbing', async ({ page }) => {
    await settled(page)

    await test.step('the contrast is right at once: limits are robust percentiles, few pixels are saturated', async () => {
      const file = await openMrc(sampleTomogram)
      const all = (await file.readBox({ x: [0, 94], y: [0, 206], z: [0, 36] })).sort()
      await file.close()
      const shareBelow = (value: number): number => all.filter((v) => v < value).length / all.length
      const low = Number(await page.getByRole('textbox', { name: 'Black', exact: true }).inputValue())
      const high = Number(await page.getByRole('textbox', { name: 'White', exact: true }).inputValue())
      expect(shareBelow(low)).toBeLessThan(0.02)
      expect(shareBelow(high)).toBeGreaterThan(0.98)
      await page.keyboard.press('c')
      await page.keyboard.press('b')
      await settled(page)
      const pixels = await pixelsOf(page, 'xy')
      const greys: number[] = []
      for (let y = 200; y < 400; y++) greys.push(pixels.at(pixels.width / 2 - 60 + (y % 120), y)[0])
      expect(greys.filter((grey) => grey === 0 || grey === 255).length / greys.length).toBeLessThan(0.1)
      const mean = greys.reduce((sum, grey) => sum + grey, 0) / greys.length
      expect(mean).toBeGreaterThan(80)
      expect(mean).toBeLessThan(175)
      await page.keyboard.press('c')
      await page.keyboard.press('b')
    })

    await test.step('the read-out tells the file’s own values and the position in voxels and nm', async () => {
      const file = await openMrc(sampleTomogram)
      for (const position of [
        { x: 0, y: 0, z: 0 },
        { x: 93, y: 205, z: 35 },
        { x: 12, y: 180, z: 7 },
        { x: 61, y: 44, z: 30 }
      ]) {
        await goTo(page, position)
        const { x, y, z } = position
        const [expected] = await file.readBox({ x: [x, x + 1], y: [y, y + 1], z: [z, z + 1] })
        for (const pane of ['xy', 'xz', 'yz']) {
          await picture(page, pane).focus()
          await expect.poll(() => readValue(page), `${pane} at ${x} ${y} ${z}`).toBe(expected)
        }
        expect(await readVoxel(page)).toEqual(position)
        const nm = (at: number): string => (at * 1.052).toFixed(2)
        await expect(page.locator('[data-readout="nm"]')).toHaveText(`${nm(x)}, ${nm(y)}, ${nm(z)} nm`)
      }
      await file.close()
    })

    await test.step('crosshair and planes are linked: clicks, keys, wheel and dragging', async () => {
      await goTo(page, { x: 40, y: 100, z: 18 })
      const target = await voxelOnScreen(page, 'xy', { right: 52, up: 121 }, { right: 40, up: 100 })
      await picture(page, 'xy').click({ position: target })
      await settled(page)
      expect(await readVoxel(page)).toEqual({ x: 52, y: 121, z: 18 })

      const rightOf = async (pane: string) =>
        Number(await picture(page, pane).locator('.crosshair').getAttribute('data-x'))
      const upOf = async (pane: string) =>
        Number(await picture(page, pane).locator('.crosshair').getAttribute('data-y'))
      expect(await rightOf('xz')).toBeCloseTo(await rightOf('xy'), 3)
      expect(await upOf('yz')).toBeCloseTo(await upOf('xy'), 3)

      await page.keyboard.press('PageUp')
      await page.keyboard.press('PageUp')
      await page.keyboard.press('PageDown')
      await page.mouse.wheel(0, -120)
      await settled(page)
      const fields = page.getByRole('region', { name: 'Position of the crosshair' })
      await expect(fields.getByRole('textbox', { name: 'z', exact: true })).toHaveValue('20')

      await picture(page, 'xz').hover({ position: { x: 5, y: 5 } })
      await page.keyboard.press('PageUp')
      await expect(fields.getByRole('textbox', { name: 'y', exact: true })).toHaveValue('122')

      const box = await picture(page, 'xy').boundingBox()
      if (!box) throw new Error('no picture')
      const line = await voxelOnScreen(page, 'xy', { right: 52, up: 60 }, { right: 52, up: 122 })
      const goal = await voxelOnScreen(page, 'xy', { right: 70, up: 60 }, { right: 52, up: 122 })
      await page.mouse.move(box.x + line.x, box.y + line.y)
      await page.mouse.down()
      await page.mouse.move(box.x + goal.x, box.y + goal.y, { steps: 5 })
      await page.mouse.up()
      await expect(fields.getByRole('textbox', { name: 'x', exact: true })).toHaveValue('70')
      await expect(fields.getByRole('textbox', { name: 'y', exact: true })).toHaveValue('122')
    })

    await test.step('zoom keeps the voxel under the pointer, a drag moves the picture, 0 fits it again', async () => {
      await goTo(page, { x: 47, y: 103, z: 18 })
      await picture(page, 'xy').focus()
      const box = await picture(page, 'xy').boundingBox()
      if (!box) throw new Error('no picture')
      const at = { x: Math.round(box.x + box.width / 2 + 70), y: Math.round(box.y + 150) }
      await page.mouse.move(at.x, at.y)
      const before = await readVoxel(page)
      const scaleOf = async () => Number(await picture(page, 'xy').getAttribute('data-scale'))
      const fitted = await scaleOf()
      await page.keyboard.down('Control')
      for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -120)
      await page.keyboard.up('Control')
      await expect.poll(scaleOf).toBeGreaterThan(fitted * 2)
      await page.mouse.move(at.x, at.y + 1)
      await page.mouse.move(at.x, at.y)
      expect(await readVoxel(page)).toEqual(before)

      const scale = await scaleOf()
      await page.mouse.down()
      await page.mouse.move(at.x + Math.round(5 * scale), at.y + Math.round(3 * scale), { steps: 4 })
      expect(await readVoxel(page)).toEqual(before)
      await page.mouse.up()
      await page.keyboard.press('0')
      await expect.poll(scaleOf).toBeCloseTo(fitted, 6)
    })

    await test.step('the scale bar is as long as it says', async () => {
      for (const key of ['0', '=', '=', '=']) {
        await page.keyboard.press(key)
        await settled(page)
        const scale = Number(await picture(page, 'xy').getAttribute('data-scale'))
        const bar = picture(page, 'xy').locator('.scale-bar')
        const [length, unit] = ((await bar.getAttribute('data-length')) ?? '').split(' ')
        expect(unit).toBe('nm')
        expect((Number(await bar.getAttribute('data-pixels')) / scale) * 1.052).toBeCloseTo(Number(length), 6)
        expect(['1', '2', '5']).toContain(length[0])
      }
    })

    await test.step('scrubbing quickly ends on the slice asked for last', async () => {
      await page.keyboard.press('0')
      await picture(page, 'xy').hover()
      for (let i = 0; i < 40; i++) void page.keyboard.press(i % 3 === 2 ? 'PageDown' : 'PageUp')
      await page.keyboard.press('Home')
      await page.keyboard.press('PageDown')
      await settled(page)
      await expect(picture(page, 'xy')).toHaveAttribute('data-shown', /:34$/)
    })
  })
})

test('what is drawn of volumes with known content', async ({ page, dataDir, openFile }) => {
  await test.step('orientation is IMOD’s: row 0 at the bottom, x to the right, z upwards in XZ, y upwards in YZ', async () => {
    const path = join(dataDir, 'marked.mrc')
    await writeMarkedVolume(path)
    await openFile(path)
    await settled(page)
    await setContrast(page, 0, 255)
    await page.keyboard.press('Escape')

    /** Grey on screen of the corner blocks, away from the crosshair's lines. */
    const corners = async (
      pane: string,
      right: 'x' | 'y' | 'z',
      up: 'x' | 'y' | 'z',
      cursor: Record<string, number>
    ) => {
      const pixels = await pixelsOf(page, pane)
      const at = async (r: number, u: number): Promise<number> => {
        const point = await voxelOnScreen(page, pane, { right: r, up: u }, { right: cursor[right], up: cursor[up] })
        const [red, green, blue] = pixels.at(point.x, point.y)
        expect([green, blue]).toEqual([red, red])
        return red
      }
      const far = { right: markedSize[right] - 3, up: markedSize[up] - 3 }
      return {
        'low low': await at(2, 2),
        'high low': await at(far.right, 2),
        'low high': await at(2, far.up),
        'high high': await at(far.right, far.up)
      }
    }
    const corner = (x: string, y: string, z: string): number => cornerValues[`${x} ${y} ${z}`]

    for (const [side, index] of [
      ['low', { x: 0, y: 0, z: 0 }],
      ['high', { x: 23, y: 15, z: 9 }]
    ] as const) {
      await goTo(page, index)
      expect(await corners('xy', 'x', 'y', index), 'XY').toEqual({
        'low low': corner('low', 'low', side),
        'high low': corner('high', 'low', side),
        'low high': corner('low', 'high', side),
        'high high': corner('high', 'high', side)
      })
      expect(await corners('xz', 'x', 'z', index), 'XZ').toEqual({
        'low low': corner('low', side, 'low'),
        'high low': corner('high', side, 'low'),
        'low high': corner('low', side, 'high'),
        'high high': corner('high', side, 'high')
      })
      expect(await corners('yz', 'z', 'y', index), 'YZ beside XY').toEqual({
        'low low': corner(side, 'low', 'low'),
        'high low': corner(side, 'low', 'high'),
        'low high': corner(side, 'high', 'low'),
        'high high': corner(side, 'high', 'high')
      })
    }
    const cursor = { x: 23, y: 15, z: 9 }
    await page.getByRole('button', { name: 'Slice', exact: true }).click()
    await page.getByRole('combobox', { name: 'Plane' }).selectOption('yz')
    await page.mouse.move(5, 5)
    await settled(page)
    expect(await corners('single', 'y', 'z', cursor), 'YZ alone').toEqual({
      'low low': corner('high', 'low', 'low'),
      'high low': corner('high', 'high', 'low'),
      'low high': corner('high', 'low', 'high'),
      'high high': corner('high', 'high', 'high')
    })
  })
  await test.step('window, level, gamma and inversion are exact; voxels without a number are hatched', async () => {
    const path = join(dataDir, 'ramp.mrc')
    await writeRampWithNaN(path)
    await openFile(path)
    await settled(page)
    await page.getByRole('combobox', { name: 'Plane' }).selectOption('xy')
    await picture(page, 'single').focus()
    await settled(page)
    // Without blending, without the crosshair: a pixel is its voxel.
    await page.keyboard.press('s')
    await page.keyboard.press('b')

    const row = async (): Promise<number[]> => {
      await settled(page)
      const cursor = await readVoxel(page)
      const greys: number[] = []
      const places = await Promise.all(
        Array.from({ length: 16 }, (_, x) =>
          voxelOnScreen(page, 'single', { right: x + 0.2, up: 1 }, { right: cursor.x, up: cursor.y })
        )
      )
      await page.keyboard.press('c')
      await settled(page)
      const pixels = await pixelsOf(page, 'single')
      for (const { x, y } of places) greys.push(pixels.at(x, y)[0])
      await page.keyboard.press('c')
      return greys
    }
    const values = Array.from({ length: 16 }, (_, x) => x * 17)
    const share = (value: number, low: number, high: number): number =>
      Math.min(1, Math.max(0, (value - low) / (high - low)))

    await setContrast(page, 0, 255)
    expect(await row()).toEqual(values)
    await setContrast(page, 51, 204)
    expect(await row()).toEqual(values.map((value) => Math.round(share(value, 51, 204) * 255)))

    const gamma = page.getByRole('textbox', { name: 'Gamma', exact: true })
    await gamma.fill('2')
    await gamma.press('Enter')
    expect(await row()).toEqual(values.map((value) => Math.round(share(value, 51, 204) ** 0.5 * 255)))
    await gamma.fill('1')
    await gamma.press('Enter')
    await page.getByRole('button', { name: 'Invert' }).click()
    await page.mouse.move(5, 5)
    expect(await row()).toEqual(values.map((value) => Math.round(share(value, 204, 51) * 255)))

    const cursor = await readVoxel(page)
    const inside = await voxelOnScreen(page, 'single', { right: 12, up: 6 }, { right: cursor.x, up: cursor.y })
    const pixels = await pixelsOf(page, 'single')
    const colours = new Set<string>()
    for (let i = 0; i < 8; i++) colours.add(pixels.at(inside.x + i, inside.y).join())
    expect([...colours].sort()).toEqual(['107,92,51', '61,54,36'])
  })
})
