import type { Plane } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { axesOfPane, type PaneTransform } from '../geometry/paneTransform.ts'
import { activePane, useLayout } from '../stores/layout.ts'
import { overlayOf, useOverlay, type Overlay } from '../stores/overlay.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import type { PaneSize } from '../stores/panes.ts'
import { currentBase, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { useView, type View } from '../stores/view.ts'

/** What a pane of slices shows, gathered from the stores. */
export interface PaneModel {
  pane: PaneOf<'slice'>
  base: OpenVolume
  tomogram: OpenVolume
  group: string
  view: View
  overlay: { volume: OpenVolume; settings: Overlay } | null
}

/** Null while there is nothing to show, and for panes of other kinds. Reads the stores' present state. */
export function paneModel(paneId: string): PaneModel | null {
  const pane = useLayout.getState().panes.find(({ id }) => id === paneId)
  const volumes = useVolumes.getState()
  if (pane?.kind !== 'slice') return null
  const base = pane.volumeId === null ? currentBase(volumes) : volumes.volumes[pane.volumeId]
  if (!base) return null
  const group = tomogramOf(base)
  const view = useView.getState().views[group]
  if (!view) return null
  const settings = overlayOf(useOverlay.getState(), group)
  const overlayVolume = settings.volumeId === null ? undefined : volumes.volumes[settings.volumeId]
  const overlay = pane.overlay && settings.visible && overlayVolume ? { volume: overlayVolume, settings } : null
  return { pane, base, tomogram: volumes.volumes[group] ?? base, group, view, overlay }
}

export function activePaneModel(): PaneModel | null {
  const pane = activePane(useLayout.getState())
  return pane ? paneModel(pane.id) : null
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
