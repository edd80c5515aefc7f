import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { createMrc } from '../../packages/mrc-js/src/index.ts'
import { expect, test } from '../fixtures.ts'
import { goTo, picture, setContrast, settled } from '../window-page.ts'

const size = { x: 24, y: 16, z: 60 }
const greyOf = (z: number): number => 40 + 3 * z

/** Turns the wheel over a picture, and reads what its canvas and its page show before anything else can happen. */
function stepAndLook(page: Page, pane: string, by: number) {
  return page.evaluate(
    async ([id, steps]) => {
      const element = document.querySelector<HTMLElement>(`[data-picture="${id}"]`)
      const canvas = document.querySelector<HTMLCanvasElement>('.slice-canvas > canvas')
      const gl = canvas?.getContext('webgl2')
      if (!element || !canvas || !gl) throw new Error('no picture')
      const box = element.getBoundingClientRect()
      const whole = canvas.getBoundingClientRect()
      const ratio = canvas.width / whole.width
      const look = (): number => {
        // Beside the crosshair, which is drawn over the canvas.
        const [x, y] = [box.left + box.width / 2 + 6, box.top + box.height / 2 + 6]
        const pixel = new Uint8Array(4)
        const at = [(x - whole.left) * ratio, (whole.bottom - y) * ratio].map(Math.round)
        gl.readPixels(at[0], at[1], 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel)
        return pixel[0]
      }
      const shown = (): string | undefined => element.dataset.shown?.split(':').at(-1)
      // What is drawn within an event is drawn once a frame.
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      const before = { grey: look(), shown: shown() }
      const wheel = { deltaY: -100 * Number(steps), bubbles: true, cancelable: true }
      element.dispatchEvent(new WheelEvent('wheel', wheel))
      return { before, after: { grey: look(), shown: shown() } }
    },
    [pane, String(by)] as const
  )
}

test('a slice that is at hand is on the canvas when the event that steps to it is over', async ({
  page,
  dataDir,
  openFile
}) => {
  const path = join(dataDir, 'steps.mrc')
  const writer = await createMrc(path, { size, mode: 2, voxelSizeAngstrom: { x: 10, y: 10, z: 10 } })
  for (let z = 0; z < size.z; z++) await writer.writeSection(new Float32Array(size.x * size.y).fill(greyOf(z)))
  await writer.finish()
  await page.evaluate(() => {
    const fetchNow = window.fetch
    const read: number[] = []
    Object.assign(window, { readSlices: read })
    window.fetch = async (input, init) => {
      const response = await fetchNow(input, init)
      const index = /plane=xy&index=(\d+)/.exec(String(input))?.[1]
      if (index !== undefined)
        void response
          .clone()
          .arrayBuffer()
          .then(() => read.push(Number(index)))
      return response
    }
  })
  const readSlices = () => page.evaluate(() => (window as unknown as { readSlices: number[] }).readSlices)
  await openFile(path)
  await settled(page)
  await setContrast(page, 0, 255)
  await goTo(page, { x: 12, y: 8, z: 30 })
  await settled(page)

  await test.step('neighbours are read ahead, without anyone stepping', async () => {
    await expect.poll(readSlices).toEqual(expect.arrayContaining([27, 28, 29, 31, 32, 33, 34, 35]))
  })

  await test.step('the step is drawn at once, and the page follows', async () => {
    const up = await stepAndLook(page, 'xy', 1)
    expect(up.before).toEqual({ grey: greyOf(30), shown: '30' })
    // The words have not followed yet, the picture has.
    expect(up.after).toEqual({ grey: greyOf(31), shown: '30' })
    await expect(picture(page, 'xy')).toHaveAttribute('data-shown', /:31$/)
    const down = await stepAndLook(page, 'xy', -1)
    expect(down.after.grey).toBe(greyOf(30))
    await expect(picture(page, 'xy')).toHaveAttribute('data-shown', /:30$/)
  })

  await test.step('the other planes keep their pictures; only their crosshairs move', async () => {
    const line = picture(page, 'xz').locator('[data-line="across"]').first()
    const before = await line.boundingBox()
    await stepAndLook(page, 'xy', 1)
    await expect(picture(page, 'xy')).toHaveAttribute('data-shown', /:31$/)
    await expect(picture(page, 'xz')).toHaveAttribute('data-shown', /:8$/)
    expect((await line.boundingBox())?.y).toBeLessThan(before?.y ?? 0)
  })
})
