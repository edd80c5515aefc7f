import { join } from 'node:path'
import { createMrc } from '../../packages/mrc-js/src/index.ts'
import { openVolumes } from '../engine-api.ts'
import { expect, test } from '../fixtures.ts'
import { goTo, picture, readValue, settled } from '../window-page.ts'

/** 64 MiB of bytes: the least that gets a coarse copy. */
const size = { x: 512, y: 512, z: 256 }
const valueAt = ({ x, y, z }: typeof size): number => ((x >> 5) + (y >> 3) + z) % 120

test('scrubbing a large volume: coarse in the same frame, never a queue, exact in the end', async ({
  page,
  dataDir,
  openFile
}) => {
  test.setTimeout(300_000)
  const path = join(dataDir, 'large.mrc')
  const writer = await createMrc(path, { size, mode: 0, voxelSizeAngstrom: { x: 10, y: 10, z: 10 } })
  const section = new Float32Array(size.x * size.y)
  for (let z = 0; z < size.z; z++) {
    for (let y = 0, i = 0; y < size.y; y++) for (let x = 0; x < size.x; x++, i++) section[i] = valueAt({ x, y, z })
    await writer.writeSection(section)
  }
  await writer.finish()
  await openFile(path)
  await settled(page)
  const pyramid = async () => (await openVolumes(page))[0]?.pyramid?.state
  await expect.poll(pyramid, { timeout: 120_000 }).toBe('ready')
  // A trial run of so many voxels would take the cores that looking needs: it waits to be asked for.
  await expect(page.getByRole('button', { name: 'Estimate time and memory' })).toBeVisible()
  const start = { x: 100, y: 100, z: 100 }
  await goTo(page, start)
  await picture(page, 'xz').hover()

  /** Holds back every answer about XZ slices, and steps at every frame; tells what each frame shows and what was asked for. */
  const scrub = (steps: number) =>
    page.evaluate(async (count) => {
      const fetchNow = window.fetch
      const asked: number[] = []
      const held: (() => void)[] = []
      window.fetch = (input, init) => {
        const url = String(input)
        if (!url.includes('/slice?') || !url.includes('plane=xz')) return fetchNow(input, init)
        asked.push(Number(/index=(\d+)/.exec(url)?.[1]))
        return new Promise((resolve, reject) => held.push(() => fetchNow(input, init).then(resolve, reject)))
      }
      const pane = document.querySelector('[data-picture="xz"]')
      const shown: number[] = []
      for (let i = 0; i < count; i++) {
        window.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageUp', code: 'PageUp' }))
        await new Promise(requestAnimationFrame)
        shown.push(Number(pane?.getAttribute('data-shown')?.split(':').at(-1)))
      }
      const askedWhileHeld = [...asked]
      window.fetch = fetchNow
      held.forEach((release) => release())
      return { shown, asked: askedWhileHeld }
    }, steps)

  // The coarse copy comes by itself a moment after the pyramid.
  const steps = 12
  await expect
    .poll(
      async () => {
        await goTo(page, start)
        await picture(page, 'xz').hover()
        return (await scrub(1)).shown
      },
      { timeout: 60_000 }
    )
    .toEqual([start.y + 1])
  await goTo(page, { ...start, y: 200 })
  await picture(page, 'xz').hover()
  const { shown, asked } = await scrub(steps)
  expect(shown).toEqual(Array.from({ length: steps }, (_, i) => 201 + i))
  // One request was on its way; those after it replaced each other.
  expect(asked.length).toBeLessThanOrEqual(2)
  await settled(page)
  await expect(picture(page, 'xz')).toHaveAttribute('data-shown', new RegExp(`:${200 + steps}$`))
  await page.mouse.move(5, 5)
  await expect.poll(() => readValue(page)).toBe(valueAt({ ...start, y: 200 + steps }))
})
