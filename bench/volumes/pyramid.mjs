// XZ and YZ slices of a file that is larger than what is kept in memory of it: the engine with its pyramid against Python's mrcfile memory
// map. Before each cold slice the files' pages are dropped from the cache (posix_fadvise), which needs Python. Used by run.mjs.
import { execFileSync, spawnSync } from 'node:child_process'
import { openSync, closeSync, fsyncSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const size = { x: 1024, y: 1440, z: 512 }
const slices = 9
const rounds = 3

/** Lines for the report; `python` is one that has mrcfile, `builtMrc` the built mrc-js. */
export async function pyramidReport(folder, python, builtMrc, median) {
  const { bavail, bsize } = statfsSync(folder)
  if (!python || bavail * bsize < 4 * 2 ** 30) {
    return ['', 'Large files were not measured: that needs Python with mrcfile and 4 GiB of free disk.', '']
  }
  const engine = await builtEngine()
  const { createMrc } = await import(pathToFileURL(join(builtMrc, 'index.js')).href)
  const path = join(folder, 'large.mrc')
  await writeNoise(createMrc, path)
  const pyramidFolder = join(folder, 'pyramid')
  // Slices are read as in the program: in a thread of their own, with what it costs to get there and back.
  const thread = new engine.ReaderThread(engine.workerPath)
  const volume = await engine.openVolume(path, { thread })
  const hooks = { signal: new AbortController().signal, onProgress() {}, turn: async () => {} }
  const identity = await engine.fileIdentity(path)
  const building = await seconds(() => engine.buildPyramid(volume, { folder: pyramidFolder, identity }, hooks))
  const pyramid = await engine.openPyramid(pyramidFolder, thread)
  // As in the program a moment after the file was opened: its coarse levels are in memory.
  await pyramid.held
  const files = [path, ...pyramid.levels.map((_, i) => join(pyramidFolder, `level-${i + 1}.bricks`))]
  const pyramidBytes = files.slice(1).reduce((sum, file) => sum + statSync(file).size, 0)
  const rows = []
  const levelOf = async (plane) => (await serve(engine, volume, pyramid, plane, 0, 'auto')).level
  for (const isCold of [true, false]) {
    for (const plane of ['xz', 'yz']) {
      const count = plane === 'xz' ? size.y : size.x
      const at = Array.from({ length: slices }, (_, i) => Math.floor(((i + 0.37) * count) / slices))
      const times = { ours: [], exact: [], peer: [] }
      // In turns, so that what else the machine does falls on all of them.
      for (let round = 0; round < rounds; round++) {
        const indices = at.filter((_, i) => i % rounds === round)
        times.ours.push(
          ...(await timesOf(indices, isCold, files, python, (i) => serve(engine, volume, pyramid, plane, i, 'auto')))
        )
        times.exact.push(
          ...(await timesOf(indices, isCold, files, python, (i) => serve(engine, volume, pyramid, plane, i, 0)))
        )
        const program = [join(here, 'large.py'), path, plane, String(isCold), ...indices.map(String)]
        times.peer.push(...JSON.parse(execFileSync(python, program, { encoding: 'utf8' })))
      }
      const { ours, exact, peer } = times
      rows.push({
        plane,
        isCold,
        level: await levelOf(plane),
        ours: median(ours),
        exact: median(exact),
        peer: median(peer)
      })
    }
  }
  await pyramid.close()
  await volume.close()
  await thread.close()
  const opening = await firstSlices(engine, createMrc, folder, median)
  for (const file of [path, pyramidFolder]) rmSync(file, { recursive: true, force: true })
  return lines(rows, building, pyramidBytes, opening)
}

/** A new cache for every slice: the benchmark is of reading, not of remembering. */
function serve(engine, volume, pyramid, plane, index, level) {
  const server = new engine.SliceServer(volume, () => pyramid.levels, new engine.SliceCache(0), engine.scansInThread())
  return server.read({ plane, index, level })
}

async function timesOf(indices, isCold, files, python, read) {
  const times = []
  for (const index of indices) {
    if (isCold) dropPages(python, files)
    times.push(await seconds(() => read(index)))
  }
  return times
}

function dropPages(python, files) {
  const program =
    'import os,sys\nfor p in sys.argv[1:]:\n  f=os.open(p,os.O_RDONLY); os.posix_fadvise(f,0,0,os.POSIX_FADV_DONTNEED); os.close(f)'
  const { status, stderr } = spawnSync(python, ['-c', program, ...files], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the page cache could not be emptied: ${stderr}`)
}

async function seconds(action) {
  const start = performance.now()
  await action()
  return (performance.now() - start) / 1000
}

async function builtEngine() {
  // Inside the project, where it finds node_modules.
  const outDir = join(root, '.cache', `bench-volumes-${process.pid}`)
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  const alias = Object.fromEntries(
    ['mrc-js', 'onnx-autodiff'].map((name) => [name, join(root, 'packages', name, 'src', 'index.ts')])
  )
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    build: {
      ssr: true,
      outDir,
      minify: false,
      rollupOptions: {
        input: { engine: join(here, 'engine.ts'), worker: join(root, 'src/engine/volume/scans/worker-entry.ts') },
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' }
      }
    }
  })
  const engine = await import(pathToFileURL(join(outDir, 'engine.mjs')).href)
  return { ...engine, workerPath: join(outDir, 'worker.mjs') }
}

async function writeNoise(createMrc, path) {
  const writer = await createMrc(path, { size, mode: 1, voxelSizeAngstrom: { x: 10, y: 10, z: 10 } })
  const noise = Float32Array.from({ length: size.x * size.y }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 20) - 2048)
  for (let z = 0; z < size.z; z++) await writer.writeSection(noise)
  await writer.finish()
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}

/** Time to the first slice with its contrast, as the window opens a file, for files of three lengths. */
async function firstSlices(engine, createMrc, folder, median) {
  const results = []
  for (const sections of [32, 128, 512]) {
    const path = join(folder, `first-${sections}.mrc`)
    const short = { x: 512, y: 512, z: sections }
    const writer = await createMrc(path, { size: short, mode: 1, voxelSizeAngstrom: null })
    const section = Float32Array.from({ length: 512 * 512 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 20) - 2048)
    for (let z = 0; z < sections; z++) await writer.writeSection(section)
    await writer.finish()
    const times = []
    for (let round = 0; round < 7; round++) {
      times.push(
        await seconds(async () => {
          const volume = await engine.openVolume(path)
          await Promise.all([engine.robustContrast(volume), volume.readSlice('xy', sections >> 1)])
          await volume.close()
        })
      )
    }
    results.push({ megabytes: Math.round(statSync(path).size / 1e6), seconds: median(times) })
    rmSync(path)
  }
  return results
}

function lines(rows, building, pyramidBytes, opening) {
  const milliseconds = (value) => `${(value * 1000).toPrecision(3)} ms`
  const bytes = size.x * size.y * size.z * 2
  return [
    '',
    `Large files: ${size.x} x ${size.y} x ${size.z} int16 (${(bytes / 1e9).toFixed(2)} GB). "At once" is what the window draws first: the finest ` +
      `level of the pyramid that is quick to read; "exact" is what replaces it. The memory map gives every voxel at once. ` +
      `Both are read in the reader thread, the way there and back included. Cold: the files' ` +
      `pages are dropped from the cache before each slice; warm: the whole file is in memory. The pyramid was made in ` +
      `${building.toFixed(1)} s, once, and takes ${(pyramidBytes / 1e6).toFixed(0)} MB.`,
    '',
    '| slice | at once (level) | exact | mrcfile memory map | mrcfile / at once | mrcfile / exact |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ plane, isCold, level, ours, exact, peer }) =>
        `| ${plane.toUpperCase()}, ${isCold ? 'cold' : 'warm'} | ${milliseconds(ours)} (${level}) | ${milliseconds(exact)} | ` +
        `${milliseconds(peer)} | ${(peer / ours).toPrecision(2)} x | ${(peer / exact).toPrecision(2)} x |`
    ),
    '',
    '| open, contrast and first slice | time |',
    '|---|---|',
    ...opening.map(({ megabytes, seconds: time }) => `| ${megabytes} MB | ${milliseconds(time)} |`),
    ''
  ]
}
