import { useLayoutEffect, useRef } from 'react'
import type { Plane } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { getSlice } from '../api/routes.ts'
import { SliceCache } from '../api/sliceCache.ts'
import { dropLayer, layerName, putLayer, type LayerKind } from '../stores/slices.ts'
import { loadBlock } from '../volume3d/loadBlock.ts'
import { CoarseBlocks, coarseVoxels } from './coarseBlocks.ts'
import { SliceLoader, type SliceSources } from './sliceLoader.ts'

const maxBytes = 192 * 1024 * 1024

export const sliceCache = new SliceCache(
  (key, priority) => getSlice(key.volumeId, key.plane, key.index, { priority, filters: key.filters }),
  maxBytes
)

/** Coarse copies of the large volumes that are looked at. */
export const coarseBlocks = new CoarseBlocks((volumeId) =>
  loadBlock(volumeId, null, coarseVoxels, new AbortController().signal)
)

const sources: SliceSources = {
  cache: sliceCache,
  fetch: (key, level, signal) => getSlice(key.volumeId, key.plane, key.index, { level, filters: key.filters, signal }),
  atHand: (key) => coarseBlocks.slice(key)
}

/** Keeps a pane's layer showing the slice of `volume` at `index`; a null volume or index empties it. */
export function useSliceLayer(
  paneId: string,
  kind: LayerKind,
  volume: OpenVolume | null,
  plane: Plane,
  index: number | null,
  filters = ''
): void {
  const loader = useRef<SliceLoader | null>(null)
  const volumeId = volume?.id ?? null
  const revision = volume?.revision ?? 0
  const depth = volume?.info.size[planeAxes[plane].normal] ?? 0
  // Filters work on exact voxels: a coarse level would look like another filter.
  const coarseFirst = volume?.pyramid?.state === 'ready' && filters === ''

  // Layout effects run before the next frame is drawn; others would bring a slice that is at hand a frame late.
  // A new volume or plane: what was on its way is of no use any more.
  useLayoutEffect(() => {
    const name = layerName(paneId, kind)
    const made = new SliceLoader((edit) => putLayer(name, edit), depth, sources)
    loader.current = made
    return () => {
      made.abort()
      dropLayer(name)
    }
  }, [paneId, kind, volumeId, plane, depth])

  useLayoutEffect(() => {
    if (volumeId !== null && index !== null) {
      if (coarseFirst) coarseBlocks.want(volumeId)
      loader.current?.request({ volumeId, revision, plane, index, filters }, coarseFirst)
    } else {
      loader.current?.abort()
      dropLayer(layerName(paneId, kind))
    }
  }, [paneId, kind, volumeId, revision, plane, index, filters, coarseFirst])
}
