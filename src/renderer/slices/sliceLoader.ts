import { failureOf } from '../api/failures.ts'
import { LatestRequest } from '../api/latest.ts'
import type { FetchedSlice } from '../api/routes.ts'
import { isExact, sliceOf, type Slice, type SliceCache, type SliceKey } from '../api/sliceCache.ts'
import type { ShownLayer } from '../stores/slices.ts'

/** Where slices come from. */
export interface SliceSources {
  /** Exact slices, fetched where they are not there yet. */
  cache: SliceCache
  /** A slice of the finest level that can be read at once, or the exact one. */
  fetch(key: SliceKey, level: 0 | 'auto', signal: AbortSignal): Promise<FetchedSlice>
  /** A coarse slice that is in this window's memory, for which nobody has to be asked; null where there is none. */
  atHand(key: SliceKey): Slice | null
}

/**
 * Brings slices on screen: at once what is at hand (exact from the cache, else coarse), then the newest asked for as it arrives.
 * What comes late for a slice left since is not shown where the wanted one is on screen already, if only coarse.
 */
export class SliceLoader {
  readonly #put: (edit: Partial<ShownLayer>) => void
  readonly #depth: number
  readonly #sources: SliceSources
  readonly #exact: LatestRequest<SliceKey, Slice>
  readonly #coarse: LatestRequest<SliceKey, Slice>
  #index = 0
  #wanted: SliceKey | null = null
  #shown: Slice | null = null
  #refining: AbortController | null = null

  /** @param depth slices along the normal */
  constructor(put: (edit: Partial<ShownLayer>) => void, depth: number, sources: SliceSources) {
    this.#put = put
    this.#depth = depth
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
    const coarse = ready || !coarseFirst ? null : this.#sources.atHand(key)
    if (ready) this.#show(ready)
    else {
      if (coarse) this.#show(coarse)
      this.#put({ loading: true })
    }
    if (ready || !coarseFirst) this.#exact.request(key)
    else {
      this.#refining?.abort()
      this.#coarse.request(key)
    }
  }

  abort(): void {
    this.#wanted = null
    this.#exact.abort()
    this.#coarse.abort()
    this.#refining?.abort()
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
    this.#prefetch(key, Math.sign(key.index - this.#index) || 1)
    this.#index = key.index
  }

  #show(slice: Slice): void {
    const wanted = this.#wanted
    if (wanted && isOf(this.#shown, wanted) && !isOf(slice, wanted)) return
    this.#shown = slice
    this.#put({ slice, failure: null, loading: wanted !== null && !(isOf(slice, wanted) && isExact(slice)) })
  }

  #fail(error: unknown): void {
    this.#shown = null
    this.#put({ slice: null, failure: failureOf(error), loading: false })
  }

  /** The next slice in the direction of travel is the likeliest to be wanted. */
  #prefetch(key: SliceKey, direction: number): void {
    const next = { ...key, index: key.index + direction }
    if (next.index < 0 || next.index >= this.#depth || this.#sources.cache.peek(next)) return
    // Nobody waits for it: when it is wanted and fails again, that is told.
    this.#sources.cache.get(next, 'ahead').catch(() => undefined)
  }
}

function isOf(slice: Slice | null, key: SliceKey): boolean {
  return slice?.volumeId === key.volumeId && slice.index === key.index && slice.filters === key.filters
}
