import type { ReconstructRequest } from '../../../shared/jobs.ts'
import { stagingPathOf } from '../../posterior/staging.ts'
import type { RunnerTools } from '../tools.ts'
import { runReconstruction } from '../work.ts'
import type { FinishedRun, RunHooks } from '../work.ts'

/** Carries a run out in this process; hooks that a test doesn't name do nothing. */
export function perform(
  request: ReconstructRequest,
  hooks: Partial<RunHooks> = {},
  tools?: RunnerTools
): Promise<FinishedRun> {
  const whole: RunHooks = {
    signal: new AbortController().signal,
    keepPartial: () => false,
    isOrphaned: () => false,
    onProgress: () => undefined,
    onPartial: () => undefined,
    onStopping: () => undefined,
    onSaved: () => undefined,
    onLog: () => undefined,
    ...hooks
  }
  return runReconstruction(request, stagingPathOf(request.outPath, 'test'), whole, tools)
}

/** The same with tools of the test's own. */
export function performWith(
  request: ReconstructRequest,
  tools: RunnerTools,
  hooks: Partial<RunHooks> = {}
): Promise<FinishedRun> {
  return perform(request, hooks, tools)
}
