import type { Box } from '../../shared/axes.ts'
import type { Job } from '../../shared/jobs.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { jobOfVolume } from '../panes/layerTitle.ts'
import { useBundles } from '../stores/bundles.ts'
import { useJobs } from '../stores/jobs.ts'
import { currentBase, tomogramOf, useVolumes } from '../stores/volumes.ts'

/** A run that returns a family, as far as its maps have come. */
export interface Family {
  /** As its maps have it. */
  runId: string
  job: Job
  /** Region in the tomogram. */
  box: Box
  mean: OpenVolume
  std: OpenVolume | null
  share: OpenVolume | null
  members: readonly OpenVolume[]
}

type Volumes = Readonly<Record<string, OpenVolume>>
type Jobs = Readonly<Record<string, Job>>

/** The families of a tomogram, oldest first. */
export function familiesOf(tomogram: string, volumes: Volumes, jobs: Jobs): Family[] {
  const byRun = new Map<string, OpenVolume[]>()
  for (const volume of Object.values(volumes)) {
    const { runId } = volume
    if (runId === null || tomogramOf(volume) !== tomogram || volume.derived) continue
    byRun.set(runId, [...(byRun.get(runId) ?? []), volume])
  }
  return [...byRun].flatMap(([runId, maps]) => {
    const of = (role: OpenVolume['role']): OpenVolume | null => maps.find((map) => map.role === role) ?? null
    const mean = of('mean')
    const job = mean && jobOfVolume(jobs, mean)
    if (!mean?.region || !job) return []
    const members = maps.filter(({ role }) => role === 'member').sort(inOrder)
    return [{ runId, job, box: mean.region.box, mean, std: of('std'), share: of('wedge-share'), members }]
  })
}

const inOrder = (a: OpenVolume, b: OpenVolume): number => a.name.localeCompare(b.name, 'en', { numeric: true })

/** The family that a tomogram's base layer belongs to, else its newest. */
export function chosenFamily(
  tomogram: string | null,
  base: OpenVolume | null,
  families: readonly Family[]
): Family | null {
  if (tomogram === null) return null
  return families.find(({ runId }) => runId === base?.runId) ?? families.at(-1) ?? null
}

/** The family looked at; reads the stores' present state. */
export function currentFamily(): Family | null {
  const state = useVolumes.getState()
  const { tomogram, volumes } = state
  if (tomogram === null) return null
  return chosenFamily(tomogram, currentBase(state), familiesOf(tomogram, volumes, useJobs.getState().jobs))
}

export function useFamilies(tomogram: string): Family[] {
  const volumes = useVolumes((state) => state.volumes)
  const jobs = useJobs((state) => state.jobs)
  return familiesOf(tomogram, volumes, jobs)
}

/** The family looked at. */
export function useCurrentFamily(): Family | null {
  const tomogram = useVolumes((state) => state.tomogram)
  const base = useVolumes(currentBase)
  const families = useFamilies(tomogram ?? '')
  return chosenFamily(tomogram, base, families)
}

/** The temperature a family was drawn at; while it is being drawn the one that was asked for, or else the bundle's. */
export function gammaOf({ job }: Family): number {
  const { bundlePath, method, settings } = job.request
  const bundle = useBundles.getState().bundles.find(({ path }) => path === bundlePath)
  const byDefault = bundle?.methods.find((entry) => entry.method === method)?.defaults.gamma
  const gamma = job.run?.settings.gamma ?? settings.gamma ?? byDefault
  return typeof gamma === 'number' && gamma > 0 ? gamma : 1
}
