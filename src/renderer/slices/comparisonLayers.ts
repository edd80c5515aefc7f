import { otherIndex } from './comparisonModel.ts'
import { shows, useLayer } from './layerState.ts'
import { sliceIndex, type PaneModel } from './paneModel.ts'
import { useSliceLayer } from './sliceLayers.ts'
import type { PaneOf } from '../stores/paneKinds.ts'

/** Keeps B's slice, and the SD's where a difference is measured in it, on screen. Returns whether they are there. */
export function useComparisonLayers(pane: PaneOf<'slice'>, model: PaneModel | null, filters: string): boolean {
  const comparison = model?.comparison ?? null
  const index = model && comparison && otherIndex(comparison, model.view, pane.plane)
  const spread = comparison?.settings.mode === 'deviation' && index !== null ? comparison.spread : null
  const spreadIndex = model && spread && sliceIndex(spread, model.view, pane.plane)
  useSliceLayer(pane.id, 'other', comparison?.other ?? null, pane.plane, index, filters)
  useSliceLayer(pane.id, 'spread', spread, pane.plane, spreadIndex)
  const other = useLayer(pane.id, 'other')
  const spreadLayer = useLayer(pane.id, 'spread')
  return (
    comparison === null ||
    (shows(other, comparison.other, index, filters) && (spread === null || shows(spreadLayer, spread, spreadIndex, '')))
  )
}
