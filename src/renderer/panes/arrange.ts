import type { Axis, Box } from '../../shared/axes.ts'
import type { Job } from '../../shared/jobs.ts'
import { methodIds } from '../../shared/methods.ts'
import type { MapRole, OpenVolume } from '../../shared/volumes.ts'
import { boxMiddle } from '../geometry/paneTransform.ts'
import { comparedRegion } from '../slices/methodResult.ts'
import { useJobs } from '../stores/jobs.ts'
import { activePlane, showArrangement, useLayout } from '../stores/layout.ts'
import { viewKey } from '../stores/links.ts'
import type { LayoutNode } from '../stores/layoutTree.ts'
import { editOverlay, overlayOf, useOverlay } from '../stores/overlay.ts'
import { slicePane, type Pane } from '../stores/paneKinds.ts'
import { fitBox, moveCursor, putView, useView } from '../stores/view.ts'
import { currentTomogram, tomogramOf, useVolumes } from '../stores/volumes.ts'

/** A tomogram's maps of a role, in the order they came. */
function mapsOf(tomogram: string, role: MapRole): OpenVolume[] {
  const { volumes, order } = useVolumes.getState()
  return order
    .map((id) => volumes[id])
    .filter((volume) => volume.role === role && tomogramOf(volume) === tomogram && !volume.derived)
}

/** The latest volume of a role among a tomogram's maps. */
function latest(tomogram: string, role: MapRole, runId?: string | null): OpenVolume | null {
  const found = mapsOf(tomogram, role).filter((volume) => runId === undefined || volume.runId === runId)
  return found.at(-1) ?? null
}

function row(id: string, panes: readonly string[]): LayoutNode {
  return panes.length === 1
    ? { pane: panes[0] }
    : { id, direction: 'row', shares: null, children: panes.map((pane) => ({ pane })) }
}

/** Raw | MAP | mean, as far as they exist; the spread that belongs to the mean becomes the overlay. */
export function arrangeCompare(): void {
  const tomogram = currentTomogram(useVolumes.getState())
  if (!tomogram) return
  const map = latest(tomogram.id, 'map')
  const mean = latest(tomogram.id, 'mean')
  const plane = activePlane(useLayout.getState())
  const panes: Pane[] = [slicePane('compare-1', { plane, volumeId: tomogram.id, overlay: false })]
  const add = (volumeId: string, overlay: boolean): void => {
    panes.push(slicePane(`compare-${panes.length + 1}`, { plane, volumeId, overlay }))
  }
  if (map) add(map.id, false)
  if (mean) add(mean.id, true)
  if (panes.length === 1) panes.push({ kind: 'awaiting', id: 'awaiting' })
  const tree = row(
    'compare',
    panes.map(({ id }) => id)
  )
  showArrangement({ preset: 'compare', panes, tree, activePane: panes[0].id })
  if (mean) overlaySpread(tomogram.id, mean)
  const box = mean?.region?.box ?? map?.region?.box
  if (box) lookInto(tomogram.id, box)
}

/** The four methods in a grid: of the same region, in one contrast. */
export function arrangeMethods(): void {
  const tomogram = currentTomogram(useVolumes.getState())
  if (!tomogram) return
  const plane = activePlane(useLayout.getState())
  const panes = methodIds.map((method) => slicePane(method, { plane, method, overlay: false }))
  const rows = [methodIds.slice(0, 2), methodIds.slice(2)]
  const tree: LayoutNode = {
    id: 'methods',
    direction: 'column',
    shares: null,
    aligned: true,
    children: rows.map((ids, i) => row(`methods-${i + 1}`, ids))
  }
  showArrangement({ preset: 'methods', panes, tree, activePane: panes[0].id })
  const box = comparedRegion(tomogram.id)
  if (box) lookInto(tomogram.id, box)
}

const membersShown = 8

/** The mean above, the first members of its family in a strip below. */
export function arrangeFamily(): void {
  const tomogram = currentTomogram(useVolumes.getState())
  if (!tomogram) return
  const plane = activePlane(useLayout.getState())
  const mean = latest(tomogram.id, 'mean')
  const members = mapsOf(tomogram.id, 'member')
    .filter(({ runId }) => runId === mean?.runId)
    .slice(0, membersShown)
  if (!mean || members.length === 0) {
    const panes: Pane[] = [
      slicePane('family-mean', { plane, volumeId: tomogram.id, overlay: false }),
      { kind: 'awaiting', id: 'awaiting' }
    ]
    const tree = row('family', ['family-mean', 'awaiting'])
    showArrangement({ preset: 'family', panes, tree, activePane: 'family-mean' })
    return
  }
  const strip = members.map(({ id }, i) =>
    slicePane(`member-${i + 1}`, { plane, volumeId: id, overlay: false, ownZoom: true })
  )
  const panes = [slicePane('family-mean', { plane, volumeId: mean.id }), ...strip]
  const tree: LayoutNode = {
    id: 'family',
    direction: 'column',
    shares: null,
    children: [
      { pane: 'family-mean' },
      row(
        'family-strip',
        strip.map(({ id }) => id)
      )
    ]
  }
  showArrangement({ preset: 'family', panes, tree, activePane: 'family-mean' })
  overlaySpread(tomogram.id, mean)
  if (mean.region) lookInto(tomogram.id, mean.region.box)
  // Each as large as its room.
  const view = useView.getState().views[tomogram.id]
  if (view) for (const pane of strip) putView(viewKey(pane, tomogram.id), view)
}

/** Brings a region in view, and the crosshair into it. */
function lookInto(tomogram: string, box: Box): void {
  fitBox(tomogram, box)
  const cursor = useView.getState().views[tomogram]?.cursor
  const isInside = (axis: Axis): boolean =>
    cursor !== undefined && cursor[axis] >= box[axis][0] && cursor[axis] < box[axis][1]
  if (!(isInside('x') && isInside('y') && isInside('z'))) moveCursor(tomogram, boxMiddle(box))
}

/** The SD of the mean's run becomes the overlay, unless another was chosen. */
function overlaySpread(tomogram: string, mean: OpenVolume): void {
  const std = latest(tomogram, 'std', mean.runId)
  const { volumeId } = overlayOf(useOverlay.getState(), tomogram)
  if (std && (volumeId === null || !useVolumes.getState().volumes[volumeId]))
    editOverlay(tomogram, { volumeId: std.id })
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
  // The grid of methods fills by itself.
  if (useLayout.getState().preset !== 'methods') arrangeCompare()
  if (!order.some((id) => jobs[id].state === 'queued' || jobs[id].state === 'running')) awaited.delete(of)
}
