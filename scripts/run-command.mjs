// Child processes for the start and test scripts. Plain Node: it runs before anything is installed.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, timeoutSeconds?: number, shell?: boolean, quiet?: boolean }} [options]
 *   `capture` collects standard output instead of passing it on; `quiet` also collects standard error.
 * @returns {Promise<{ code: number, stdout: string, stderr: string, timedOut: boolean }>}
 *   Never rejects: a program that can't be started ends with code 127, one that is killed for its time with 124.
 */
export function runCommand(command, args, options = {}) {
  const {
    cwd = projectRoot,
    env = process.env,
    capture = false,
    timeoutSeconds,
    shell = false,
    quiet = false
  } = options
  return new Promise((resolve) => {
    const out = capture || quiet ? 'pipe' : 'inherit'
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', out, quiet ? 'pipe' : 'inherit'] })
    let stdout = ''
    let stderr = ''
    let timedOut = false
    child.stdout?.on('data', (chunk) => (stdout += chunk))
    child.stderr?.on('data', (chunk) => (stderr += chunk))
    const timer =
      timeoutSeconds &&
      setTimeout(() => {
        timedOut = true
        child.kill('SIGKILL')
      }, timeoutSeconds * 1000)
    const finish = (code) => {
      clearTimeout(timer)
      resolve({ code: timedOut ? 124 : code, stdout, stderr, timedOut })
    }
    child.on('error', (error) => {
      stderr += String(error)
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}

/**
 * Runs npm: the very npm that started this script where there is one, so that a machine with
 * several takes the same one throughout.
 *
 * @param {readonly string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 */
export function runNpm(args, options = {}) {
  const npmScript = process.env.npm_execpath
  if (npmScript?.endsWith('npm-cli.js')) return runCommand(process.execPath, [npmScript, ...args], options)
  // npm is a .cmd file on Windows, which only a shell can start.
  const onWindows = process.platform === 'win32'
  return runCommand(onWindows ? 'npm.cmd' : 'npm', args, { ...options, shell: onWindows })
}

/** A line for the person at the terminal; standard output stays free for results. */
export function say(message) {
  process.stderr.write(`${message}\n`)
}
