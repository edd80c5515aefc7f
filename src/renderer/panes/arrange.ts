import type { Job } from '../../shared/jobs.ts'
import type { MapRole, OpenVolume } from '../../shared/volumes.ts'
import { useJobs } from '../stores/jobs.ts'
import { activePlane, showCompare, useLayout } from '../stores/layout.ts'
import { editOverlay, overlayOf, useOverlay } from '../stores/overlay.ts'
import { fitBox } from '../stores/view.ts'
import { currentTomogram, tomogramOf, useVolumes } from '../stores/volumes.ts'

/** The latest volume of a role among a tomogram's maps. */
function latest(tomogram: string, role: MapRole, runId?: string | null): OpenVolume | null {
  const { volumes, order } = useVolumes.getState()
  const found = order
    .map((id) => volumes[id])
    .filter((volume) => volume.role === role && tomogramOf(volume) === tomogram)
    .filter((volume) => runId === undefined || volume.runId === runId)
  return found.at(-1) ?? null
}

/** Raw | MAP | mean, as far as they exist; the spread that belongs to the mean becomes the overlay. */
export function arrangeCompare(): void {
  const tomogram = currentTomogram(useVolumes.getState())
  if (!tomogram) return
  const map = latest(tomogram.id, 'map')
  const mean = latest(tomogram.id, 'mean')
  const shown: { volumeId: string; overlay: boolean }[] = [{ volumeId: tomogram.id, overlay: false }]
  if (map) shown.push({ volumeId: map.id, overlay: false })
  if (mean) shown.push({ volumeId: mean.id, overlay: true })
  showCompare(shown, activePlane(useLayout.getState()))
  const std = mean && latest(tomogram.id, 'std', mean.runId)
  const overlay = overlayOf(useOverlay.getState(), tomogram.id)
  if (std && (overlay.volumeId === null || !useVolumes.getState().volumes[overlay.volumeId]))
    editOverlay(tomogram.id, { volumeId: std.id })
  const box = mean?.region?.box ?? map?.region?.box
  if (box) fitBox(tomogram.id, box)
}

/** Tomograms whose results are awaited: the comparison opens by itself when the first map comes. */
const awaited = new Set<string>()

export function awaitResults(tomogram: string): void {
  awaited.add(tomogram)
}

/** The user chose a layout: results no longer change it. */
export function stopAwaiting(): void {
  awaited.clear()
}

/** Brings a running job's first maps on screen, unless the user is looking at something else by then. */
export function noticeResult(job: Job): void {
  const { volumes, tomogram } = useVolumes.getState()
  const maps = job.volumes.map((id) => volumes[id]).filter(Boolean)
  const of = maps[0] && tomogramOf(maps[0])
  if (!of || of !== tomogram || !awaited.has(of)) return
  const { jobs, order } = useJobs.getState()
  const std = maps.find(({ role }) => role === 'std')
  if (std) editOverlay(of, { volumeId: std.id })
  arrangeCompare()
  if (!order.some((id) => jobs[id].state === 'queued' || jobs[id].state === 'running')) awaited.delete(of)
}
