// Compares mrc-js with Python's mrcfile (memory maps) and itk-wasm on the same files in the same run:
//   node bench/volumes/run.mjs [--write]
// Prints a table of medians and ratios; --write puts it into docs/benchmarks.md, section "Volumes".
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { pyramidReport } from './pyramid.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const rounds = 5
const size = { x: 720, y: 512, z: 256 }

const folder = mkdtempSync(join(tmpdir(), 'bench-volumes-'))
try {
  const built = join(folder, 'mrc-js')
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, '-p', 'packages/mrc-js/tsconfig.build.json', '--outDir', built], {
    cwd: root,
    stdio: 'inherit'
  })
  writeFileSync(join(built, 'package.json'), '{"type":"module"}')
  const python = findPython()
  const job = await makeJob(built)
  const ours = []
  const peers = []
  const itk = []
  // Taking turns spreads whatever else the machine does over all of them.
  for (let round = 0; round < rounds; round++) {
    ours.push(run(process.execPath, [join(here, 'tasks.mjs'), built], job))
    if (python) peers.push(run(python, [join(here, 'peer.py')], job))
    itk.push(run(process.execPath, [join(here, 'itk.mjs')], job))
  }
  const large = await pyramidReport(folder, python, built, median)
  report(merge(ours), merge(peers), merge(itk), job, python, large)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Writes the files: the one for slices, and three lengths of the same for the time to the first slice. */
async function makeJob(built) {
  const { createMrc } = await import(pathToFileURL(join(built, 'index.js')).href)
  const noise = Float32Array.from({ length: size.x * size.y }, (_, i) => ((i * 2654435761) % 4001) - 2000)
  const write = async (name, sections, mode) => {
    const path = join(folder, name)
    const options = { size: { ...size, z: sections }, mode, voxelSizeAngstrom: { x: 10, y: 10, z: 10 } }
    const writer = await createMrc(path, options)
    for (let z = 0; z < sections; z++) await writer.writeSection(noise)
    await writer.finish()
    return path
  }
  const paths = []
  for (const sections of [16, 64, size.z]) paths.push(await write(`${sections}-sections.mrc`, sections, 1))
  const floats = await write('float32.mrc', size.z, 2)
  let state = 12345
  const picks = (count, below) =>
    Array.from({ length: count }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return (state >>> 8) % below
    })
  return {
    paths,
    main: paths.at(-1),
    floats,
    out: join(folder, 'converted.mrc'),
    opens: 7,
    xy: picks(40, size.z),
    xz: picks(40, size.y),
    yz: picks(12, size.x)
  }
}

function run(program, parameters, job) {
  const { status, stdout, stderr } = spawnSync(program, parameters, {
    input: JSON.stringify(job),
    encoding: 'utf8',
    cwd: root,
    maxBuffer: 64 << 20
  })
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')} failed: ${stderr}`)
  return JSON.parse(stdout)
}

function findPython() {
  for (const python of ['python3', '/usr/bin/python3']) {
    if (spawnSync(python, ['-c', 'import mrcfile']).status === 0) return python
  }
  console.error("Python's mrcfile is not installed (Debian: python3-mrcfile): its column stays empty.")
  return undefined
}

function merge(runs) {
  const all = {}
  for (const times of runs) {
    for (const [task, values] of Object.entries(times)) (all[task] ??= []).push(...values)
  }
  return Object.fromEntries(Object.entries(all).map(([task, values]) => [task, median(values)]))
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

function limits() {
  return (
    'What limits it: Node has no memory map, and Electron (since 21) forbids buffers over memory outside of its cage, so each slice is copied ' +
    'out of the page cache and then converted, where a map converts in place. A read costs 0.8 µs in the calling thread and 10 to 60 µs through ' +
    'the thread pool; an XZ slice takes one a section. A YZ slice needs two bytes of every row, which a map fetches as one cache line each; ' +
    'without a map the whole file has to be copied. That is what the pyramid is for.'
  )
}

function report(ours, peer, itk, job, python, large) {
  const milliseconds = (seconds) => (seconds === undefined ? 'not measured' : `${(seconds * 1000).toPrecision(3)} ms`)
  const ratio = (seconds, reference) => (seconds === undefined ? '' : `${(seconds / reference).toPrecision(2)} x`)
  const row = (label, task, whole) =>
    `| ${label} | ${milliseconds(ours[task])} | ${milliseconds(peer[task])} | ${ratio(peer[task], ours[task])} | ` +
    `${ours[`${task} pooled`] === undefined ? '' : milliseconds(ours[`${task} pooled`])} | ${whole ? ratio(itk.whole, ours[task]) : ''} |`
  const openRows = job.paths.map((path) => {
    const name = path.split(/[\\/]/).at(-1)
    const megabytes = Math.round((size.x * size.y * 2 * Number.parseInt(name, 10)) / 1e6)
    return row(`open and first slice, ${megabytes} MB`, `open ${name}`, false)
  })
  const lines = [
    '## Volumes',
    '',
    `\`node bench/volumes/run.mjs --write\`: mrc-js against Python's mrcfile memory maps and itk-wasm on the same ` +
      `${size.x} x ${size.y} x ${size.z} int16 file (x, y, z), in the page cache, every slice as float32. Medians of ${rounds} rounds ` +
      `taken in turns on ${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.versions.node}, ` +
      `load average ${loadavg()[0].toFixed(1)} (reads that go through a thread pool suffer more from a busy machine than a memory map does)` +
      `${python ? '' : "; Python's mrcfile was not installed"}. A ratio above 1 means that mrc-js is faster. itk-wasm reads whole files ` +
      `only (${milliseconds(itk.whole)}), so its ratio is that of the whole file. No pyramid is used in the first table. mrc-js reads in the calling thread (\`blocking: true\`), as the command line and the worker threads ` +
      `do, into the memory of the slice before, as numpy does without being asked; "pooled" is the same through the thread pool, with new memory ` +
      `for every slice.`,
    '',
    '| task | mrc-js | mrcfile | mrcfile / mrc-js | mrc-js, pooled | itk-wasm / mrc-js |',
    '|---|---|---|---|---|---|',
    ...[
      ['', ''],
      ['float32 ', ', float32']
    ].flatMap(([dtype, label]) =>
      ['xy', 'xz', 'yz'].map((plane) => row(`random ${plane.toUpperCase()} slice${label}`, dtype + plane, dtype === ''))
    ),
    row('full statistics', 'statistics', true),
    row('convert to float32 with true statistics', 'convert', false),
    ...openRows,
    '',
    limits(),
    ...large,
    ''
  ]
  const section = lines.join('\n')
  process.stdout.write(`${section}\n`)
  if (process.argv.includes('--write')) writeSection(join(root, 'docs', 'benchmarks.md'), section)
}

/** Replaces the section "Volumes" and leaves the others alone. */
function writeSection(path, section) {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '# Benchmarks\n'
  const parts = before.split(/^(?=## )/m).filter((part) => !part.startsWith('## Volumes'))
  const text = parts.map((part) => `${part.trimEnd()}\n`)
  writeFileSync(path, `${[...text, section].join('\n').trimEnd()}\n`)
}
