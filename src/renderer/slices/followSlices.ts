import type { OpenVolume } from '../../shared/volumes.ts'
import type { SliceKey } from '../api/sliceCache.ts'
import { useFamilyBench } from '../family/familyStore.ts'
import { useFilters } from '../stores/filters.ts'
import { useJobs } from '../stores/jobs.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import { useOverlay } from '../stores/overlay.ts'
import { useRegion } from '../stores/region.ts'
import { dropLayer, layerName, putLayer, type LayerKind } from '../stores/slices.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useParts } from '../uncertainty/parts.ts'
import { paneModel } from './paneModel.ts'
import { SliceLoader } from './sliceLoader.ts'
import { coarseBlocks, sliceSources } from './sliceLayers.ts'
import { depthOf, keyOfWanted, wantedSlices, type WantedSlice } from './wantedSlices.ts'

/** A layer of a pane, and what keeps it showing what it should. */
interface FollowedLayer {
  /** A new volume or plane: what was on its way is of no use any more. */
  source: string
  loader: SliceLoader
  /** What was asked for last. */
  asked: string | null
}

/** What decides which slices are shown, besides the view. */
const slowStores = [
  useLayout,
  useLinks,
  useVolumes,
  useOverlay,
  useParts,
  useFilters,
  useFamilyBench,
  useRegion,
  useJobs
]

/**
 * Keeps the layers of all panes showing the slices at their crosshairs. Not by way of the components: a step must not wait for the page to
 * follow before its slice is asked for, or drawn where it is at hand. Returns a function that stops it.
 */
export function followSlices(): () => void {
  const layers = new Map<string, FollowedLayer>()
  let due = false

  const update = (): void => {
    due = false
    const unseen = new Set(layers.keys())
    for (const pane of useLayout.getState().panes) {
      const model = paneModel(pane.id)
      if (!model) continue
      const wanted = wantedSlices(model)
      for (const kind of Object.keys(wanted) as LayerKind[]) {
        const slice = wanted[kind]
        const key = slice && keyOfWanted(slice, model.pane.plane)
        if (!slice || !key) continue
        const name = layerName(pane.id, kind)
        unseen.delete(name)
        follow(layers, name, slice, key)
      }
    }
    for (const name of unseen) leave(layers, name)
  }
  /** Changes that come together, as those of a layout and its volumes, are followed once; the first picture waits for nothing. */
  const updateSoon = (): void => {
    if (layers.size === 0) update()
    if (due || layers.size === 0) return
    due = true
    queueMicrotask(() => due && update())
  }

  const stops = [useView.subscribe(update), ...slowStores.map((store) => store.subscribe(updateSoon))]
  update()
  return () => {
    due = false
    stops.forEach((stop) => stop())
    for (const name of [...layers.keys()]) leave(layers, name)
  }
}

function follow(layers: Map<string, FollowedLayer>, name: string, { volume }: WantedSlice, key: SliceKey): void {
  const depth = depthOf(volume, key.plane)
  const source = `${volume.id}:${key.plane}:${depth}`
  let layer = layers.get(name)
  if (layer?.source !== source) {
    if (layer) leave(layers, name)
    layer = {
      source,
      loader: new SliceLoader({ name, depth, put: (edit) => putLayer(name, edit) }, sliceSources),
      asked: null
    }
    layers.set(name, layer)
  }
  const coarseFirst = hasCoarse(volume, key)
  const asked = `${key.revision}:${key.index}:${key.filters}:${coarseFirst}`
  if (layer.asked === asked) return
  layer.asked = asked
  if (coarseFirst) coarseBlocks.want(volume.id)
  layer.loader.request(key, coarseFirst)
}

/** Filters work on exact voxels: a coarse level would look like another filter. */
function hasCoarse(volume: OpenVolume, { filters }: SliceKey): boolean {
  return volume.pyramid?.state === 'ready' && filters === ''
}

function leave(layers: Map<string, FollowedLayer>, name: string): void {
  layers.get(name)?.loader.abort()
  layers.delete(name)
  dropLayer(name)
}
