import type { Plane } from '../../shared/axes.ts'
import type { FetchedSlice } from './routes.ts'

export interface SliceKey {
  volumeId: string
  revision: number
  plane: Plane
  index: number
  /** The query of the filters in use; empty: the file's own values. */
  filters: string
}

/** One slice of a volume as fetched. */
export interface Slice extends SliceKey, FetchedSlice {}

export function isExact(slice: Slice): boolean {
  return slice.binning.row === 1 && slice.binning.column === 1
}

/** ahead: nobody waits for it yet. */
type Priority = 'visible' | 'ahead'
type FetchSlice = (key: SliceKey, priority: Priority) => Promise<FetchedSlice>

/**
 * Exact slices by key. Requests for the same slice are joined (three panes and a read-out may want one), and
 * the least recently used go when `maxBytes` is reached. A joined request is not aborted: another asker may wait for it.
 */
export class SliceCache {
  readonly #fetch: FetchSlice
  readonly #maxBytes: number
  readonly #slices = new Map<string, Slice>()
  readonly #loading = new Map<string, Promise<Slice>>()
  #bytes = 0

  constructor(fetch: FetchSlice, maxBytes: number) {
    this.#fetch = fetch
    this.#maxBytes = maxBytes
  }

  peek(key: SliceKey): Slice | null {
    return this.#slices.get(sliceName(key)) ?? null
  }

  get(key: SliceKey, priority: Priority = 'visible'): Promise<Slice> {
    const name = sliceName(key)
    const known = this.#slices.get(name)
    if (known) {
      this.#slices.delete(name)
      this.#slices.set(name, known)
      return Promise.resolve(known)
    }
    const loading = this.#loading.get(name)
    if (loading) return loading
    const promise = this.#load(key, priority).finally(() => this.#loading.delete(name))
    this.#loading.set(name, promise)
    return promise
  }

  /** Drops every slice of a volume that was closed. */
  forget(volumeId: string): void {
    for (const [name, slice] of this.#slices)
      if (slice.volumeId === volumeId) {
        this.#slices.delete(name)
        this.#bytes -= slice.values.byteLength
      }
  }

  async #load(key: SliceKey, priority: Priority): Promise<Slice> {
    return this.put(sliceOf(key, await this.#fetch(key, priority)))
  }

  /** Takes in an exact slice that was fetched otherwise, under the revision that it is of. */
  put(slice: Slice): Slice {
    const name = sliceName(slice)
    this.#bytes -= this.#slices.get(name)?.values.byteLength ?? 0
    this.#slices.set(name, slice)
    this.#bytes += slice.values.byteLength
    for (const [oldest, old] of this.#slices) {
      if (this.#bytes <= this.#maxBytes || oldest === name) break
      this.#slices.delete(oldest)
      this.#bytes -= old.values.byteLength
    }
    return slice
  }
}

/** What arrived may be newer than what was asked for; then it is of that revision. */
export function sliceOf(key: SliceKey, fetched: FetchedSlice): Slice {
  return { ...key, ...fetched, revision: Math.max(key.revision, fetched.revision) }
}

/** The same name is the same voxels, filtered alike. */
export function sliceName(key: SliceKey): string {
  return `${key.volumeId}:${key.revision}:${key.plane}:${key.index}${key.filters}`
}
