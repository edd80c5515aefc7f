// `npm test`: installs what it needs, then runs every check there is. The last line is
// `N passed, N failed`; the exit code says the same. Runs from a clean clone with nothing preinstalled.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuild, ensureDependencies } from './project-build.mjs'
import { countCheck, countPlaywright, countPython, countVitest, sumCounts } from './report-counts.mjs'
import { findPython } from './python.mjs'
import { projectRoot, runCommand, runNpm, say } from './run-command.mjs'

const reports = join(projectRoot, '.cache', 'reports')
const title = (text) => say(`\n──── ${text} ────`)

/** Runs a preparation. It is no check, so it counts only when it fails. */
async function prepare(name, work) {
  title(name)
  try {
    return { name, value: await work(), counts: sumCounts([]) }
  } catch (error) {
    say(error.message)
    return { name, value: null, counts: countCheck(false) }
  }
}

async function npmCheck(name, script) {
  title(name)
  const { code } = await runNpm(['run', '--silent', script])
  return { name, counts: countCheck(code === 0) }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

async function unitTests(env) {
  title('vitest')
  const file = join(reports, 'vitest.json')
  const runner = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { code } = await runCommand(process.execPath, [runner, ...args], { env })
  return { name: 'vitest', counts: countVitest(readReport(file), code) }
}

/** Tests of the training package. Where no Python has PyTorch they count as one failure, and the reason is told. */
async function trainingTests(env) {
  const name = 'training (Python)'
  title(name)
  const python = findPython(['torch', 'onnx', 'mrcfile', 'numpy'])
  if (!python) {
    say('No Python here imports torch, onnx, mrcfile and numpy, so the training package was not tested.')
    return { name, counts: countCheck(false) }
  }
  const file = join(reports, 'training.json')
  const threads = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  const { code } = await runCommand(python, [join(projectRoot, 'training', 'tests', 'run.py'), file], {
    env: { ...env, ...threads }
  })
  return { name, counts: countPython(readReport(file), code) }
}

async function windowTests(project, env) {
  const name = `playwright, ${project}`
  title(name)
  const file = join(reports, `playwright-${project}.json`)
  const runner = join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js')
  const args = ['test', '-c', 'e2e/playwright.config.ts', '--project', project, '--reporter=list,json']
  const { code } = await runCommand(process.execPath, [runner, ...args], {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
  })
  return { name, counts: countPlaywright(readReport(file), code) }
}

async function findElectron() {
  // Imported late: it needs what `npm ci` installs.
  const { electronRuntime } = await import('./electron-runtime.mjs')
  return electronRuntime()
}

async function requireSystemPackages(electron) {
  const { ensureSystemPackages } = await import('./system-packages.mjs')
  const missing = await ensureSystemPackages(electron)
  if (missing.length > 0) throw new Error(`Missing on this machine:\n  ${missing.join('\n  ')}`)
}

async function runEverything() {
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  await ensureDependencies()
  const electron = await prepare('Electron', findElectron)
  const system = await prepare('system packages', () => requireSystemPackages(electron.value?.path ?? null))
  const build = await prepare('build', ensureBuild)
  // The runtime found here, so that the specs need not look for it again.
  const env = { ...process.env, ...(electron.value && { WEDGEVIEW_ELECTRON: electron.value.path }) }
  return [
    electron,
    system,
    build,
    // Each works on one core.
    ...(await Promise.all([npmCheck('typecheck', 'typecheck'), npmCheck('lint', 'lint')])),
    await unitTests(env),
    await trainingTests(env),
    await windowTests('electron', env),
    await windowTests('chromium', env)
  ]
}

function summary(results) {
  const lines = results.map(({ name, counts: { passed, failed, skipped } }) => {
    const note = skipped > 0 ? ` (${skipped} of them skipped)` : ''
    return `${name.padEnd(22)} ${passed} passed, ${failed} failed${note}`
  })
  return lines.join('\n')
}

try {
  const results = await runEverything()
  const { passed, failed } = sumCounts(results.map(({ counts }) => counts))
  title('summary')
  say(summary(results))
  process.exitCode = failed === 0 ? 0 : 1
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
} catch (error) {
  say(error.message)
  process.exitCode = 1
  process.stdout.write('0 passed, 1 failed\n')
}
