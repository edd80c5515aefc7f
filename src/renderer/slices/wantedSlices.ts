import { planeAxes } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { SliceKey } from '../api/sliceCache.ts'
import { previewQueryOf, useFamilyBench } from '../family/familyStore.ts'
import { filtersQueryOf, useFilters } from '../stores/filters.ts'
import type { LayerKind, ShownLayer } from '../stores/slices.ts'
import { otherIndex } from './comparisonModel.ts'
import { shows } from './layerState.ts'
import { sliceIndex, type PaneModel } from './paneModel.ts'

/** A slice that a layer of a pane should show. */
export interface WantedSlice {
  volume: OpenVolume
  /** In the volume's own voxels; null where it has none at the crosshair. */
  index: number | null
  filters: string
}

export type WantedSlices = Readonly<Record<LayerKind, WantedSlice | null>>

/** Of each of a pane's layers the slice at the crosshair; null for layers that show nothing. Reads the stores' present state. */
export function wantedSlices({ pane, view, base, tomogram, overlay, comparison }: PaneModel): WantedSlices {
  const previews = useFamilyBench.getState()
  const filters = filtersQueryOf(useFilters.getState(), tomogram.id) + previewQueryOf(previews, base)
  const at = (volume: OpenVolume, query: string): WantedSlice => ({
    volume,
    index: sliceIndex(volume, view, pane.plane),
    filters: query
  })
  const index = comparison && otherIndex(comparison, view, pane.plane)
  const spread = comparison?.settings.mode === 'deviation' && index !== null ? comparison.spread : null
  return {
    base: at(base, filters),
    overlay: overlay && at(overlay.volume, previewQueryOf(previews, overlay.volume)),
    other: comparison && { volume: comparison.other, index, filters },
    spread: spread && at(spread, '')
  }
}

/** Whether a pane has on screen what it should, exact. */
export function allShown(wanted: WantedSlices, layers: Readonly<Record<LayerKind, ShownLayer>>): boolean {
  return (Object.keys(wanted) as LayerKind[]).every((kind) => {
    const slice = wanted[kind]
    return slice === null || shows(layers[kind], slice.volume, slice.index, slice.filters)
  })
}

export function keyOfWanted({ volume, index, filters }: WantedSlice, plane: SliceKey['plane']): SliceKey | null {
  return index === null ? null : { volumeId: volume.id, revision: volume.revision, plane, index, filters }
}

/** Slices of a volume along a plane's normal. */
export function depthOf(volume: OpenVolume, plane: SliceKey['plane']): number {
  return volume.info.size[planeAxes[plane].normal]
}
