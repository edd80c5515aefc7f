import { failureOf } from '../api/failures.ts'
import { LatestRequest } from '../api/latest.ts'
import type { FetchedSlice } from '../api/routes.ts'
import { isExact, sliceOf, type Slice, type SliceCache, type SliceKey } from '../api/sliceCache.ts'
import type { ShownLayer } from '../stores/slices.ts'
import type { ReadAhead } from './readAhead.ts'

/** Where slices come from. */
export interface SliceSources {
  /** Exact slices, fetched where they are not there yet. */
  cache: SliceCache
  /** A slice of the finest level that can be read at once, or the exact one. */
  fetch(key: SliceKey, level: 0 | 'auto', signal: AbortSignal): Promise<FetchedSlice>
  /** A coarse slice that is in this window's memory, for which nobody has to be asked; null where there is none. */
  atHand(key: SliceKey): Slice | null
  ahead: Pick<ReadAhead, 'travel' | 'rest'>
}

/** The layer that slices are brought on screen for. */
export interface LoadedLayer {
  name: string
  put(edit: Partial<ShownLayer>): void
  /** Slices along the normal. */
  depth: number
}

/** Slices that are read ahead around a layer's own, memory allowing. */
const farReach = 24

/**
 * Brings slices on screen: at once what is at hand (exact from the cache, else coarse), then the newest asked for as it arrives.
 * What comes late for a slice left since is not shown where the wanted one is on screen already, if only coarse.
 */
export class SliceLoader {
  readonly #layer: LoadedLayer
  readonly #sources: SliceSources
  readonly #exact: LatestRequest<SliceKey, Slice>
  readonly #coarse: LatestRequest<SliceKey, Slice>
  /** The exact slice that was shown last. */
  #index: number | null = null
  #wanted: SliceKey | null = null
  #shown: Slice | null = null
  #refining: AbortController | null = null

  constructor(layer: LoadedLayer, sources: SliceSources) {
    this.#layer = layer
    this.#sources = sources
    this.#exact = new LatestRequest(
      (key) => sources.cache.get(key),
      (slice, key) => this.#showExact(slice, key),
      (error) => this.#fail(error)
    )
    this.#coarse = new LatestRequest(
      async (key, signal) => sliceOf(key, await sources.fetch(key, 'auto', signal)),
      (slice, key) => {
        // XY slices are quick to read and come exact.
        if (isExact(slice)) {
          this.#showExact(sources.cache.put(slice), key)
          return
        }
        // The exact slice may have been quicker.
        if (!sources.cache.peek(key)) this.#show(slice)
        this.#refine(key)
      },
      (error) => this.#fail(error)
    )
  }

  /** @param coarseFirst a large volume with a coarse copy: exact slices of it can take long */
  request(key: SliceKey, coarseFirst: boolean): void {
    this.#wanted = key
    const ready = this.#sources.cache.peek(key)
    if (ready) {
      this.#exact.forgetNext()
      this.#coarse.forgetNext()
      this.#refining?.abort()
      this.#showExact(ready, key)
      return
    }
    this.#sources.ahead.rest(this.#layer.name)
    const coarse = coarseFirst ? this.#sources.atHand(key) : null
    if (coarse) this.#show(coarse)
    this.#layer.put({ loading: true })
    if (coarseFirst) {
      this.#refining?.abort()
      this.#coarse.request(key)
    } else this.#exact.request(key)
  }

  abort(): void {
    this.#wanted = null
    this.#exact.abort()
    this.#coarse.abort()
    this.#refining?.abort()
    this.#sources.ahead.rest(this.#layer.name)
  }

  /** Fetches the exact slice after its coarse stand-in, unless another one is wanted by then. */
  #refine(key: SliceKey): void {
    if (this.#wanted !== key) return
    const refining = new AbortController()
    this.#refining = refining
    this.#sources.fetch(key, 0, refining.signal).then(
      (fetched) => {
        const slice = this.#sources.cache.put(sliceOf(key, fetched))
        if (this.#wanted === key) this.#show(slice)
      },
      (error: unknown) => {
        if (!refining.signal.aborted) this.#fail(error)
      }
    )
  }

  #showExact(slice: Slice, key: SliceKey): void {
    this.#show(slice)
    if (this.#wanted !== key) return
    const moved = this.#index === null ? 0 : Math.sign(key.index - this.#index)
    this.#index = key.index
    // Sections are the cheapest to read, and most looked through; a file's other planes are read ahead once someone steps through them.
    const reach = key.plane === 'xy' || moved !== 0 ? farReach : 1
    const { name, depth } = this.#layer
    const bytes = slice.values.byteLength
    this.#sources.ahead.travel(name, { key, direction: moved || 1, depth, bytes, reach })
  }

  #show(slice: Slice): void {
    const wanted = this.#wanted
    if (wanted && isOf(this.#shown, wanted) && !isOf(slice, wanted)) return
    this.#shown = slice
    this.#layer.put({ slice, failure: null, loading: wanted !== null && !(isOf(slice, wanted) && isExact(slice)) })
  }

  #fail(error: unknown): void {
    this.#shown = null
    this.#layer.put({ slice: null, failure: failureOf(error), loading: false })
  }
}

function isOf(slice: Slice | null, key: SliceKey): boolean {
  return slice?.volumeId === key.volumeId && slice.index === key.index && slice.filters === key.filters
}
