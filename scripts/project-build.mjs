// Brings node_modules and out/ up to date, and does nothing when they are.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, runCommand, runNpm, say } from './run-command.mjs'

const sources = ['src', 'packages', 'package.json', 'package-lock.json', 'electron.vite.config.ts', 'project-paths.ts']
const builtFiles = ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html']
const notSources = new Set(['node_modules', 'dist', 'test'])

/** Milliseconds since 1970, or null where there is no such file. */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null
}

/**
 * The latest change of a file or of anything below a folder, 0 where there is nothing. A folder's own
 * time counts too: it changes when a file in it is removed.
 *
 * @param {string} path
 * @returns {number}
 */
export function latestChange(path) {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (!entry) return 0
  if (!entry.isDirectory()) return entry.mtimeMs
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !notSources.has(name))
    .reduce((latest, { name }) => Math.max(latest, latestChange(join(path, name))), entry.mtimeMs)
}

/** Whether `npm ci` has to run: nothing installed, or the lock file changed since. */
export function dependenciesAreStale(root = projectRoot) {
  const installed = modifiedAt(join(root, 'node_modules', '.package-lock.json'))
  const locked = modifiedAt(join(root, 'package-lock.json'))
  return installed === null || (locked !== null && locked > installed)
}

/** Whether out/ is missing or older than a source. */
export function buildIsStale(root = projectRoot) {
  const built = builtFiles.map((file) => modifiedAt(join(root, file)))
  if (built.some((time) => time === null)) return true
  return Math.max(...sources.map((source) => latestChange(join(root, source)))) > Math.min(...built)
}

/** Installs the dependencies where needed. @throws {Error} when npm fails */
export async function ensureDependencies() {
  if (!dependenciesAreStale()) return
  say('Installing dependencies (npm ci) …')
  const { code } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) throw new Error(`npm ci failed (exit code ${code}); its message is above.`)
}

/** Builds the program where needed. @throws {Error} when the build fails */
export async function ensureBuild() {
  if (!buildIsStale()) return
  say('Building …')
  const builder = join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { code } = await runCommand(process.execPath, [builder, 'build', '--logLevel', 'warn'])
  if (code !== 0) throw new Error(`The build failed (exit code ${code}); its message is above.`)
}
