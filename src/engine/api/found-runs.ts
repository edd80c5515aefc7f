import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { wedgeSchema } from '../../shared/wedge.ts'
import type { Job } from '../../shared/jobs.ts'
import { runRecordSchema } from '../../shared/runs.ts'
import type { RunRecord } from '../../shared/runs.ts'
import { requestedSettingsSchema } from '../../shared/settings.ts'
import type { XYZ } from '../../shared/axes.ts'
import { readRunName } from '../derived/run-name.ts'
import { runsFolderName } from './run-place.ts'

/** A run of an earlier session, or of the command line. */
export interface FoundRun {
  path: string
  record: RunRecord
  name: string | null
  finishedAt: number
}

/** More than these of one tomogram are only on the disk; the newest are shown. */
const shownRuns = 20

/**
 * The finished runs of a tomogram: in `<name>.wedgeview` beside it, and below the fallback folder those that say they are of this very file.
 * Oldest first. What can't be read as a run is passed over.
 */
export async function findRuns(tomogramPath: string, size: XYZ, runsFallback: string): Promise<FoundRun[]> {
  const name = runsFolderName(tomogramPath)
  const beside = await runsIn(join(dirname(tomogramPath), name))
  const elsewhere = await runsIn(join(runsFallback, name))
  const ofThisFile = await Promise.all(elsewhere.map(async (run) => isSameFile(run.record.input.path, tomogramPath)))
  const isOfThisSize = ({ record: { input } }: FoundRun): boolean =>
    input.size.x === size.x && input.size.y === size.y && input.size.z === size.z
  return [...beside, ...elsewhere.filter((_, i) => ofThisFile[i])]
    .filter(isOfThisSize)
    .sort((a, b) => a.finishedAt - b.finishedAt || a.path.localeCompare(b.path))
    .slice(-shownRuns)
}

/** The run as a job that is done. Settings and wedge are those of its record; `bundlePath` is where its bundle lies now, '' where it is not found. */
export function jobOfRun(id: string, { path, record, name }: FoundRun, tomogramPath: string, bundlePath: string): Job {
  const settings = requestedSettingsSchema.safeParse(record.settings)
  const isGibbs = record.settings.sampler === 'split-gibbs'
  return {
    id,
    request: {
      volumePath: tomogramPath,
      bundlePath,
      method: record.method,
      outPath: path,
      wedge: wedgeSchema.parse(record.wedge),
      wedgeSource: record.wedge.source,
      roi: record.input.roi,
      settings: settings.success ? settings.data : {},
      device: 'auto',
      threads: null,
      ...(isGibbs && { sampler: 'split-gibbs' as const }),
      ...(record.continuedFrom && { continueFrom: { runPath: record.continuedFrom.path } })
    },
    state: 'done',
    progress: null,
    failure: null,
    volumes: [],
    run: record,
    runId: id,
    name
  }
}

async function runsIn(folder: string): Promise<FoundRun[]> {
  const names = await readdir(folder).catch(() => [])
  // A run that is being written has another name until it is complete.
  const runs = await Promise.all(
    names.filter((name) => !name.includes('.partial-')).map((name) => runAt(join(folder, name)))
  )
  return runs.filter((run) => run !== null)
}

async function runAt(path: string): Promise<FoundRun | null> {
  try {
    const file = join(path, 'run.json')
    const record = runRecordSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    return { path, record, name: await readRunName(path), finishedAt: (await stat(file)).mtimeMs }
  } catch {
    return null
  }
}

export async function isSameFile(recorded: string, path: string): Promise<boolean> {
  if (recorded === path) return true
  if (basename(recorded) !== basename(path)) return false
  return (await realpath(recorded).catch(() => null)) === path
}
