import { WedgeviewError } from '../../shared/errors.ts'
import type { Progress, ReconstructRequest } from '../../shared/jobs.ts'
import type { RunRecord } from '../../shared/runs.ts'
import { mapWriter } from '../posterior/map-file.ts'
import { assertRunFolderPossible, writeRunFolder } from '../posterior/run-folder.ts'
import type { Reconstruction } from '../sampling/problem.ts'
import { cancelledError } from './cancelled.ts'
import { assertFiniteMisfit, finiteProgress } from './finite.ts'
import { greyMaps, greyPartial } from './grey-result.ts'
import { fileSha256 } from './input.ts'
import { outputBytes } from './output-size.ts'
import { prepareRun, problemOf, type PreparedRun } from './prepare.ts'
import type { PartialMaps } from './partial-pieces.ts'
import { recordOf } from './record.ts'
import { productionTools, type RunnerTools } from './tools.ts'
import { programVersion } from './versions.ts'

export interface FinishedRun {
  readonly runPath: string
  readonly record: RunRecord
}

export interface RunHooks {
  readonly signal: AbortSignal
  /** Asked once the signal is aborted: whether what is there shall be written as a partial run. */
  keepPartial(): boolean
  onProgress(progress: Progress): void
  onPartial(partial: PartialMaps): void
  /** Called while a cancelled job writes what it keeps. */
  onStopping(): void
}

/**
 * One reconstruction, from the file to the run folder. The folder appears complete or not at all.
 *
 * @param stagingPath folder beside `request.outPath` that is filled first, then renamed
 * @throws {WedgeviewError} usage (out-exists), input (roi-outside, no-contrast, whatever the volume and the bundle are
 *   refused for), job (disk-full, …), cancelled
 */
export async function runReconstruction(
  request: ReconstructRequest,
  stagingPath: string,
  hooks: RunHooks,
  tools: RunnerTools = productionTools
): Promise<FinishedRun> {
  const startedAt = new Date()
  const { signal } = hooks
  try {
    hooks.onProgress(phase('Reading the tomogram', 0))
    await assertRunFolderPossible(request.outPath, 0)
    const prepared = await prepareRun(request, tools, signal)
    await assertRunFolderPossible(
      request.outPath,
      outputBytes(request.method, prepared.settings, prepared.input.volume.length)
    )
    const inputSha256 = await fileSha256(request.volumePath, signal)
    const samplingFrom = performance.now()
    const result = await sample(prepared, hooks, tools)
    const samplingSeconds = (performance.now() - samplingFrom) / 1000
    const maps = greyMaps(prepared.input, result)
    if (signal.aborted && !(hooks.keepPartial() && maps.length > 0)) throw cancelledError()
    assertFiniteMisfit(result.misfitPerMeasuredVoxel)
    hooks.onProgress(phase('Writing the run folder', 1))
    const record = recordOf(prepared, result, inputSha256, startedAt)
    const { diagnostics, trace } = result
    const { gamma, seed } = prepared.settings
    await writeRunFolder(
      request.outPath,
      stagingPath,
      { record, diagnostics: { ...diagnostics, samplingSeconds, trace }, maps },
      mapWriter(prepared.input.info, prepared.input.roi, {
        version: programVersion,
        method: request.method,
        gamma,
        seed
      }),
      () => {
        if (!signal.aborted) return
        if (!hooks.keepPartial()) throw cancelledError()
        hooks.onStopping()
      }
    )
    return { runPath: request.outPath, record }
  } catch (error) {
    // An abort ends reads and steps with errors of many kinds; to the user each of them means the same.
    if (signal.aborted && !(error instanceof WedgeviewError)) throw cancelledError()
    throw error
  }
}

function sample(prepared: PreparedRun, hooks: RunHooks, tools: RunnerTools): Promise<Reconstruction> {
  return tools.reconstruct(problemOf(prepared), {
    signal: hooks.signal,
    onProgress: (progress) => hooks.onProgress(finiteProgress(progress)),
    onPartial: (family) => hooks.onPartial(greyPartial(prepared.input, family))
  })
}

function phase(text: string, fraction: number): Progress {
  return {
    phase: text,
    fraction,
    step: 0,
    steps: 0,
    secondsLeft: null,
    potential: null,
    misfitPerMeasuredVoxel: null,
    acceptance: null,
    members: 0
  }
}
