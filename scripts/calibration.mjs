// Measures calibration of the shipped learned bundles against simulated truth and writes the tables of docs/calibration.md.
//   node scripts/calibration.mjs validate [GAMMA,…] [OPTION …]   scans temperatures on validation boxes, with more options of
//                                                        reconstruct, such as --bundle DIR; prints, writes nothing
//   node scripts/calibration.mjs test [COUNT] [FROM]     runs test boxes FROM (1) to COUNT (24), writes the tables of these
//   node scripts/calibration.mjs tables [COUNT]          writes the tables of those test boxes that are done
// Runs the built program (npm run build). What is done is kept in .cache/calibration and not done again, so it can be stopped.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calibrationTables } from './calibration-tables.mjs'
import { projectRoot, say } from './run-command.mjs'

const place = join(projectRoot, '.cache', 'calibration')
const bundles = join(projectRoot, 'resources', 'bundles')
const page = join(projectRoot, 'docs', 'calibration.md')

/** Scenes apart from each other's and from those of training, whose seeds lie between 10001 and 10320 and between 20001 and 20140. */
const scenes = { validation: 5000, test: 6000 }

/** Box i (from 0) of a set: every scene is seen at both signal-to-noise ratios. */
const boxOf = (set, i) => {
  const seed = scenes[set] + 1 + Math.floor(i / 2)
  const snr = i % 2 === 0 ? 0.5 : 1
  return { name: `${seed}-${snr}`, seed, snr }
}

function wedgeview(args) {
  const program = [join(projectRoot, 'bin', 'wedgeview.mjs'), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(`wedgeview ${args[0]} failed: ${stderr.trim().split('\n').slice(-3).join(' ')}`)
  return stdout
}

function simulated({ name, seed, snr }) {
  const folder = join(place, name)
  if (!existsSync(folder))
    wedgeview(['simulate', '--out', folder, '--size', '48,48,48', '--snr', String(snr), '--seed', String(seed)])
  return folder
}

/** Runs one bundle's methods on a box and compares with the truth; the answer is kept. */
function scored(box, label, bundle, methods, more = []) {
  const folder = simulated(box)
  const kept = join(folder, `${label}.json`)
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'))
  const out = join(folder, label)
  rmSync(out, { recursive: true, force: true })
  const common = ['--tilt-range=-60:60', '--device', 'cpu', '--threads', '1', '--seed', String(box.seed)]
  const input = join(folder, 'tomogram.mrc')
  wedgeview(['reconstruct', input, '--bundle', bundle, '--method', methods.join(','), '--out', out, ...common, ...more])
  const found = JSON.parse(wedgeview(['evaluate', out, '--truth', join(folder, 'truth.mrc'), '--json']))
  const list = Array.isArray(found) ? found : (found.runs ?? [found])
  writeFileSync(kept, JSON.stringify(list))
  rmSync(out, { recursive: true, force: true })
  return list
}

function wiener(box) {
  const folder = simulated(box)
  const bundle = join(folder, 'gaussian')
  if (!existsSync(bundle) && !existsSync(join(folder, 'wiener.json')))
    wedgeview(['bundle', 'gaussian', join(folder, 'tomogram.mrc'), '--out', bundle, '--tilt-range=-60:60'])
  return scored(box, 'wiener', bundle, ['cryogen-2'])
}

const family = ['--members', '12']

function rowOf(box) {
  const [linear] = wiener(box)
  const points = scored(box, 'points', join(bundles, 'simulated'), ['cryogen-1', 'cryogen-2'])
  const [sampled] = scored(box, 'sampled', join(bundles, 'simulated'), ['cryowgen-2'], family)
  const [weighted] = scored(box, 'weighted', join(bundles, 'simulated-weighted'), ['cryowgen-1'], family)
  return { box, linear, map: points[0], encoder: points[1], sampled, weighted }
}

function test(count, from) {
  const rows = []
  for (let i = from - 1; i < count; i++) {
    const box = boxOf('test', i)
    say(`${i + 1} of ${count}: scene ${box.seed}, SNR ${box.snr}`)
    rows.push(rowOf(box))
    writePage(rows)
  }
}

/** The boxes of which every run is kept. */
function tables(count) {
  const labels = ['wiener', 'points', 'sampled', 'weighted']
  const boxes = Array.from({ length: count }, (_, i) => boxOf('test', i))
  const done = boxes.filter(({ name }) => labels.every((label) => existsSync(join(place, name, `${label}.json`))))
  writePage(done.map(rowOf))
  say(`${done.length} of ${count} boxes are done.`)
}

const begin = '<!-- tables: written by scripts/calibration.mjs -->'
const end = '<!-- end of tables -->'

function writePage(rows) {
  const text = readFileSync(page, 'utf8')
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`${page} lacks the marks that the tables go between.`)
  writeFileSync(page, `${before}${begin}\n\n${calibrationTables(rows)}\n${end}${after}`)
}

function validate(temperatures, more) {
  for (const gamma of temperatures) {
    const rows = [1, 2, 5, 7, 8, 10].map((i) => {
      const box = boxOf('validation', i)
      const label = ['sampled', gamma, ...more].join('_').replaceAll(/[^\w.]+/g, '_')
      return scored(
        box,
        label,
        join(bundles, 'simulated'),
        ['cryowgen-2'],
        [...family, '--gamma', String(gamma), ...more]
      )[0]
    })
    const mean = (pick) => (rows.reduce((sum, row) => sum + pick(row), 0) / rows.length).toFixed(3)
    say(
      `gamma ${gamma}: covers ${mean((row) => row.coverage['90'])}, wedge ${mean((row) => row.coverageWedge['90'])}, ` +
        `measured ${mean((row) => row.coverageMeasured['90'])}; MSE ${mean((row) => row.mse)}, ` +
        `wedge correlation ${mean((row) => row.wedgeCorrelation)}, ` +
        `variance ratio ${mean((row) => row.wedgeVarianceRatio)}, error ratio ${mean((row) => row.wedgeErrorRatio)}`
    )
  }
}

mkdirSync(place, { recursive: true })
const [task, value, ...more] = process.argv.slice(2)
if (task === 'test') test(Number(value ?? 24), Number(more[0] ?? 1))
else if (task === 'tables') tables(Number(value ?? 24))
else if (task === 'validate') validate((value ?? '0.7,1,1.5,2').split(',').map(Number), more)
else say('Usage: node scripts/calibration.mjs validate [GAMMA,…] | test [COUNT] [FROM] | tables')
