// Compares how long wedgeview, vtk.js and niivue take to draw a volume in 3-D, in the same browser, on the same voxels:
//   npm run build && npm ci --prefix bench/viewer && ROUNDS=1 VIEWS=2 node bench/viewer/volume.mjs [--write] [--small]
// Prints a table; --write puts it into docs/benchmarks.md, section "3-D"; --small leaves 512^3 out.
// Environment: ROUNDS, VIEWS, SIDES=256,512, MODES=maximum,direct,surface, ONLY=a viewer, SHOTS=a folder for pictures.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { watchDrawing } from './drawing-probe.mjs'
import { buildPage, startBrowser, startServer, startWedgeview, withSection } from './programs.mjs'
import { writeShells } from './shells.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const rounds = Number(process.env.ROUNDS ?? 2)
const views = Number(process.env.VIEWS ?? 4)
const sides = process.env.SIDES?.split(',').map(Number) ?? (process.argv.includes('--small') ? [256] : [256, 512])
/** Viewers and modes to measure; all where absent. */
const only = process.env.ONLY?.split(',')
const onlyModes = process.env.MODES?.split(',')
/** niivue has no maximum. */
const modes = {
  maximum: ['wedgeview', 'vtk.js'],
  direct: ['wedgeview', 'vtk.js', 'niivue'],
  surface: ['wedgeview', 'vtk.js', 'niivue']
}
const said = { maximum: 'maximum', direct: 'volume, lit', surface: 'surface, lit' }
/** CSS pixels of every picture. */
const picture = { width: 400, height: 400 }

const folder = mkdtempSync(join(tmpdir(), 'bench-volume-'))
const results = []
try {
  if (!existsSync(join(here, 'node_modules'))) throw new Error('first: npm ci --prefix bench/viewer')
  await buildPage(folder, 'niivue-3d', {
    ...picture,
    body: `<canvas width="${picture.width}" height="${picture.height}"></canvas>`
  })
  await buildPage(folder, 'vtk-3d', { ...picture, body: '<div id="view"></div>' })
  for (const side of sides) {
    writeShells(join(folder, 'volume.mrc'), join(folder, 'volume.nii'), side)
    for (const [mode, viewers] of Object.entries(modes)) {
      if (onlyModes && !onlyModes.includes(mode)) continue
      const runs = Object.fromEntries(viewers.map((viewer) => [viewer, []]))
      for (let round = 0; round < rounds; round++)
        for (const viewer of viewers) {
          if (only && !only.includes(viewer)) continue
          const run = viewer === 'wedgeview' ? await ofWedgeview(mode, side) : await ofPeer(viewer, mode)
          process.stderr.write(`${side}^3 ${mode} ${viewer}: ${JSON.stringify(summary([run]))}\n`)
          runs[viewer].push(run)
        }
      results.push({ side, mode, runs })
    }
  }
  report()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Milliseconds of each frame of a peer. */
async function ofPeer(viewer, mode) {
  const server = await startServer(folder, viewer === 'niivue' ? 'niivue-3d' : 'vtk-3d')
  const browser = await startBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
    await page.addInitScript(watchDrawing)
    await page.goto(`${server.address}?mode=${mode}`)
    await page.waitForFunction(() => window.ready === true, undefined, { timeout: 300_000 })
    const draw = (degrees) => page.evaluate((at) => window.timed(() => window.drawAt(at)), degrees)
    // The first frames compile shaders and send the volume.
    await draw(20)
    await draw(25)
    const still = []
    const before = await processorTime(browser)
    for (let view = 0; view < views; view++) still.push(await draw(30 + 12 * view))
    const processor = (await processorTime(browser)) - before
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${viewer}-${mode}.png`) })
    return { still, moving: [], processor: [processor / views] }
  } finally {
    await browser.close()
    await server.close()
  }
}

/** Milliseconds of frames drawn in full, and of those drawn while the camera moves. */
async function ofWedgeview(mode, side) {
  const server = await startWedgeview(folder, 'volume.mrc')
  const browser = await startBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
    page.setDefaultTimeout(300_000)
    await page.addInitScript(watchDrawing)
    await page.goto(server.address)
    await page.waitForSelector('[data-picture][data-settled="true"]', { timeout: 120_000 })
    for (const [name, value] of [
      ['White', '1000'],
      ['Black', '0']
    ]) {
      await page.getByRole('textbox', { name, exact: true }).fill(value)
      await page.keyboard.press('Enter')
    }
    await page.keyboard.press('1')
    const pane = page.locator('[data-pane="single"]')
    await pane.getByRole('combobox', { name: 'Plane' }).selectOption('volume')
    const view = page.locator('[data-volume-picture]')
    await page.getByLabel('Background').selectOption('black')
    await page.getByLabel('Dense').selectOption('bright')
    await page.locator('select:has(option[value="direct"])').selectOption(mode)
    if (mode === 'surface') {
      await page.getByRole('textbox', { name: 'Level', exact: true }).fill('500')
      await page.keyboard.press('Enter')
    }
    // 512^3 voxels come averaged unless all of them are asked for.
    const detail = page.getByLabel('Detail')
    if (await detail.isEnabled()) await detail.selectOption('full')
    await page.locator('.field-note', { hasText: `${side} × ${side} × ${side} voxels` }).waitFor({ timeout: 120_000 })
    // As large as the peers' pictures.
    await view.evaluate((element, { width, height }) => {
      Object.assign(element.style, { width: `${width}px`, height: `${height}px`, flex: 'none', position: 'absolute' })
    }, picture)
    const settled = () => page.waitForSelector('[data-volume-picture][data-settled="true"]', { timeout: 300_000 })
    await page.getByRole('button', { name: 'Fit', exact: true }).click()
    await settled()
    const still = []
    const moving = []
    const processor = []
    const box = await view.boundingBox()
    const turn = async (by) => {
      await page.mouse.move(box.x + 200, box.y + 200)
      await page.mouse.down()
      for (let i = 1; i <= 4; i++) await page.mouse.move(box.x + 200 + (by / 4) * i, box.y + 200)
      // Frames while it moves, from here on those of the picture that stays.
      const moved = await page.evaluate(() => window.takeFrames())
      const before = await processorTime(browser)
      await page.mouse.up()
      await page.waitForSelector('[data-volume-picture][data-settled="false"]', { timeout: 1000 }).catch(() => null)
      await settled()
      const stayed = await page.evaluate(() => window.takeFrames())
      const full = stayed.filter(({ width }) => width >= picture.width)
      moving.push(...moved.filter(({ width }) => width < picture.width).map(({ milliseconds }) => milliseconds))
      still.push(...full.map(({ milliseconds }) => milliseconds))
      processor.push(((await processorTime(browser)) - before) / full.length)
    }
    await turn(20)
    for (const times of [still, moving, processor]) times.length = 0
    for (let view = 0; view < views; view++) await turn(27)
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `wedgeview-${mode}.png`) })
    return { still, moving, processor }
  } finally {
    await browser.close()
    await server.close()
  }
}

/** Milliseconds that the process which draws has worked: what else the machine does counts less. */
async function processorTime(browser) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return 1000 * processInfo.find(({ type }) => type === 'GPU').cpuTime
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted.length === 0 ? null : sorted[sorted.length >> 1]
}

function summary(runs) {
  const of = (name) => median(runs.flatMap((run) => run[name]))
  return { still: of('still'), moving: of('moving'), processor: of('processor') }
}

function report() {
  const number = (value) => (value === null ? '' : `${value.toPrecision(3)} ms`)
  const rows = results.flatMap(({ side, mode, runs }) => {
    const own = summary(runs.wedgeview)
    return Object.keys(runs).map((viewer) => {
      const { still, moving, processor } = summary(runs[viewer])
      const ratio = viewer === 'wedgeview' || !still || !own.still ? '' : `${(still / own.still).toPrecision(2)} x`
      const worked =
        viewer === 'wedgeview' || !processor || !own.processor ? '' : `${(processor / own.processor).toPrecision(2)} x`
      const cells = [`${side}^3`, said[mode], viewer, number(processor), worked, number(still), ratio, number(moving)]
      return `| ${cells.join(' | ')} |`
    })
  })
  const versions = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).devDependencies
  const section = [
    '## 3-D',
    '',
    `\`node bench/viewer/volume.mjs --write\`: one frame of ${picture.width} x ${picture.height} pixels in wedgeview, vtk.js ` +
      `${versions['@kitware/vtk.js']} and niivue ${versions['@niivue/niivue']}, in the same Chromium with WebGL2 in software (SwiftShader): hollow ` +
      `balls in noise, int16, from ${views} sides, medians of ${rounds} rounds taken in turns on ${cpus().length} cores ` +
      `(${cpus()[0].model.trim()}), load average ${loadavg()[0].toFixed(1)}. The time is that of the draw calls until their pixels can be read; processor time is what the ` +
      'process that draws has worked, putting the page together included; what else the machine does changes it less. wedgeview draws each voxel (at 512^3 that is ' +
      'its full detail: 16-bit codes, 256 MiB).',
    '',
    '| volume | drawn as | viewer | processor time of a frame in full | peer / wedgeview | its time | peer / wedgeview | frame while moving |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    ''
  ].join('\n')
  process.stdout.write(`${section}\n`)
  if (!process.argv.includes('--write')) return
  const path = join(root, 'docs', 'benchmarks.md')
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), '3-D', section))
}
