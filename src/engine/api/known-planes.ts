import { SharedReads } from '../volume/shared-reads.ts'

/** Half a megabyte each at most. */
const kept = 48

/** Power spectra that were computed lately: a wedge that is dragged over one asks for its numbers at every move. */
export class KnownPlanes<Plane> {
  readonly #planes = new Map<string, Plane>()
  readonly #reads = new SharedReads<Plane>()

  async get(
    key: string,
    signal: AbortSignal | undefined,
    measure: (signal: AbortSignal) => Promise<Plane>
  ): Promise<Plane> {
    const known = this.#planes.get(key)
    if (known) return known
    const plane = await this.#reads.read(key, signal, measure)
    this.#planes.set(key, plane)
    for (const oldest of this.#planes.keys()) {
      if (this.#planes.size <= kept) break
      this.#planes.delete(oldest)
    }
    return plane
  }
}
