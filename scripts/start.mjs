// `npm start`: installs and builds what is missing, then shows the sample tomogram (or the files given).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { missingDisplay, openWindow } from './open-window.mjs'
import { ensureBuild, ensureDependencies } from './project-build.mjs'
import { projectRoot, say } from './run-command.mjs'

const sample = join(projectRoot, 'resources', 'samples', 'microtubule-13pf.mrc')

/** Serves the same user interface to a browser; prints its address itself. */
function serve(args) {
  const child = spawn(process.execPath, [join(projectRoot, 'bin', 'wedgeview.mjs'), 'serve', ...args], {
    stdio: 'inherit'
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((done) => child.on('close', (code) => done(code ?? 1)))
}

/** The runtime, or the reason why there is none. Imported late: it needs what `npm ci` installs. */
async function findRuntime() {
  const noDisplay = missingDisplay()
  if (noDisplay) return { runtime: null, reason: noDisplay }
  try {
    const { electronRuntime } = await import('./electron-runtime.mjs')
    return { runtime: await electronRuntime(), reason: '' }
  } catch (error) {
    return { runtime: null, reason: error.message }
  }
}

async function start(args) {
  await ensureDependencies()
  await ensureBuild()
  const hasFile = args.some((arg) => !arg.startsWith('-'))
  const withFile = hasFile ? args : [...args, sample]
  const { runtime, reason } = await findRuntime()
  if (runtime) return openWindow(withFile, runtime)
  say(`${reason}\nServing the same user interface to a browser instead:`)
  return serve(withFile)
}

try {
  process.exitCode = await start(process.argv.slice(2))
} catch (error) {
  say(error.message)
  process.exitCode = 1
}
