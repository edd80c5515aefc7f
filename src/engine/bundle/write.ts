import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { WedgeviewError } from '../../shared/errors.ts'
import { manifestSchema, type Manifest } from './manifest.ts'

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Writes a bundle folder whole or not at all: everything into a folder beside it, synced, then one rename. The manifest's `files` is
 * filled in. Throws `bundle-exists` where `out` is taken, `bundle-unwritable` where the folder can't be made.
 */
export async function writeBundleFolder(
  out: string,
  manifest: Omit<Manifest, 'files'>,
  files: Readonly<Record<string, Uint8Array>>
): Promise<string> {
  const folder = resolve(out)
  if (await stat(folder).catch(() => null))
    throw new WedgeviewError(
      'input',
      'bundle-exists',
      `${folder} exists already.`,
      'Choose another folder, or remove that one first.'
    )
  const hashes = Object.entries(files).map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')])
  const complete = manifestSchema.parse({ ...manifest, files: Object.fromEntries(hashes) })
  const beside = join(dirname(folder), `.${basename(folder)}.partial-${process.pid}`)
  try {
    await mkdir(dirname(folder), { recursive: true })
    await rm(beside, { recursive: true, force: true })
    await mkdir(beside)
    for (const [name, bytes] of Object.entries(files)) await writeSynced(join(beside, name), bytes)
    await writeSynced(join(beside, 'bundle.json'), Buffer.from(JSON.stringify(complete, null, 2) + '\n'))
    await rename(beside, folder)
  } catch (cause) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WedgeviewError(
      'input',
      'bundle-unwritable',
      `The bundle can't be written to ${folder}: ${reason}.`,
      'Choose a folder that you may write to, with enough space.',
      { cause }
    )
  }
  return folder
}
