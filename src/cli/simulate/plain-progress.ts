import type { Progress } from '../../shared/jobs.ts'

/** Progress of a job that does not sample: a phase and how far it is. */
export function plainProgress(phase: string, fraction: number): Progress {
  return {
    phase,
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
