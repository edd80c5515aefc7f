import type { OpenedSession, SessionSource } from '../../shared/session/api.ts'
import { renamed } from '../../shared/session/rename.ts'
import type { SessionFile, SessionVolume } from '../../shared/session/session-file.ts'
import { failureOf } from '../api/failures.ts'
import { listBundles, openVolume, resampleVolume } from '../api/routes.ts'
import { addBundle } from '../files/openBundle.ts'
import { adoptVolume, close } from '../files/openFiles.ts'
import { receiveJob } from '../files/receiveJob.ts'
import { clearHistory } from '../history/windowHistory.ts'
import { putBundles, selectBundle, useBundles } from '../stores/bundles.ts'
import { isActive, useJobs } from '../stores/jobs.ts'
import { sayFailure, sayNotice } from '../stores/messages.ts'
import { fileFailed, fileOpened, fileOpening, useVolumes } from '../stores/volumes.ts'
import { derive } from '../uncertainty/routes.ts'
import { rememberFile } from './recent.ts'
import { openSessionFile, runsOf } from './routes.ts'
import { settleUnsaved } from './saveSession.ts'
import { mapName, sessionDocument, worthSaving } from './sessionDocument.ts'
import { missingId, useSessionFile, type Lost, type MissingAnswer } from './sessionStore.ts'
import { writeState } from './writeState.ts'

/**
 * Opens a session in place of what is open: its files, the runs that belong to them, and the arrangement. Asks about changes that would be lost
 * and about files that are not where they were. `preloaded`: the session, where it was read already. Resolves to whether it was opened.
 */
export function openSession(source: SessionSource, preloaded: OpenedSession | null = null): Promise<boolean> {
  const opening = turn.then(() => open(source, preloaded))
  turn = opening
  return opening
}

/** One after the other: a second start may hand over a session while the first is still being read. */
let turn: Promise<unknown> = Promise.resolve()

async function open(source: SessionSource, preloaded: OpenedSession | null): Promise<boolean> {
  if (!(await settleUnsaved())) return false
  useSessionFile.setState({ opening: true })
  try {
    const opened = await located(source, preloaded)
    if (!opened) return false
    await show(opened)
    if (opened.path !== null) void rememberFile(opened.path)
    return true
  } catch (error) {
    sayFailure(failureOf(error))
    return false
  } finally {
    useSessionFile.setState({ opening: false })
  }
}

/** The session with its files where they are now; null: the person gave up. */
async function located(source: SessionSource, preloaded: OpenedSession | null): Promise<OpenedSession | null> {
  const pointedTo: Record<string, string> = {}
  for (let opened = preloaded; ; opened = null) {
    opened ??= await openSessionFile(source, pointedTo)
    // Where a file was found is not in the session yet.
    opened.unsaved ||= Object.keys(pointedTo).length > 0
    const asked = opened
    if (!asked.session.files.some(({ key }) => isGone(asked, key))) return asked
    const answer = await new Promise<MissingAnswer>((resolve) =>
      useSessionFile.setState({ asking: { opened: asked, answer: resolve } })
    )
    useSessionFile.setState({ asking: null })
    if (answer === 'cancel') return null
    if (answer === 'without') return asked
    Object.assign(pointedTo, answer.located)
  }
}

export function isGone({ states }: Pick<OpenedSession, 'states'>, key: string): boolean {
  return states[key] === 'missing' || states[key] === 'forbidden'
}

async function show(opened: OpenedSession): Promise<void> {
  const { session, states, path, unsaved } = opened
  await closeOthers(opened)
  const fileIds = new Map<string, string>()
  const runIds = new Map<string, string>()
  for (const file of session.files) {
    if (isGone(opened, file.key)) continue
    const id = await openFile(file)
    if (id === null) continue
    fileIds.set(file.key, id)
    await findRuns(session, file.key, id, runIds)
    if (states[file.key] === 'changed')
      sayNotice(`${file.path} is not the file that the session was saved with; it is shown as the session says.`)
  }
  const volumeIds = await findVolumes(session.volumes, fileIds, runIds)
  await chooseBundle(session)
  const named = new Set(session.volumes.map(({ key }) => key))
  const lost: Lost = { session, volumeIds, runIds, fileIds }
  writeState(
    renamed(session.state, {
      volume: (key) => volumeIds.get(key) ?? (named.has(key) ? missingId(key) : null),
      run: (key) => runIds.get(key) ?? null
    })
  )
  clearHistory()
  const isWhole = volumeIds.size === session.volumes.length
  useSessionFile.setState({ path, unsaved, lost: isWhole ? null : lost })
  useSessionFile.setState({ savedAs: unsaved ? null : worthSaving(sessionDocument('')) })
}

/** Closes what the session has not, or what is gone from where it was opened; where a run is being computed stays open. */
async function closeOthers(opened: OpenedSession): Promise<void> {
  const there = opened.session.files.filter(({ key }) => !isGone(opened, key))
  const wanted = new Set(there.map(({ path }) => path))
  const { volumes, order } = useVolumes.getState()
  const atWork = new Set(
    Object.values(useJobs.getState().jobs)
      .filter(isActive)
      .map(({ request }) => request.volumePath)
  )
  for (const id of order) {
    const volume = volumes[id]
    if (volume.region !== null || wanted.has(volume.info.path) || atWork.has(volume.info.path)) continue
    await close(volume)
  }
}

/** Null where it can't be opened; the list of files says why. */
async function openFile({ path, truncated }: SessionFile['files'][number]): Promise<string | null> {
  fileOpening(path)
  try {
    const volume = await openVolume(path, truncated)
    await adoptVolume(volume)
    fileOpened(path)
    return volume.id
  } catch (error) {
    fileFailed(path, failureOf(error))
    return null
  }
}

const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** The session's runs of a tomogram by the jobs that they are here: in the same folder, else in one of the same name beside the tomogram. */
async function findRuns(session: SessionFile, file: string, id: string, runIds: Map<string, string>): Promise<void> {
  const jobs = await runsOf(id)
  for (const job of jobs) await receiveJob(job)
  for (const run of session.runs) {
    if (run.file !== file) continue
    const job =
      jobs.find(({ request }) => request.outPath === run.path) ??
      jobs.find(({ request: { outPath, method } }) => method === run.method && lastPart(outPath) === lastPart(run.path))
    if (job) runIds.set(run.key, job.id)
  }
}

async function findVolumes(
  volumes: readonly SessionVolume[],
  fileIds: ReadonlyMap<string, string>,
  runIds: ReadonlyMap<string, string>
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const volume of volumes) {
    const id = await idOf(volume, ids, fileIds, runIds).catch((error: unknown) => {
      sayFailure(failureOf(error))
      return null
    })
    if (id !== null) ids.set(volume.key, id)
  }
  return ids
}

/** The id of what a session's volume is here; what the engine makes of others is made again. Null: it is not there. */
async function idOf(
  volume: SessionVolume,
  ids: ReadonlyMap<string, string>,
  fileIds: ReadonlyMap<string, string>,
  runIds: ReadonlyMap<string, string>
): Promise<string | null> {
  switch (volume.kind) {
    case 'tomogram':
      return fileIds.get(volume.file) ?? null
    case 'map': {
      const runId = runIds.get(volume.run)
      const open = Object.values(useVolumes.getState().volumes)
      const map = open.find((one) => one.runId === runId && !one.derived && mapName(one) === volume.map)
      return runId === undefined ? null : (map?.id ?? null)
    }
    case 'part': {
      const of = ids.get(volume.of)
      return of === undefined ? null : adopted(derive({ kind: 'part', volumeId: of, part: volume.part }))
    }
    case 'probability': {
      const runId = runIds.get(volume.run)
      const { threshold, estimate } = volume
      return runId === undefined ? null : adopted(derive({ kind: 'probability', runId, threshold, estimate }))
    }
    case 'resampled': {
      const [of, onto] = [ids.get(volume.of), ids.get(volume.onto)]
      return of === undefined || onto === undefined ? null : adopted(resampleVolume(of, onto))
    }
  }
}

async function adopted(making: ReturnType<typeof derive>): Promise<string> {
  const volume = await making
  await adoptVolume(volume)
  return volume.id
}

/** The session's bundle, wherever one with its contents lies; else what was chosen stays. */
async function chooseBundle({ bundle }: SessionFile): Promise<void> {
  // Else the list, when it comes, would choose one.
  if (useBundles.getState().bundles.length === 0) putBundles(await listBundles())
  if (!bundle) return
  const known = (): string | undefined =>
    useBundles.getState().bundles.find(({ sha256 }) => sha256 === bundle.sha256)?.path
  if (known() === undefined) {
    const before = useBundles.getState().chosen
    await addBundle(bundle.path)
    if (known() === undefined && before !== null) selectBundle(before)
  }
  const path = known()
  if (path !== undefined) selectBundle(path)
}
