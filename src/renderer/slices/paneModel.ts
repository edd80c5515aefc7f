import type { Plane } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { axesOfPane, type PaneTransform } from '../geometry/paneTransform.ts'
import { contrastScope, sharesPosition, viewKey } from '../stores/links.ts'
import { activePane, useLayout } from '../stores/layout.ts'
import { overlayOf, useOverlay, type Overlay } from '../stores/overlay.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import type { PaneSize } from '../stores/panes.ts'
import { currentBase, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { useView, type View } from '../stores/view.ts'
import { withPart } from '../uncertainty/parts.ts'
import { comparisonModel, isDifference, type ComparisonModel } from './comparisonModel.ts'
import type { DrawnState } from './drawnState.ts'
import { methodResult } from './methodResult.ts'

/** What a pane of slices shows, gathered from the stores. */
export interface PaneModel {
  pane: PaneOf<'slice'>
  base: OpenVolume
  /** By whose id region, overlay, filters and wedge are kept. */
  tomogram: OpenVolume
  /** Key of the view: position and zoom. The tomogram's id, except in panes of other link groups and unlinked ones. */
  group: string
  view: View
  /** What keeps the pane's contrast apart from that of others; empty: nothing. */
  contrastScope: string
  overlay: { volume: OpenVolume; settings: Overlay } | null
  comparison: ComparisonModel | null
  /** How it is drawn, where that is not by the stores' present state. */
  fixed?: DrawnState
}

/** Null while there is nothing to show, and for panes of other kinds. Reads the stores' present state. */
export function paneModel(paneId: string): PaneModel | null {
  const pane = useLayout.getState().panes.find(({ id }) => id === paneId)
  const volumes = useVolumes.getState()
  if (pane?.kind !== 'slice') return null
  const whole = shownVolume(pane)
  if (!whole) return null
  const base = withPart(whole)
  const tomogram = tomogramOf(base)
  const group = viewKey(pane, tomogram)
  const { views } = useView.getState()
  const view = views[group] ?? views[tomogram]
  if (!view) return null
  const settings = overlayOf(useOverlay.getState(), tomogram)
  const overlayVolume = settings.volumeId === null ? undefined : volumes.volumes[settings.volumeId]
  const scope = contrastScope(pane)
  const comparison = comparisonModel(base, pane.comparison, scope)
  // A difference has colours of its own.
  const drawn = pane.overlay && settings.visible && !(comparison && isDifference(comparison.settings))
  const overlay = drawn && overlayVolume ? { volume: overlayVolume, settings } : null
  return {
    pane,
    base,
    tomogram: volumes.volumes[tomogram] ?? base,
    group,
    view,
    contrastScope: scope,
    overlay,
    comparison
  }
}

/** The volume that a pane shows: its own, what its method made, or what is looked at. */
function shownVolume(pane: PaneOf<'slice'>): OpenVolume | null {
  const volumes = useVolumes.getState()
  if (pane.method !== null) return volumes.tomogram === null ? null : methodResult(pane.method, volumes.tomogram)
  return pane.volumeId === null ? currentBase(volumes) : (volumes.volumes[pane.volumeId] ?? null)
}

/** Of the active pane, or of the first where that one shows no slices. */
export function activePaneModel(): PaneModel | null {
  const state = useLayout.getState()
  const active = activePane(state)
  const pane = active?.kind === 'slice' ? active : state.panes.find(({ kind }) => kind === 'slice')
  return pane ? paneModel(pane.id) : null
}

/** Whether a pane steps through the slices itself: no pane before it does so for it, in the same plane at a linked position. */
export function leadsSlices({ pane, group, tomogram }: PaneModel): boolean {
  const isLinked = (other: PaneModel): boolean =>
    other.group === group ||
    (other.tomogram.id === tomogram.id && other.pane.link === pane.link && sharesPosition(pane.link))
  const first = useLayout.getState().panes.find((other) => {
    if (other.kind !== 'slice' || other.plane !== pane.plane) return false
    const model = other.id === pane.id ? null : paneModel(other.id)
    return other.id === pane.id || (model !== null && isLinked(model))
  })
  return first?.id === pane.id
}

/** Slice index of a volume at the view's cursor, in the volume's own voxels; null outside of its region. */
export function sliceIndex(volume: OpenVolume, view: View, plane: Plane): number | null {
  const { normal } = planeAxes[plane]
  const index = view.cursor[normal] - (volume.region?.box[normal][0] ?? 0)
  return index >= 0 && index < volume.info.size[normal] ? index : null
}

export function transformOf(
  pane: Pick<PaneOf<'slice'>, 'plane' | 'transposed'>,
  view: View,
  size: PaneSize
): PaneTransform {
  const { scale, aspect, centre } = view
  return {
    axes: axesOfPane(pane.plane, pane.transposed),
    ...size,
    centre,
    pixelsPerVoxel: { x: scale * aspect.x, y: scale * aspect.y, z: scale * aspect.z }
  }
}
