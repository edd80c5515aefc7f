import { WedgeviewError } from '../../shared/errors.ts'
import type { Progress } from '../../shared/jobs.ts'
import type { RunRecord } from '../../shared/runs.ts'

/** NaN and infinities are not part of JSON: a diagnostic that has no finite value is not known. */
export function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null
}

export function finiteProgress(progress: Progress): Progress {
  return {
    ...progress,
    secondsLeft: finiteOrNull(progress.secondsLeft),
    potential: finiteOrNull(progress.potential),
    misfitPerMeasuredVoxel: finiteOrNull(progress.misfitPerMeasuredVoxel),
    acceptance: finiteOrNull(progress.acceptance)
  }
}

export function finiteDiagnostics({
  ess,
  rHat,
  acceptance,
  objective,
  weightEss
}: RunRecord['diagnostics']): RunRecord['diagnostics'] {
  return {
    ess: finiteOrNull(ess),
    rHat: finiteOrNull(rHat),
    acceptance: finiteOrNull(acceptance),
    objective: finiteOrNull(objective),
    weightEss: finiteOrNull(weightEss)
  }
}

/** A result with a misfit that is no number was computed from voxels that are none; it must not be written as a run. */
export function assertFiniteMisfit(misfit: number): void {
  if (Number.isFinite(misfit)) return
  throw new WedgeviewError(
    'job',
    'not-finite',
    'The reconstruction holds values that are not finite numbers.',
    'Give a smaller --step, or check the bundle with `wedgeview bundle check`.'
  )
}
