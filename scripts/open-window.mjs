// Opens the desktop window from a checkout; `npm start` and `wedgeview [FILE…]` both end here.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { projectRoot } from './run-command.mjs'

/** Why no window can be opened here, or null where one can. */
export function missingDisplay(env = process.env) {
  if (process.platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY) return null
  return 'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)'
}

/** What Chromium must be told on this machine: its sandbox refuses to start as root. */
export function chromiumSwitches() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

/**
 * Runs the program's window until it is closed. With a window open already, the files go to that one.
 *
 * @param {readonly string[]} args files, relative to the working directory; switches (`--…`) go to Chromium
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 * @returns {Promise<number>} the exit code
 * @throws {Error} when the process can't be started
 */
export function openWindow(args, runtime) {
  const switches = args.filter((arg) => arg.startsWith('--'))
  const files = args.filter((arg) => !arg.startsWith('--')).map((file) => resolve(file))
  const env = { ...process.env }
  // Left over from a program that uses Electron as its Node, it would stop the window from appearing.
  delete env.ELECTRON_RUN_AS_NODE
  return new Promise((done, fail) => {
    const child = spawn(runtime.path, [...chromiumSwitches(), ...switches, projectRoot, ...files], {
      stdio: 'inherit',
      env
    })
    const pass = (signal) => child.kill(signal)
    process.on('SIGINT', pass)
    process.on('SIGTERM', pass)
    child.on('error', fail)
    child.on('close', (code) => {
      process.off('SIGINT', pass)
      process.off('SIGTERM', pass)
      done(code ?? 1)
    })
  })
}
