import { join } from 'node:path'
import { colourTable } from '../../src/shared/colour-maps.ts'
import { expect, test } from '../fixtures.ts'
import { fillField, picture, setContrast, settled } from '../window-page.ts'
import { radii, side, writeBallRun } from './ball-run.ts'
import { readPngFrames, readVideo, type ReadMovie } from './movie-files.ts'
import { fill, makePlain, openMovie, save } from './movie-page.ts'
import { setMode, show3d, view3d } from './volume3d-page.ts'
import { stepsSize, stepValue, writeFloats, writeSteps } from './volumes.ts'

const size = { width: 480, height: 360 }

/** A 32nd of the smaller side. */
const font = 11

type Frame = ReadMovie['frames'][number]

/** Columns and rows in a part of a frame whose pixels are of a kind, inclusive; null where there are none. */
function extentOf(
  frame: Frame,
  part: { x: [number, number]; y: [number, number] },
  isOne: (pixel: [number, number, number]) => boolean
): { x: [number, number]; y: [number, number] } | null {
  const found = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] } satisfies Record<string, [number, number]>
  for (let y = part.y[0]; y < part.y[1]; y++)
    for (let x = part.x[0]; x < part.x[1]; x++) {
      if (!isOne(frame(x, y))) continue
      found.x = [Math.min(found.x[0], x), Math.max(found.x[1], x)]
      found.y = [Math.min(found.y[0], y), Math.max(found.y[1], y)]
    }
  return found.x[0] > found.x[1] ? null : found
}

test('a movie through members in 3-D: frame k is the surface of member k; the wedge and the cube turn as the pane’s', async ({
  program,
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(300_000)
  await openFile(await writeBallRun(dataDir))
  await page.locator('[data-role="mean"] .layer-name').click()
  await show3d(page)
  await setMode(page, 'surface')
  await fillField(page, 'Level', 0)
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await expect(view3d(page)).toHaveAttribute('data-settled', 'true')
  const pane = await view3d(page).boundingBox()
  if (!pane) throw new Error('the 3-D pane is not on screen')
  // Fit: the diagonal and 2 % in the pane's smaller side; the movie shows all that the pane shows.
  const shape = pane.width / pane.height
  const height =
    ((1.02 * Math.hypot(side, side, side)) / Math.min(1, shape)) * Math.max(1, (shape * size.height) / size.width)
  const pixelsPerVoxel = size.height / height

  await test.step('members', async () => {
    await view3d(page).focus()
    const dialog = await openMovie(page)
    await makePlain(dialog, size)
    await dialog.getByLabel('Motion').selectOption({ label: 'Through members' })
    await fill(dialog, 'Frames each', 1)
    const path = join(dataDir, 'members.webm')
    await save(program, 'webm', path)
    const movie = await readVideo(path, page)
    expect(movie).toMatchObject(size)
    expect(movie.frames).toHaveLength(radii.length)
    movie.frames.forEach((frame, k) => {
      let covered = 0
      for (let y = 0; y < size.height; y++) for (let x = 0; x < size.width; x++) if (frame(x, y)[1] > 30) covered++
      const radius = Math.sqrt(covered / Math.PI) / pixelsPerVoxel
      expect(Math.abs(radius / radii[k] - 1), `member ${k + 1}: ${radius}`).toBeLessThan(0.04)
    })
  })

  await test.step('glyphs', async () => {
    await view3d(page).focus()
    const dialog = await openMovie(page)
    await dialog.getByLabel('Motion').selectOption({ label: 'Turn' })
    await fill(dialog, 'By (°)', 90)
    await fill(dialog, 'Frames', 2)
    await dialog.getByRole('checkbox', { name: 'Unmeasured wedge' }).check()
    await dialog.getByRole('checkbox', { name: 'Orientation cube' }).check()
    const path = join(dataDir, 'turn.zip')
    await save(program, 'png', path)
    const { frames } = await readPngFrames(path)
    expect(frames).toHaveLength(2)
    // Text of 11 pixels where the pane has 12: so much smaller are the glyphs.
    const unit = font / 12
    const [right, reach] = [size.width - 44 * unit, 30 * unit]
    const orange = ([red, , blue]: number[]): boolean => red - blue > 40
    // Tilts of 60 degrees about y, which is upright: along the beam x reaches cos 60, from the side the whole radius is seen.
    for (const [i, halfWidth] of [0.5, 1].entries()) {
      const seen = extentOf(
        frames[i],
        { x: [Math.round(right - reach), Math.round(right + reach)], y: [0, Math.round(44 * unit + reach)] },
        orange
      )
      const [across, down] = [seen?.x ?? [0, 0], seen?.y ?? [0, 0]].map(([from, to]) => to - from + 1)
      // Lines are a pixel and a half wide, and their smoothed edges reach into the pixels beside them.
      expect(Math.abs(across - 2 * 24 * unit * halfWidth), `frame ${i + 1}`).toBeLessThan(4)
      expect(Math.abs(down - 2 * 24 * unit * 0.55), `frame ${i + 1}`).toBeLessThan(4)
      expect(Math.abs(((seen?.x[0] ?? 0) + (seen?.x[1] ?? 0) + 1) / 2 - right)).toBeLessThan(2)
    }
    // Straight from the front the cube is a square of 26 of the pane's pixels, darker inside.
    const [cubeX, cubeY] = [right, size.height - 44 * unit + 8 * unit]
    const at = (by: number): number =>
      Math.max(...[-1, 0, 1].map((x) => frames[0](Math.floor(cubeX + by * unit) + x, cubeY)[0]))
    expect(at(-13)).toBeGreaterThan(120)
    expect(at(13)).toBeGreaterThan(120)
    expect(at(-10)).toBeLessThan(60)
    expect(at(10)).toBeLessThan(60)
    expect(at(17)).toBe(0)
  })

  await test.step('a volume in colours has their bar', async () => {
    await setMode(page, 'maximum')
    await page.getByLabel('Colours').last().selectOption('viridis')
    await expect(view3d(page)).toHaveAttribute('data-settled', 'true')
    await view3d(page).focus()
    const dialog = await openMovie(page)
    await fill(dialog, 'Frames', 1)
    await dialog.getByRole('checkbox', { name: 'Unmeasured wedge' }).uncheck()
    await dialog.getByRole('checkbox', { name: 'Orientation cube' }).uncheck()
    await dialog.getByRole('checkbox', { name: 'Colour bar' }).check()
    const path = join(dataDir, 'colours.zip')
    await save(program, 'png', path)
    const [frame] = (await readPngFrames(path)).frames
    // Ten letters wide, from the table's first colour to its last, a letter from the right edge.
    const table = colourTable('viridis')
    const width = 10 * font
    const y = size.height - Math.round(font * 2.3) - 3
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const column = Math.round(share * (width - 1))
      const from = Math.round((column / (width - 1)) * 255) * 4
      expect(frame(size.width - font - width + column, y)).toEqual([...table.subarray(from, from + 3)])
    }
  })
})

test('a movie of a comparison: frame k has slice k of A left of the line and of B right of it; the crosshair is where the pane has it', async ({
  program,
  page,
  openFile,
  dataDir
}) => {
  test.setTimeout(300_000)
  const a = join(dataDir, 'a.mrc')
  const b = join(dataDir, 'b.mrc')
  await writeSteps(a)
  const { x, y, z } = stepsSize
  const falling = new Float32Array(x * y * z).map((_, i) => 240 - 16 * Math.floor(i / (x * y)))
  const ten = { x: 10, y: 10, z: 10 }
  const zero = { x: 0, y: 0, z: 0 }
  const header = { voxelSizeAngstrom: ten, origin: zero, start: zero, axisOrder: [1, 2, 3], labels: [] } as const
  await writeFloats(b, falling, stepsSize, { ...header, axisOrder: [...header.axisOrder], labels: [] })
  await openFile(b)
  await settled(page)
  await page.keyboard.press('1')
  await setContrast(page, 0, 255)
  await openFile(a)
  await settled(page)
  await setContrast(page, 0, 255)
  await picture(page, 'single').focus()
  await page.keyboard.press('v')
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption({ label: 'b.mrc' })
  await settled(page)
  await picture(page, 'single').focus()
  const dialog = await openMovie(page)
  const small = { width: 320, height: 240 }
  await makePlain(dialog, small)
  await dialog.getByRole('checkbox', { name: 'Crosshair' }).check()
  const path = join(dataDir, 'swipe.zip')
  await save(program, 'png', path)
  const { frames, ...movie } = await readPngFrames(path)
  expect(movie).toMatchObject(small)
  expect(frames).toHaveLength(z)
  const pane = await picture(page, 'single').boundingBox()
  const cross = picture(page, 'single').locator('.crosshair')
  const ratio = Math.min(small.width / (pane?.width ?? 1), small.height / (pane?.height ?? 1))
  const [left, right] = [small.width / 2 - 40, small.width / 2 + 40]
  frames.forEach((frame, k) => {
    expect(Math.abs(frame(left, small.height / 2 - 30)[1] - stepValue(k)), `A, frame ${k + 1}`).toBeLessThanOrEqual(1)
    expect(Math.abs(frame(right, small.height / 2 - 30)[1] - (240 - 16 * k)), `B, frame ${k + 1}`).toBeLessThanOrEqual(
      8
    )
  })
  // Where the pane's own lines cross, measured from the pane's middle.
  const dx = (Number(await cross.getAttribute('data-x')) - (pane?.width ?? 0) / 2) * ratio
  const blue = (at: [number, number, number]): boolean => at[2] - at[0] > 60
  const columns = Array.from({ length: small.width }, (_, column) => column).filter((column) =>
    blue(frames[0](column, 30))
  )
  expect(columns.length).toBeGreaterThan(0)
  for (const column of columns) expect(Math.abs(column + 0.5 - (small.width / 2 + dx))).toBeLessThan(2.5)
})
