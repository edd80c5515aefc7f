import type { Box } from '../../shared/axes.ts'
import type { Job } from '../../shared/jobs.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { jobOfVolume } from '../panes/layerTitle.ts'
import { useJobs } from '../stores/jobs.ts'
import { useRegion } from '../stores/region.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'

/** What a method has made of a tomogram: its MAP or mean, latest first. */
function results(tomogram: string): { volume: OpenVolume; job: Job }[] {
  const { volumes, order } = useVolumes.getState()
  const { jobs } = useJobs.getState()
  return order
    .map((id) => volumes[id])
    .filter(({ role }) => role === 'map' || role === 'mean')
    .filter((volume) => tomogramOf(volume) === tomogram && !volume.derived)
    .flatMap((volume) => {
      const job = jobOfVolume(jobs, volume)
      return job ? [{ volume, job }] : []
    })
    .reverse()
}

/** The region that methods are compared in: the region of interest, else that of the latest result; null: nothing yet. */
export function comparedRegion(tomogram: string): Box | null {
  return useRegion.getState().boxes[tomogram] ?? results(tomogram)[0]?.volume.region?.box ?? null
}

/** The latest that a method made of that region, or null. */
export function methodResult(method: MethodId, tomogram: string): OpenVolume | null {
  const region = comparedRegion(tomogram)
  const of = results(tomogram).filter(({ job }) => job.request.method === method)
  return of.find(({ volume }) => region !== null && sameBox(volume.region?.box, region))?.volume ?? null
}

function sameBox(one: Box | undefined, other: Box): boolean {
  return (['x', 'y', 'z'] as const).every(
    (axis) => one?.[axis][0] === other[axis][0] && one[axis][1] === other[axis][1]
  )
}
