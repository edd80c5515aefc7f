import type { OpenVolume } from '../../shared/volumes.ts'
import { isExact } from '../api/sliceCache.ts'
import { emptyLayer, layerName, useSlices, type LayerKind, type ShownLayer } from '../stores/slices.ts'

/** What a pane's layer has on screen. */
export function useLayer(paneId: string, kind: LayerKind): ShownLayer {
  return useSlices((state) => state.layers[layerName(paneId, kind)]) ?? emptyLayer
}

/** Whether a layer has on screen what it should; a slice that can't be read has been told instead. */
export function shows(layer: ShownLayer, volume: OpenVolume, index: number | null, filters: string): boolean {
  if (index === null || layer.failure !== null) return true
  const { slice } = layer
  const isOfIt = slice?.volumeId === volume.id && slice.index === index && slice.filters === filters
  return isOfIt && slice.revision >= volume.revision && isExact(slice)
}
