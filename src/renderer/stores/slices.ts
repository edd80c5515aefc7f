import { create } from 'zustand'
import type { Failure } from '../../shared/errors.ts'
import type { Slice } from '../api/sliceCache.ts'

/** What a pane has on screen, layer by layer; it may lag behind the crosshair by one slice while scrubbing. */
export interface ShownLayer {
  slice: Slice | null
  failure: Failure | null
  loading: boolean
}

export const emptyLayer: ShownLayer = { slice: null, failure: null, loading: false }

/** other: what the base is compared with; spread: the SD that a difference is measured in. */
export type LayerKind = 'base' | 'overlay' | 'other' | 'spread'

/** By pane and layer, `xy/base`. */
export const useSlices = create<{ layers: Readonly<Record<string, ShownLayer>> }>()(() => ({ layers: {} }))

export function layerName(paneId: string, kind: LayerKind): string {
  return `${paneId}/${kind}`
}

export function putLayer(name: string, edit: Partial<ShownLayer>): void {
  useSlices.setState((state) => ({
    layers: { ...state.layers, [name]: { ...(state.layers[name] ?? emptyLayer), ...edit } }
  }))
}

export function dropLayer(name: string): void {
  useSlices.setState((state) => ({
    layers: Object.fromEntries(Object.entries(state.layers).filter(([key]) => key !== name))
  }))
}
