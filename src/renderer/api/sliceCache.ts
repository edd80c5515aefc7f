import type { Plane } from '../../shared/axes.ts'
import type { Raster } from './routes.ts'

export interface SliceKey {
  volumeId: string
  revision: number
  plane: Plane
  index: number
}

/** One slice of a volume as fetched: exact float32 values. */
export interface Slice extends SliceKey, Raster {}

type FetchSlice = (key: SliceKey) => Promise<Raster & { revision: number }>

/**
 * Slices by key. Requests for the same slice are joined (three panes and a read-out may want one), and
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
    return this.#slices.get(nameOf(key)) ?? null
  }

  get(key: SliceKey): Promise<Slice> {
    const name = nameOf(key)
    const known = this.#slices.get(name)
    if (known) {
      this.#slices.delete(name)
      this.#slices.set(name, known)
      return Promise.resolve(known)
    }
    const loading = this.#loading.get(name)
    if (loading) return loading
    const promise = this.#load(name, key).finally(() => this.#loading.delete(name))
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

  async #load(name: string, key: SliceKey): Promise<Slice> {
    const raster = await this.#fetch(key)
    const slice: Slice = { ...key, rows: raster.rows, columns: raster.columns, values: raster.values }
    // What arrived is newer than what was asked for: keep it under the name that is true.
    if (raster.revision > key.revision) slice.revision = raster.revision
    this.#keep(slice.revision === key.revision ? name : nameOf(slice), slice)
    return slice
  }

  #keep(name: string, slice: Slice): void {
    this.#bytes -= this.#slices.get(name)?.values.byteLength ?? 0
    this.#slices.set(name, slice)
    this.#bytes += slice.values.byteLength
    for (const [oldest, old] of this.#slices) {
      if (this.#bytes <= this.#maxBytes || oldest === name) break
      this.#slices.delete(oldest)
      this.#bytes -= old.values.byteLength
    }
  }
}

function nameOf(key: SliceKey): string {
  return `${key.volumeId}:${key.revision}:${key.plane}:${key.index}`
}
