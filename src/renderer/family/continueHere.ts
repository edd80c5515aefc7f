import { boxSize, type Box, type XYZ } from '../../shared/axes.ts'
import { continueChains } from '../api/families.ts'
import { failureOf } from '../api/failures.ts'
import { boxAround } from '../geometry/regionBox.ts'
import { putJob } from '../stores/jobs.ts'
import { setVolume, useLayout } from '../stores/layout.ts'
import { sayFailure } from '../stores/messages.ts'
import { editOverlay, overlayOf, useOverlay } from '../stores/overlay.ts'
import { showVolume, tomogramOf, useVolumes } from '../stores/volumes.ts'
import type { Family } from './families.ts'
import { previewAt, useFamilyBench } from './familyStore.ts'

/** Edge of the region that is continued: large enough to judge, small enough to answer in seconds. */
const edge = 48

/** The box of at most `edge` voxels a side about the crosshair, inside the family's region. */
export function regionAround(voxel: XYZ, within: Box): Box {
  const low = { x: within.x[0], y: within.y[0], z: within.z[0] }
  const own = boxAround({ x: voxel.x - low.x, y: voxel.y - low.y, z: voxel.z - low.z }, edge, boxSize(within))
  const shifted = (axis: 'x' | 'y' | 'z'): [number, number] => [own[axis][0] + low[axis], own[axis][1] + low[axis]]
  return { x: shifted('x'), y: shifted('y'), z: shifted('z') }
}

/** Whether a run has chains that can go on. */
export function canContinue({ job }: Family): boolean {
  return job.request.method === 'cryowgen-2' && (job.state === 'running' || job.run !== null)
}

/** Continues a family's chains at another temperature around a voxel; what comes of it takes the family's place on screen. */
export async function continueHere(family: Family, gamma: number, voxel: XYZ): Promise<void> {
  try {
    const region = regionAround(voxel, family.box)
    const job = await continueChains({ continueFrom: { runId: family.runId, gamma, region } })
    useFamilyBench.setState({ following: { jobId: job.id, from: family.runId } })
    putJob(job)
  } catch (error) {
    sayFailure(failureOf(error))
  }
}

/**
 * Brings the first maps of a continued run on screen: where the family that it comes from is, or, where that is nowhere, as what the
 * window looks at. Returns whether there were any.
 */
export function showContinued({ jobId, from }: { jobId: string; from: string }): boolean {
  const { volumes, base, tomogram } = useVolumes.getState()
  const maps = Object.values(volumes).filter(({ runId, derived }) => runId === jobId && !derived)
  const mean = maps.find(({ role }) => role === 'mean')
  const std = maps.find(({ role }) => role === 'std')
  if (!mean || !std) return false
  const group = tomogramOf(mean)
  const isOld = (id: string | null): boolean => id !== null && volumes[id]?.runId === from && volumes[id].role !== 'map'
  const held = useLayout.getState().panes.filter((pane) => pane.kind === 'slice' && isOld(pane.volumeId))
  for (const pane of held) setVolume(pane.id, mean.id)
  if (tomogram === group && (isOld(base[group] ?? null) || held.length === 0)) showVolume(mean.id)
  const { volumeId } = overlayOf(useOverlay.getState(), group)
  const role = volumeId === null ? null : volumes[volumeId]?.role
  const overlay = maps.find((map) => map.role === role) ?? std
  if (isOld(volumeId)) editOverlay(group, { volumeId: overlay.id })
  previewAt(from, null)
  return true
}
