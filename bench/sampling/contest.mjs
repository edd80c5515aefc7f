// Two processes that take the same commands, one JSON line each, and take turns: whatever else the machine does falls on both.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findPython } from '../../scripts/python.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))

/** A process that answers commands, one at a time. */
export class Contestant {
  #child
  #lines
  constructor(program, parameters, env = {}) {
    this.#child = spawn(program, parameters, {
      cwd: here,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit']
    })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.name = program
  }
  async ask(command) {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`${this.name} ended at ${JSON.stringify(command)}.`)
    const answer = JSON.parse(value)
    if (answer.failed) throw new Error(answer.failed)
    return answer
  }
  end() {
    this.#child.stdin.end()
  }
}

/** Bundles engine.ts into the project's cache, where it finds node_modules. */
export async function startEngine() {
  const { build } = await import('vite')
  mkdirSync(join(root, '.cache'), { recursive: true })
  const outDir = mkdtempSync(join(root, '.cache', 'bench-sampling-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    resolve: {
      alias: {
        'mrc-js': join(root, 'packages', 'mrc-js', 'src', 'index.ts'),
        'onnx-autodiff': join(root, 'packages', 'onnx-autodiff', 'src', 'index.ts')
      }
    },
    build: {
      ssr: join(here, 'engine.ts'),
      outDir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { output: { entryFileNames: 'engine.mjs' } }
    }
  })
  const entry = join(outDir, 'engine.mjs')
  // As the program starts its own runner.
  const env = JSON.parse(execFileSync(process.execPath, [entry, 'environment'], { encoding: 'utf8' }))
  return { engine: new Contestant(process.execPath, [entry], env), outDir }
}

/** PyTorch with so many threads, its linear algebra library included; like ours they don't spin while they wait. */
export function startPeer(threads) {
  const python = findPython(['torch', 'numpy'])
  if (!python) throw new Error('No Python that imports torch and numpy (Debian: python3-torch).')
  const count = String(threads)
  return new Contestant(python, [join(here, 'peer.py')], {
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    OMP_WAIT_POLICY: 'passive'
  })
}

/** Raw float32 noise, the same for both. */
export function writeNoise(path, count, seed) {
  let state = seed
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  writeFileSync(
    path,
    Float32Array.from({ length: count }, () => Math.sqrt(12) * uniform())
  )
}

/** Both compute the step at the same place: throws unless they agree. */
export async function assertAgreement(contestants, folder, tolerance = 1e-3) {
  const answers = []
  for (const [i, contestant] of contestants.entries()) {
    const path = join(folder, `gradient-${i}`)
    const terms = await contestant.ask({ do: 'check', path })
    const bytes = readFileSync(path)
    answers.push({ ...terms, gradient: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) })
  }
  const [ours, theirs] = answers
  let worst = 0
  for (const key of ['energy', 'misfit', 'tether', 'gradient']) {
    const largest = theirs[key].reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    for (const [i, value] of theirs[key].entries()) worst = Math.max(worst, Math.abs(ours[key][i] - value) / largest)
  }
  if (!(worst < tolerance)) throw new Error(`The two steps differ by ${worst}.`)
  return worst
}

/** Steps of both in turns; medians in milliseconds. */
export async function takeTurns(contestants, { rounds, count }) {
  const times = contestants.map(() => ({ wall: [], cpu: [], noise: [] }))
  // The first steps load kernels and grow heaps.
  for (const contestant of contestants) await contestant.ask({ do: 'steps', count: 2 })
  for (let round = 0; round < rounds; round++)
    for (const [i, contestant] of contestants.entries()) {
      const { wall, cpu, noise = [] } = await contestant.ask({ do: 'steps', count })
      times[i].wall.push(...wall)
      times[i].cpu.push(...cpu)
      times[i].noise.push(...noise)
    }
  return times.map(({ wall, cpu, noise }) => ({
    wall: median(wall),
    cpu: median(cpu),
    noise: median(noise),
    best: Math.min(...wall)
  }))
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

export const number = (value) => Number(value.toPrecision(3)).toString()

export function machine() {
  return `${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.versions.node}`
}

export const load = () => loadavg()[0].toFixed(1)

/** Puts a section into docs/benchmarks.md, or between two marks of another file, and leaves the rest alone. */
export function writeSection(path, title, section) {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '# Benchmarks\n'
  const parts = before.split(/^(?=## )/m)
  const at = parts.findIndex((part) => part.startsWith(`## ${title}\n`))
  if (at < 0) parts.push(section)
  else parts[at] = section
  writeFileSync(path, `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`)
}

/** Where the installed GPU is named, or null. */
export function gpuName() {
  try {
    return execFileSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { encoding: 'utf8' })
      .trim()
      .split('\n')[0]
  } catch {
    return null
  }
}
