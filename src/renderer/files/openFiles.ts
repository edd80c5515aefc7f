import type { Truncated } from '../../shared/api.ts'
import type { Job } from '../../shared/jobs.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf } from '../api/failures.ts'
import { LatestRequest } from '../api/latest.ts'
import { closeVolume, deleteRun, getVolume, getWedge, openVolume } from '../api/routes.ts'
import { rememberFile } from '../session/recent.ts'
import { coarseBlocks, sliceCache } from '../slices/sliceLayers.ts'
import { editOverlay, overlayOf, useOverlay } from '../stores/overlay.ts'
import { sayFailure } from '../stores/messages.ts'
import { addView, removeView } from '../stores/view.ts'
import {
  fileFailed,
  fileOpened,
  fileOpening,
  putVolume,
  removeVolume,
  showVolume,
  tomogramOf,
  useVolumes
} from '../stores/volumes.ts'
import { putWedgeReport, useWedge, wedgeFailed } from '../stores/wedge.ts'
import { removeJob, useJobs } from '../stores/jobs.ts'

/**
 * Opens files one after the other; each says on its own entry what went wrong. `truncated`: whether the part that is there of a file that
 * ends too early is opened.
 */
export async function openPaths(paths: readonly string[], truncated: Truncated = 'refuse'): Promise<void> {
  for (const path of paths) {
    fileOpening(path)
    try {
      const volume = await openVolume(path, truncated)
      await adoptVolume(volume)
      fileOpened(path)
      showVolume(volume.id)
      void rememberFile(path)
    } catch (error) {
      fileFailed(path, failureOf(error))
    }
  }
}

/** Takes a volume of the engine into the window, with its tomogram and the assumed wedge. */
export async function adoptVolume(volume: OpenVolume): Promise<void> {
  const group = tomogramOf(volume)
  if (group !== volume.id && !useVolumes.getState().volumes[group]) await adoptVolume(await getVolume(group))
  putVolume(volume)
  if (volume.region !== null) return
  addView(volume.id, volume)
  if (!useWedge.getState().wedges[volume.id]) void loadWedge(volume.id)
}

async function loadWedge(id: string): Promise<void> {
  try {
    putWedgeReport(id, await getWedge(id))
  } catch (error) {
    wedgeFailed(id, failureOf(error))
  }
}

const refreshing = new Map<string, LatestRequest<string, OpenVolume>>()

/** Fetches a volume's description again after its voxels changed, at most one request at a time. */
export function refreshVolume(id: string): void {
  let request = refreshing.get(id)
  if (!request) {
    request = new LatestRequest<string, OpenVolume>(
      (key, signal) => getVolume(key, signal),
      (volume) => void adoptVolume(volume),
      (error) => {
        const failure = failureOf(error)
        // A volume that was closed meanwhile is no failure.
        if (failure.code !== 'volume-unknown') sayFailure(failure)
      }
    )
    refreshing.set(id, request)
  }
  request.request(id)
}

/** Closes a volume; a tomogram takes the maps made from it along. */
export async function close(volume: OpenVolume): Promise<void> {
  const { volumes, order } = useVolumes.getState()
  const maps = volume.region
    ? []
    : order.filter((id) => volumes[id].region?.tomogram === volume.id && !volumes[id].derived)
  for (const id of [...maps, volume.id]) {
    try {
      await closeVolume(id)
    } catch (error) {
      sayFailure(failureOf(error))
    }
    forget(id)
  }
  if (volume.region === null) removeView(volume.id)
}

/** Deletes a run that ended, with its maps; one that left nothing is only taken off the list. */
export async function discardRun(job: Job): Promise<void> {
  if (job.runId !== null) {
    try {
      await deleteRun(job.runId)
    } catch (error) {
      sayFailure(failureOf(error))
      return
    }
  }
  forgetRun(job.id)
}

/** Takes a run that is gone, and its maps, off the window. */
export function forgetRun(jobId: string): void {
  useJobs.getState().jobs[jobId]?.volumes.forEach(forget)
  removeJob(jobId)
}

/** Takes a volume off the window, and those that the engine made from it, which close with it. */
function forget(id: string): void {
  const { volumes, order } = useVolumes.getState()
  for (const made of order) if (volumes[made].derived?.from === id) forget(made)
  const volume = volumes[id]
  sliceCache.forget(id)
  coarseBlocks.forget(id)
  refreshing.delete(id)
  if (volume) {
    const tomogram = tomogramOf(volume)
    if (overlayOf(useOverlay.getState(), tomogram).volumeId === id) editOverlay(tomogram, { volumeId: null })
  }
  removeVolume(id)
}
