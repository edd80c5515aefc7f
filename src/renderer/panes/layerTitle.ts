import type { MapRole, OpenVolume } from '../../shared/volumes.ts'
import type { Job } from '../../shared/jobs.ts'
import { methods } from '../../shared/methods.ts'
import { useJobs } from '../stores/jobs.ts'
import { useVolumes } from '../stores/volumes.ts'

export const roleNames: Readonly<Record<MapRole, string>> = {
  map: 'reconstruction',
  mean: 'posterior mean',
  std: 'posterior SD',
  variance: 'variance',
  'wedge-variance': 'wedge variance',
  'measured-variance': 'measured variance',
  'wedge-share': 'wedge share',
  probability: 'P(x > t)',
  'r-hat': 'R-hat',
  barycentre: 'soft barycentre',
  member: 'member',
  'measured-part': 'measured part',
  'filled-in-part': 'filled-in part'
}

/** The job that made a map; while it runs, its run goes by the job's own id. */
export function jobOfVolume(jobs: Readonly<Record<string, Job>>, volume: OpenVolume): Job | undefined {
  return Object.values(jobs).find(({ id, runId }) => volume.runId !== null && volume.runId === (runId ?? id))
}

/** What a layer is called: a tomogram by its file, a map by what it shows and how it was made. */
export function layerTitle(volume: OpenVolume): string {
  if (volume.role === null) return volume.name
  const { derived } = volume
  if (derived?.kind === 'part') {
    const whole = useVolumes.getState().volumes[derived.from]
    return whole ? `${roleNames[volume.role]} of ${layerTitle(whole)}` : volume.name
  }
  const { jobs } = useJobs.getState()
  const job = jobOfVolume(jobs, volume)
  const method = job ? (job.name ?? methods[job.request.method].name) : null
  const what =
    volume.role === 'map' && job?.request.method === 'cryogen-1'
      ? 'MAP'
      : volume.role === 'member'
        ? (/member \d+$/.exec(volume.name)?.[0] ?? volume.name)
        : volume.role === 'probability'
          ? probabilityTitle(volume, job)
          : roleNames[volume.role]
  return method ? `${what} · ${method}` : volume.name
}

/** With the threshold it was asked for: the window's own, or the run's, which was counted over all draws. */
function probabilityTitle({ derived }: OpenVolume, job: Job | undefined): string {
  if (derived?.kind === 'probability') return `P(x > ${Number(derived.threshold.toPrecision(5))})`
  const threshold = job?.run?.settings.threshold
  return typeof threshold === 'number' ? `P(x > ${Number(threshold.toPrecision(5))}), all draws` : roleNames.probability
}
