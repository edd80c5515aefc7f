import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assertRunFolderPossible } from '../../engine/posterior/run-folder.ts'
import { settleStaging } from '../../engine/posterior/staging.ts'
import { fileSha256 } from '../../engine/runner/input.ts'
import { isUnfinished, nothingToResume } from '../../engine/runner/state/unfinished.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { runRecordSchema, type RunRecord } from '../../shared/runs.ts'

/** A method's run, and its record where an earlier command has finished it already. */
export interface Task {
  request: ReconstructRequest
  finished: RunRecord | null
}

/**
 * What `--resume` has to do: finished runs are left as they are, interrupted ones go on, and methods whose turn had not come are begun.
 *
 * @throws {WedgeviewError} usage / nothing-to-resume; input / resume-differs where a finished run is of something else
 */
export async function tasksToResume(
  requests: readonly ReconstructRequest[],
  bundleSha256: string,
  signal: AbortSignal
): Promise<Task[]> {
  const tasks: Task[] = []
  for (const request of requests) {
    const { outPath } = request
    await settleStaging(dirname(outPath))
    const finished = await finishedRun(outPath)
    if (finished) await assertSameRun(finished, request, bundleSha256, signal)
    const resume = !finished && (await isUnfinished(outPath))
    tasks.push({ request: { ...request, resume }, finished })
  }
  if (!tasks.some(({ request, finished }) => request.resume === true || finished))
    throw nothingToResume(requests[0].outPath)
  for (const { request, finished } of tasks)
    if (!finished && !request.resume) await assertRunFolderPossible(request.outPath, 0)
  return tasks
}

async function finishedRun(outPath: string): Promise<RunRecord | null> {
  const text = await readFile(join(outPath, 'run.json'), 'utf8').catch(() => null)
  return text === null ? null : runRecordSchema.parse(JSON.parse(text))
}

/** Settings that run.json has as they were used in the end, which need not be as they were asked for. */
const refined = ['tile', 'step', 'threshold']

async function assertSameRun(
  record: RunRecord,
  request: ReconstructRequest,
  bundleSha256: string,
  signal: AbortSignal
): Promise<void> {
  const { outPath, volumePath, method, wedge, roi, settings } = request
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  const differences = [
    [record.input.sha256 === (await fileSha256(volumePath, signal)), 'the input'],
    [record.bundle.sha256 === bundleSha256, 'the bundle'],
    [record.method === method, 'the method'],
    [roi === null || same(record.input.roi, roi), 'the region'],
    ...Object.entries(wedge).map(([key, value]) => [same(Reflect.get(record.wedge, key), value), 'the wedge'] as const),
    ...Object.entries(settings)
      .filter(([key]) => !refined.includes(key))
      .map(([key, value]) => [same(record.settings[key], value), `the setting ${key}`] as const)
  ].flatMap(([isSame, what]) => (isSame ? [] : [what]))
  if (differences.length === 0) return
  throw new WedgeviewError(
    'input',
    'resume-differs',
    `The finished run in ${outPath} is of something else: ${[...new Set(differences)].join(', ')} differ.`,
    'Give what it was begun with, or another --out.'
  )
}
