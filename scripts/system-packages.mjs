// What the tests need from the operating system. Debian and its derivatives are served by apt; elsewhere
// the message names what is missing.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findPython } from './python.mjs'
import { runCommand, say } from './run-command.mjs'

/** Python modules of the tests' independent implementations and of the training package, with their Debian packages. */
export const pythonModules = [
  { module: 'mrcfile', package: 'python3-mrcfile' },
  { module: 'torch', package: 'python3-torch' },
  { module: 'onnx', package: 'python3-onnx' }
]

const chromiumCommands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Where a program lies, or null. */
function onPath(command) {
  const folder = (process.env.PATH ?? '').split(delimiter).find((entry) => existsSync(join(entry, command)))
  return folder ? join(folder, command) : null
}

/** The Chromium for the browser tests: the one WEDGEVIEW_CHROMIUM names, else the system's; null where there is none. */
export function systemChromium() {
  const found = chromiumCommands.map(onPath).find((path) => path !== null)
  return process.env.WEDGEVIEW_CHROMIUM || found || null
}

/** The shared libraries that a program links and that are not there. */
export function missingLibraries(executable) {
  if (process.platform !== 'linux') return []
  const { stdout } = spawnSync('ldd', [executable], { encoding: 'utf8' })
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0])
}

/**
 * @param {string | null} electron path of the Electron executable
 * @returns {{ what: string, packages: string[][], missing: () => string | null }[]} each need with its packages;
 *   an inner list holds the names of one package in different releases
 */
function testNeeds(electron) {
  const onLinux = process.platform === 'linux'
  return [
    {
      what: 'Chromium',
      packages: [['chromium']],
      missing: () => (systemChromium() ? null : `no ${chromiumCommands.join(', ')} on the path`)
    },
    {
      what: 'a virtual display',
      packages: [['xvfb']],
      missing: () => (!onLinux || process.env.DISPLAY || onPath('Xvfb') ? null : 'no DISPLAY and no Xvfb on the path')
    },
    {
      what: "Electron's libraries",
      packages: [['libgtk-3-0t64', 'libgtk-3-0'], ['libasound2t64', 'libasound2'], ['libnss3'], ['libgbm1']],
      missing: () => (electron && missingLibraries(electron).join(', ')) || null
    },
    {
      what: 'Python modules',
      packages: pythonModules.map((entry) => [entry.package]),
      missing: () => {
        const modules = pythonModules.map((entry) => entry.module)
        return findPython(modules) ? null : `no Python that imports ${modules.join(', ')}`
      }
    }
  ]
}

/** How to run apt-get here, or the reason why it can't be run. */
function aptAccess() {
  if (!onPath('apt-get')) return { prefix: null, reason: 'there is no apt-get here' }
  if (process.getuid?.() === 0) return { prefix: [], reason: '' }
  const sudo = onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
  return sudo
    ? { prefix: ['sudo', '-n'], reason: '' }
    : { prefix: null, reason: 'installing needs root or sudo without a password' }
}

async function aptGet(prefix, args) {
  const settings = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', '-o', 'Acquire::http::Timeout=30']
  const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...settings, ...args]
  const { code, stdout, stderr } = await runCommand(command, rest, { quiet: true, timeoutSeconds: 900 })
  if (code !== 0)
    say(`apt-get ${args[0]} failed (exit code ${code}): ${(stderr || stdout).trim().split('\n').slice(-3).join(' ')}`)
  return code
}

/** The first of a package's names that this release knows. */
function knownName(names) {
  return names.find((name) => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0) ?? names.at(-1)
}

/**
 * Installs what the tests need and what is not there, as far as permitted.
 *
 * @param {string | null} electron path of the Electron executable
 * @returns {Promise<string[]>} one line for each need that is still not met
 */
export async function ensureSystemPackages(electron) {
  const lacking = testNeeds(electron).filter((need) => need.missing() !== null)
  if (lacking.length === 0) return []
  const { prefix, reason } = aptAccess()
  if (prefix) {
    say(`Installing with apt-get: ${lacking.map((need) => need.what).join(', ')} …`)
    await aptGet(prefix, ['update', '-q'])
    for (const need of lacking) {
      await aptGet(prefix, ['install', '-y', '-q', '--no-install-recommends', ...need.packages.map(knownName)])
    }
  }
  return lacking
    .filter((need) => need.missing() !== null)
    .map((need) => {
      const names = need.packages.map((name) => name.join(' or ')).join(', ')
      return `${need.what}: ${need.missing()}. Debian packages: ${names}${reason ? ` (${reason})` : ''}`
    })
}
