import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { WedgeviewError } from '../../shared/errors.ts'
import { bundleLimits, inMebibytes } from './limits.ts'

/** Where unpacked bundles are kept: the user's own cache, which others on the machine can't write to. */
export function unpackedBundlesFolder(env: NodeJS.ProcessEnv = process.env): string {
  const home = homedir()
  const cache =
    env.XDG_CACHE_HOME ??
    (process.platform === 'win32'
      ? (env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'))
      : join(home, ...(process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'])))
  return join(cache, 'wedgeview', 'bundles')
}

function refuse(
  path: string,
  what: string,
  hint = 'Get the bundle again from its author.',
  cause?: unknown
): WedgeviewError {
  return new WedgeviewError('input', 'bundle-zip', `${path} is not a bundle: ${what}.`, hint, { cause })
}

/** True for a name that stays inside the folder it is unpacked to, on every system. */
function staysInside(name: string): boolean {
  if (name === '' || name.startsWith('/') || /[\\:\0]/.test(name)) return false
  return !name.split('/').some((part) => part === '..' || part === '.')
}

/** The files of a zip by name, folders left out. Names and sizes are judged before anything is unpacked. */
function filesOf(path: string, bytes: Uint8Array): Map<string, Uint8Array> {
  let entries = 0
  let total = 0
  const seen = new Set<string>()
  let unpacked: Record<string, Uint8Array>
  try {
    unpacked = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!staysInside(name)) throw refuse(path, `its entry ${JSON.stringify(name)} leaves the folder`)
        // Two entries that a file system without upper and lower case would write to one file.
        const key = name.toLowerCase()
        if (seen.has(key)) throw refuse(path, `it holds ${JSON.stringify(name)} twice`)
        seen.add(key)
        total += originalSize
        entries++
        if (entries > bundleLimits.zipEntries) throw refuse(path, `it has more than ${bundleLimits.zipEntries} entries`)
        if (total > bundleLimits.zipBytes)
          throw new WedgeviewError(
            'input',
            'bundle-too-large',
            `${path} unpacks to more than ${inMebibytes(bundleLimits.zipBytes)}.`,
            'Unpack it yourself and give the folder.'
          )
        return !name.endsWith('/')
      }
    })
  } catch (cause) {
    if (cause instanceof WedgeviewError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw refuse(
      path,
      `it can't be unpacked (${reason})`,
      'Give the folder that holds bundle.json, or one .zip of it.',
      cause
    )
  }
  return new Map(Object.entries(unpacked))
}

/** Names relative to the folder that holds bundle.json: the top, or the one folder that was zipped. */
function insideBundle(path: string, files: Map<string, Uint8Array>): Map<string, Uint8Array> {
  if (files.has('bundle.json')) return files
  const tops = new Set([...files.keys()].map((name) => name.split('/')[0]))
  const [top] = tops
  if (tops.size !== 1 || !files.has(`${top}/bundle.json`))
    throw new WedgeviewError(
      'input',
      'bundle-missing',
      `${path} holds no bundle.json.`,
      'Zip the folder that holds bundle.json.'
    )
  return new Map([...files].map(([name, bytes]) => [name.slice(top.length + 1), bytes]))
}

/**
 * Unpacks a zipped bundle into the user's cache, whole or not at all, and returns the folder, named by the zip's sha256: the same zip
 * is unpacked once. Entries that leave the folder, links (which would be written as plain files) and oversized content are refused
 * with `bundle-zip` or `bundle-too-large`. What the files are is verified by loading the folder.
 */
export async function unpackBundle(path: string, cache = unpackedBundlesFolder()): Promise<string> {
  const { size } = await stat(path)
  if (size > bundleLimits.zipBytes)
    throw new WedgeviewError(
      'input',
      'bundle-too-large',
      `${path} has ${inMebibytes(size)}; the limit for a zip is ${inMebibytes(bundleLimits.zipBytes)}.`,
      'Unpack it yourself and give the folder.'
    )
  const bytes = await readFile(path)
  const folder = join(cache, createHash('sha256').update(bytes).digest('hex'))
  if (await stat(folder).catch(() => null)) return folder
  const files = insideBundle(path, filesOf(path, bytes))
  const beside = `${folder}.${randomUUID()}`
  try {
    for (const [name, content] of files) {
      const target = join(beside, name)
      await mkdir(dirname(target), { recursive: true })
      const file = await open(target, 'wx')
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
    }
    await rename(beside, folder)
  } catch (cause) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined)
    // Another process may have unpacked the same zip meanwhile.
    if (await stat(folder).catch(() => null)) return folder
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WedgeviewError(
      'input',
      'bundle-unwritable',
      `${path} can't be unpacked to ${cache}: ${reason}.`,
      'Make room there, or unpack it yourself and give the folder.',
      { cause }
    )
  }
  return folder
}
