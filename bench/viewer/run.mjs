// Compares wedgeview with other viewers of volumes in the same browser on the same voxels:
//   npm run build && npm ci --prefix bench/viewer && node bench/viewer/run.mjs [--write] [--small]
// Prints a table; --write puts it into docs/benchmarks.md, section "Viewers"; --small leaves the large volume out.
import { spawn } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { build } from 'vite'
import { systemChromium } from '../../scripts/system-packages.mjs'
import { installWedgeview } from './pages/wedgeview.mjs'
import { codeOf, squares, writeMrc, writeNifti } from './pattern.mjs'
import { installProbe } from './probe.mjs'

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
const types = { '.html': 'text/html', '.js': 'text/javascript' }
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
  for (const name of ['niivue', 'vtk']) {
    const entry = join(here, 'pages', `${name}.js`)
    await build({
      configFile: false,
      root: here,
      logLevel: 'error',
      build: {
        outDir: join(folder, name),
        target: 'esnext',
        rollupOptions: { input: entry, output: { entryFileNames: 'page.js' } }
      }
    })
    const { width, height } = picture
    const body = name === 'vtk' ? '<div id="view"></div>' : `<canvas width="${width}" height="${height}"></canvas>`
    const style = `body{margin:0}#view,canvas{width:${width}px;height:${height}px}`
    const page = `<!doctype html><style>${style}</style>${body}<script type="module" src="page.js"></script>`
    writeFileSync(join(folder, name, 'index.html'), page)
  }
}

/** Starts the viewer and a browser, opens the volume, waits for the first right slice and scrolls. */
async function measured(viewer, size) {
  const program =
    viewer === 'wedgeview' ? await startWedgeview() : await startServer(viewer === 'niivue' ? 'niivue' : 'vtk')
  const browser = await chromium.launch({
    executablePath: systemChromium() ?? chromium.executablePath(),
    args: [
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--no-first-run',
      '--disable-background-networking'
    ]
  })
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

/** `wedgeview serve`, with a cache of its own, on the MRC file. */
async function startWedgeview() {
  const cache = mkdtempSync(join(folder, 'cache-'))
  const program = join(root, 'bin', 'wedgeview.mjs')
  const file = join(folder, 'volume.mrc')
  const server = spawn(process.execPath, [program, 'serve', '--port', '0', '--root', folder, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: cache, XDG_DATA_HOME: cache }
  })
  const address = await new Promise((resolve, reject) => {
    let printed = ''
    const read = (chunk) => {
      printed += chunk
      const found = /http:\/\/\S+(?=\s)/.exec(printed)
      if (found) resolve(found[0])
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.once('exit', () => reject(new Error(`wedgeview serve ended: ${printed}`)))
  })
  const close = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
    rmSync(cache, { recursive: true, force: true })
  }
  return { address, close }
}

/** A peer's page and the volume. */
async function startServer(name) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = path.startsWith('/volume')
      ? join(folder, path)
      : join(folder, name, path === '/' ? 'index.html' : path)
    if (!existsSync(file)) return response.writeHead(404).end()
    const type = types[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': statSync(file).size })
    return createReadStream(file, { highWaterMark: 1 << 20 }).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve))
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
  if (process.argv.includes('--write')) writeSection(join(root, 'docs', 'benchmarks.md'), section)
}

/** Replaces the section "Viewers" and leaves the others alone. */
function writeSection(path, section) {
  const parts = readFileSync(path, 'utf8')
    .split(/^(?=## )/m)
    .filter((part) => !part.startsWith('## Viewers'))
  writeFileSync(path, `${[...parts.map((part) => `${part.trimEnd()}\n`), section].join('\n').trimEnd()}\n`)
}
