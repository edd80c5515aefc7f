import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { UnfinishedRun } from '../../shared/api.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { findUnfinished, readUnfinished } from '../jobs/index.ts'
import type { UnfinishedJob } from '../jobs/index.ts'
import { settleStaging } from '../posterior/staging.ts'
import { isSameFile } from './found-runs.ts'
import { runsFolderName } from './run-place.ts'

/** An unfinished run of an open tomogram, with what is needed to go on with it. */
export interface UnfinishedFound {
  run: UnfinishedRun
  job: UnfinishedJob
  tomogram: OpenVolume
}

/**
 * The unfinished runs that lie beside a tomogram, or below the fallback folder where they say that they are of this very file; oldest first.
 * A run that was complete but for its last rename takes its place.
 */
export async function findUnfinishedOf(tomogram: OpenVolume, runsFallback: string): Promise<UnfinishedFound[]> {
  const name = runsFolderName(tomogram.info.path)
  const found: UnfinishedFound[] = []
  for (const folder of [join(dirname(tomogram.info.path), name), join(runsFallback, name)]) {
    await settleStaging(folder)
    for (const path of await findUnfinished(folder)) {
      const job = (await readUnfinished(path))?.job
      if (!job || !(await isSameFile(job.request.volumePath, tomogram.info.path))) continue
      found.push({ run: await described(path, job, tomogram.id), job, tomogram })
    }
  }
  return found.sort((a, b) => a.run.startedAt.localeCompare(b.run.startedAt))
}

async function described(
  path: string,
  { identity, startedAt }: UnfinishedJob,
  volumeId: string
): Promise<UnfinishedRun> {
  return { path, volumeId, method: identity.method, roi: identity.roi, startedAt, keptAt: await keptAt(path) }
}

/** When the sampler's state or a tile was kept last. */
async function keptAt(path: string): Promise<string | null> {
  const folder = join(path, 'state')
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^(sampler|tile-\d+)\.state$/.test(name))
  const times = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs))
  return times.length > 0 ? new Date(Math.max(...times)).toISOString() : null
}
