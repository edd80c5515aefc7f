import type { Slice } from './volume.ts'

/** Recently shown slices of all volumes, the least recently used dropped first when the budget is spent. */
export class SliceCache {
  readonly #budgetBytes: number
  /** A Map keeps the order of insertion; a slice that is used is put in again. */
  readonly #slices = new Map<string, Slice>()
  #bytes = 0

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string): Slice | undefined {
    const slice = this.#slices.get(key)
    if (!slice) return undefined
    this.#slices.delete(key)
    this.#slices.set(key, slice)
    return slice
  }

  set(key: string, slice: Slice): void {
    this.#remove(key)
    if (slice.data.byteLength > this.#budgetBytes) return
    this.#slices.set(key, slice)
    this.#bytes += slice.data.byteLength
    for (const oldest of this.#slices.keys()) {
      if (this.#bytes <= this.#budgetBytes) break
      this.#remove(oldest)
    }
  }

  /** Drops every slice whose key starts so. */
  forget(prefix: string): void {
    for (const key of this.#slices.keys()) if (key.startsWith(prefix)) this.#remove(key)
  }

  #remove(key: string): void {
    const slice = this.#slices.get(key)
    if (!slice) return
    this.#slices.delete(key)
    this.#bytes -= slice.data.byteLength
  }
}
