import { useEffect, useRef } from 'react'
import type { Plane } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf } from '../api/failures.ts'
import { LatestRequest } from '../api/latest.ts'
import { getSlice } from '../api/routes.ts'
import { isExact, SliceCache, sliceOf, type Slice, type SliceKey } from '../api/sliceCache.ts'
import { dropLayer, layerName, putLayer, type LayerKind } from '../stores/slices.ts'

const maxBytes = 192 * 1024 * 1024

export const sliceCache = new SliceCache(
  (key, priority) => getSlice(key.volumeId, key.plane, key.index, { priority, filters: key.filters }),
  maxBytes
)

/** Brings slices on screen: at once from the cache, else the newest asked for as it arrives. */
class SliceLoader {
  readonly #name: string
  readonly #depth: number
  readonly #exact: LatestRequest<SliceKey, Slice>
  readonly #coarse: LatestRequest<SliceKey, Slice>
  #index = 0
  #wanted: SliceKey | null = null

  constructor(name: string, depth: number) {
    this.#name = name
    this.#depth = depth
    this.#exact = new LatestRequest(
      (key) => sliceCache.get(key),
      (slice, key) => this.#showExact(slice, key),
      (error) => this.#fail(error)
    )
    this.#coarse = new LatestRequest(
      (key, signal) => loadCoarse(key, signal),
      (slice, key) => {
        // XY slices are quick to read and come exact.
        if (isExact(slice)) {
          this.#showExact(sliceCache.put(slice), key)
          return
        }
        // The exact slice may have been quicker.
        if (!sliceCache.peek(key)) this.#show(slice)
        this.#refine(key)
      },
      (error) => this.#fail(error)
    )
  }

  /** @param coarseFirst a large volume with a coarse copy: exact slices of it can take long */
  request(key: SliceKey, coarseFirst: boolean): void {
    this.#wanted = key
    const ready = sliceCache.peek(key)
    if (ready) this.#show(ready)
    else putLayer(this.#name, { loading: true })
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

  #refining: AbortController | null = null

  /** Fetches the exact slice after its coarse stand-in, unless another one is wanted by then. */
  #refine(key: SliceKey): void {
    if (this.#wanted !== key) return
    const refining = new AbortController()
    this.#refining = refining
    getSlice(key.volumeId, key.plane, key.index, { signal: refining.signal }).then(
      (fetched) => {
        const slice = sliceCache.put(sliceOf(key, fetched))
        if (this.#wanted === key) this.#show(slice)
      },
      (error: unknown) => {
        if (!refining.signal.aborted) this.#fail(error)
      }
    )
  }

  #showExact(slice: Slice, key: SliceKey): void {
    this.#show(slice)
    prefetch(key, Math.sign(key.index - this.#index) || 1, this.#depth)
    this.#index = key.index
  }

  #show(slice: Slice): void {
    putLayer(this.#name, { slice, failure: null, loading: false })
  }

  #fail(error: unknown): void {
    putLayer(this.#name, { slice: null, failure: failureOf(error), loading: false })
  }
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

  // A new volume or plane: what was on its way is of no use any more.
  useEffect(() => {
    const name = layerName(paneId, kind)
    const made = new SliceLoader(name, depth)
    loader.current = made
    return () => {
      made.abort()
      dropLayer(name)
    }
  }, [paneId, kind, volumeId, plane, depth])

  useEffect(() => {
    if (volumeId !== null && index !== null) {
      loader.current?.request({ volumeId, revision, plane, index, filters }, coarseFirst)
    } else {
      loader.current?.abort()
      dropLayer(layerName(paneId, kind))
    }
  }, [paneId, kind, volumeId, revision, plane, index, filters, coarseFirst])
}

async function loadCoarse(key: SliceKey, signal: AbortSignal): Promise<Slice> {
  return sliceOf(key, await getSlice(key.volumeId, key.plane, key.index, { level: 'auto', signal }))
}

/** The next slice in the direction of travel is the likeliest to be wanted. */
function prefetch(key: SliceKey, direction: number, depth: number): void {
  const next = { ...key, index: key.index + direction }
  if (next.index < 0 || next.index >= depth || sliceCache.peek(next)) return
  // Nobody waits for it: when it is wanted and fails again, that is told.
  sliceCache.get(next, 'ahead').catch(() => undefined)
}
