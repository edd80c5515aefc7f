import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionFile, SessionTomogram } from '../../shared/session/session-file.ts'
import type { FileState } from '../../shared/session/api.ts'
import { looksLikeZarr } from '../volume/formats/open-volume-file.ts'
import { besideFound, candidatesOf } from './places.ts'
import { sampledIdentity } from './sampled-identity.ts'

/** What a session names, as it lies now. */
export interface LocatedSession {
  /** With absolute paths. */
  session: SessionFile
  states: Record<string, FileState>
  /** What was found, and may be opened because its session was chosen. */
  found: string[]
}

/**
 * Finds what a session names.
 *
 * @param folder of the session
 * @param located files that a person pointed to, by key; others are then looked for in the same places
 */
export async function locateSession(
  session: SessionFile,
  folder: string,
  resources: string,
  located: Readonly<Record<string, string>> = {}
): Promise<LocatedSession> {
  const states: Record<string, FileState> = {}
  const found: string[] = []
  const pointedTo = session.files.flatMap((file) => (located[file.key] ? [{ file, at: located[file.key] }] : []))
  const files: SessionTomogram[] = []
  for (const file of session.files) {
    const near = pointedTo.flatMap(({ file: neighbour, at }) => besideFound(file, neighbour, at))
    const own = located[file.key]
    const candidates = [...(own ? [own] : []), ...candidatesOf(file, folder, resources), ...near]
    const place = await firstLike(file, candidates)
    states[file.key] = place?.state ?? 'missing'
    if (place) found.push(place.path)
    files.push({ ...file, path: place?.path ?? candidates[0] ?? file.path })
  }
  const runs = await Promise.all(
    session.runs.map(async (run) => {
      const candidates = candidatesOf(run, folder, resources)
      return { ...run, path: (await firstWith(candidates, 'run.json')) ?? candidates[0] ?? run.path }
    })
  )
  const { bundle } = session
  const bundlePath = bundle && (await firstWith(candidatesOf(bundle, folder, resources), 'bundle.json'))
  if (bundlePath) found.push(bundlePath)
  return {
    session: { ...session, files, runs, bundle: bundle && { ...bundle, path: bundlePath ?? bundle.path } },
    states,
    found
  }
}

/** The first that is the very file; else the first that can be one at all. */
async function firstLike(
  file: SessionTomogram,
  candidates: readonly string[]
): Promise<{ path: string; state: FileState } | null> {
  let other: string | null = null
  for (const path of candidates) {
    if (!(await canBeVolume(path))) continue
    if (file.identity === null) return { path, state: 'there' }
    const identity = await sampledIdentity(path)
    if (identity?.bytes === file.identity.bytes && identity.sampledSha256 === file.identity.sampledSha256)
      return { path, state: 'there' }
    other ??= path
  }
  return other === null ? null : { path: other, state: 'changed' }
}

/** A file, or a folder that is a volume: never a folder whose contents would be granted with it. */
async function canBeVolume(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => null)
  return status !== null && (status.isFile() || (status.isDirectory() && (await looksLikeZarr(path))))
}

async function firstWith(folders: readonly string[], file: string): Promise<string | null> {
  for (const folder of folders) if (await stat(join(folder, file)).catch(() => null)) return folder
  return null
}
