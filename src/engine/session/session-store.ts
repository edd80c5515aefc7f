import { readFile, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { WedgeviewError } from '../../shared/errors.ts'
import { readSession } from '../../shared/session/read-session.ts'
import { isSessionName, type SessionFile } from '../../shared/session/session-file.ts'
import { placedFrom } from './places.ts'
import { sampledIdentity } from './sampled-identity.ts'
import { writeWhole } from '../files/write-whole.ts'

/** A session of hundreds of runs and panes takes a tenth of it; more is something else. */
const limitBytes = 4 << 20

/** @throws WedgeviewError as readSession; input / `session-not-found`, `session-is-folder`, `session-too-large` */
export async function readSessionFile(path: string): Promise<SessionFile> {
  const name = basename(path)
  const status = await stat(path).catch(() => null)
  if (!status)
    throw new WedgeviewError(
      'input',
      'session-not-found',
      `${path} is not there any more.`,
      'Look where it was moved to.'
    )
  if (status.isDirectory())
    throw new WedgeviewError(
      'input',
      'session-is-folder',
      `${name} is a folder: it holds the runs of the tomogram beside it.`,
      'Open the tomogram; its runs are listed with it.'
    )
  if (status.size > limitBytes)
    throw new WedgeviewError(
      'input',
      'session-too-large',
      `${name} is larger than any session, ${status.size} bytes.`,
      'Open its tomograms by themselves.'
    )
  return readSession(await readFile(path, 'utf8'), name)
}

/**
 * Writes a session whose paths are absolute; in the file they are relative to it.
 *
 * @param force replaces a session that is there
 * @throws WedgeviewError usage / `session-name` (not *.wedgeview); input / `session-taken` (something else is there, or the name belongs to a
 *   tomogram's runs), `session-exists`, `session-not-written`
 */
export async function writeSessionFile(
  path: string,
  session: SessionFile,
  resources: string,
  force: boolean
): Promise<void> {
  const name = basename(path)
  if (!isSessionName(name))
    throw new WedgeviewError('usage', 'session-name', `${name} does not end in .wedgeview.`, 'Give a name that does.')
  await assertFree(path, force)
  const folder = dirname(path)
  const placed = <Entry extends { path: string; lastSeen: string | null }>(entry: Entry): Entry => ({
    ...entry,
    ...placedFrom(entry.path, folder, resources)
  })
  const files = await Promise.all(
    session.files.map(async (file) => ({
      ...placed(file),
      identity: (await sampledIdentity(file.path)) ?? file.identity
    }))
  )
  const { runs, bundle } = session
  const written: SessionFile = { ...session, files, runs: runs.map(placed), bundle: bundle && placed(bundle) }
  try {
    await writeWhole(path, `${JSON.stringify(written, null, 1)}\n`)
  } catch (error) {
    throw new WedgeviewError(
      'input',
      'session-not-written',
      `${path} could not be written: ${error instanceof Error ? error.message : String(error)}.`,
      'Choose another place, or free some space.',
      { cause: error }
    )
  }
}

async function assertFree(path: string, force: boolean): Promise<void> {
  const name = basename(path)
  const status = await stat(path).catch(() => null)
  if (!status) return
  if (status.isDirectory())
    throw new WedgeviewError(
      'input',
      'session-taken',
      `${name} is the folder of a tomogram’s runs.`,
      'Choose another name for the session.'
    )
  if (!force)
    throw new WedgeviewError(
      'input',
      'session-exists',
      `${name} is there already.`,
      'Replace it, or choose another name.'
    )
}
