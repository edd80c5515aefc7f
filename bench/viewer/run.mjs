// Compares wedgeview with other viewers of volumes in the same browser on the same voxels:
//   npm run build && npm ci --prefix bench/viewer && node bench/viewer/run.mjs [--write] [--small]
// Prints a table; --write puts it into docs/benchmarks.md, section "Viewers"; --small leaves the large volume out.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installWedgeview } from './pages/wedgeview.mjs'
import { codeOf, squares, writeMrc, writeNifti } from './pattern.mjs'
import { installProbe } from './probe.mjs'
import { buildPage, startBrowser, startServer, startWedgeview, withSection } from './programs.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const rounds = Number(process.env.ROUNDS ?? 3)
const steps = 30
/** Longer than this nobody waits for a first slice. */
const patienceMilliseconds = 180_000
const sizes = [
  { x: 256, y: 256, z: 256 },
  { x: 1024, y: 1024, z: 256 }
].slice(0, process.argv.includes('--small') ? 1 : 2)
/** CSS pixels of one slice in wedgeview's window of 1440 x 900: the others draw into as many. */
const picture = { width: 880, height: 814 }
const viewers = ['wedgeview', 'niivue', 'vtk.js']

const folder = mkdtempSync(join(tmpdir(), 'bench-viewer-'))
try {
  if (!existsSync(join(here, 'node_modules'))) throw new Error('first: npm ci --prefix bench/viewer')
  await buildPages()
  const results = []
  for (const size of sizes) {
    writeMrc(join(folder, 'volume.mrc'), size)
    writeNifti(join(folder, 'volume.nii'), size)
    const runs = Object.fromEntries(viewers.map((viewer) => [viewer, []]))
    // Taking turns spreads whatever else the machine does over all of them.
    for (let round = 0; round < rounds; round++) {
      for (const viewer of viewers) {
        const run = await measured(viewer, size)
        process.stderr.write(`${viewer} ${size.x} x ${size.y} x ${size.z}: ${JSON.stringify(summary([run]))}\n`)
        runs[viewer].push(run)
      }
    }
    results.push({ size, runs })
  }
  report(results)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** One page a peer, with its library bundled. */
async function buildPages() {
  const canvas = `<canvas width="${picture.width}" height="${picture.height}"></canvas>`
  await buildPage(folder, 'niivue', { ...picture, body: canvas })
  await buildPage(folder, 'vtk', { ...picture, body: '<div id="view"></div>' })
}

/** Starts the viewer and a browser, opens the volume, waits for the first right slice and scrolls. */
async function measured(viewer, size) {
  const program =
    viewer === 'wedgeview'
      ? await startWedgeview(folder, 'volume.mrc')
      : await startServer(folder, viewer === 'niivue' ? 'niivue' : 'vtk')
  const browser = await startBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const codes = Array.from({ length: size.z }, (_, slice) => codeOf(slice))
    await page.addInitScript(installProbe, { codes, squares })
    if (viewer === 'wedgeview') await page.addInitScript(installWedgeview, { size })
    await page.goto(program.address)
    const limit = (work) =>
      Promise.race([work, new Promise((resolve) => setTimeout(resolve, patienceMilliseconds, null))])
    const first = await limit(page.evaluate(() => window.bench.first()))
    if (!first) return { first: null, times: [] }
    // One plane, voxels as squares, as the others draw them.
    if (viewer === 'wedgeview') {
      await page.keyboard.press('1')
      await page.keyboard.press('s')
      await page.waitForSelector('[data-picture][data-settled="true"]')
    }
    const up = await limit(page.evaluate((count) => window.bench.steps(count, 1), steps))
    const down = up && (await limit(page.evaluate((count) => window.bench.steps(count, -1), steps)))
    const crossed = up && down ? { new: up, again: down } : { new: [], again: [] }
    return { first: first.milliseconds, slice: first.slice, times: crossed.new, again: crossed.again }
  } finally {
    await browser.close()
    await program.close()
  }
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

function summary(runs) {
  const firsts = runs.map(({ first }) => first).filter((first) => first !== null)
  const times = runs.flatMap((run) => run.times)
  const again = runs.flatMap((run) => run.again ?? [])
  return {
    first: quantile(firsts, 0.5),
    missed: runs.length - firsts.length,
    median: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    again: quantile(again, 0.5)
  }
}

function report(results) {
  const milliseconds = (value) =>
    value === null ? `not within ${patienceMilliseconds / 1000} s` : `${value.toPrecision(3)} ms`
  const rows = results.flatMap(({ size, runs }) =>
    viewers.map((viewer) => {
      const { first, median, p95, again } = summary(runs[viewer])
      const cells = [`${size.x} x ${size.y} x ${size.z}`, viewer, ...[first, median, p95, again].map(milliseconds)]
      return `| ${cells.join(' | ')} |`
    })
  )
  const versions = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).devDependencies
  const section = [
    '## Viewers',
    '',
    `\`node bench/viewer/run.mjs --write\`: wedgeview (\`serve\`), niivue ${versions['@niivue/niivue']} and vtk.js ` +
      `${versions['@kitware/vtk.js']} in the same Chromium with WebGL2 in software (SwiftShader), on int16 voxels of which every slice bears a ` +
      `pattern of its own: a slice counts as shown when the 64 squares read back from the canvas are its own. ${rounds} rounds taken in turns, ` +
      `${steps} steps up and the same down again in each, on ${cpus().length} cores (${cpus()[0].model.trim()}), load average ` +
      `${loadavg()[0].toFixed(1)}. Times run until the frame in which the slice was found, from the page's navigation for the first slice (the ` +
      `viewer's own start included), from the step for the others.`,
    '',
    '| volume | viewer | first slice | step, median | step, 95 % | step back, median |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    `All draw one plane into ${picture.width} x ${picture.height} pixels (wedgeview's first slice is one of three planes). wedgeview reads the MRC file ` +
      'on its server; each new slice comes over HTTP, and what was shown before comes from memory. niivue reads no MRC: it gets the same voxels as NIfTI. vtk.js reads ' +
      'neither here: its page takes the voxels from the MRC file by their known place. Both load the whole volume first and hold it in memory. ' +
      'Without a GPU the times of drawing are those of the processor.',
    '',
    'A step of wedgeview is a turn of the wheel over its picture, one of the others a call; after it each canvas is read back at once, and then at every animation frame until the ' +
      'slice is found. A slice that is at hand (shown before, or read ahead: 24 around the crosshair, in 128 MiB) is drawn within the event, as the others draw within the call; ' +
      'crosshair, number and read-out follow in the next frame. What limits: the shader (16 ms of processor time for a picture of this size, most of it the fetch of one ' +
      'texel a pixel) and putting the page together (20 ms a frame, of which another step may have to wait for the rest; vtk.js, whose page is nothing but its canvas, needs 14).',
    ''
  ].join('\n')
  process.stdout.write(`${section}\n`)
  if (!process.argv.includes('--write')) return
  const path = join(root, 'docs', 'benchmarks.md')
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), 'Viewers', section))
}
