import type { Plane, XYZ } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import { noSliceFilters, sliceFiltersQuery } from '../../shared/slice-filters.ts'
import type { SliceFilters } from '../../shared/slice-filters.ts'
import type { FilteredSliceRequest } from './filters/filtered-slice.ts'
import { HeldLevel } from './pyramid/held-level.ts'
import { sliceBytes } from './pyramid/read-level.ts'
import type { Scans } from './scans/scans.ts'
import { SharedReads } from './shared-reads.ts'
import type { SliceCache } from './slice-cache.ts'
import { assertSlice } from './volume.ts'
import type { CoarseLevel, ReadOptions, Slice, Volume } from './volume.ts'

export interface SliceRequest {
  plane: Plane
  /** In the volume's own voxels, at any level. */
  index: number
  /**
   * 0: exact, from the file. n: level n of the pyramid, or the coarsest there is; exact where there is no pyramid. auto: the finest level
   * that is in memory or can be read at once, 0 where that is the file itself.
   */
  level: number | 'auto'
  /** With any of them the slice is made of exact voxels, and `level` counts for nothing. */
  filters?: SliceFilters
}

export interface ServedSlice extends Slice {
  /** Level of the pyramid; 0 is exact. */
  level: number
  /** Voxels of the volume that one of the slice covers. */
  binning: XYZ
}

/** Most bytes of the pyramid that a slice drawn at once may take. */
const atOnceBytes = 4 << 20
const exact: XYZ = { x: 1, y: 1, z: 1 }

let made = 0

/** Slices of one volume at any level and through any filter, kept in the cache beside the exact ones. */
export class SliceServer {
  readonly #volume: Volume
  readonly #levels: () => readonly CoarseLevel[]
  readonly #cache: SliceCache
  readonly #scans: Scans
  readonly #prefix = `made-${++made}:`
  readonly #reads = new SharedReads<Slice>()

  /** `levels`: the pyramid as it is at the time of a request. */
  constructor(volume: Volume, levels: () => readonly CoarseLevel[], cache: SliceCache, scans: Scans) {
    this.#volume = volume
    this.#levels = levels
    this.#cache = cache
    this.#scans = scans
  }

  async read(request: SliceRequest, options: ReadOptions = {}): Promise<ServedSlice> {
    const { plane, index, level, filters = noSliceFilters } = request
    assertSlice(this.#volume.info, plane, index)
    if (sliceFiltersQuery(filters) !== '') {
      const slice = await this.#filtered({ plane, index, filters }, options)
      return { ...slice, level: 0, binning: exact }
    }
    const levels = this.#levels()
    const chosen = level === 'auto' ? levelAtOnce(levels, plane) : Math.min(level, levels.length)
    if (chosen === 0) return { ...(await this.#volume.readSlice(plane, index, options)), level: 0, binning: exact }
    const coarse = levels[chosen - 1]
    const { normal } = planeAxes[plane]
    const coarseIndex = Math.min(coarse.size[normal] - 1, Math.floor(index / coarse.binning[normal]))
    const slice = await this.#kept(`${this.#prefix}${chosen}:${plane}:${coarseIndex}`, options, (signal) =>
      coarse.readSlice(plane, coarseIndex, { signal })
    )
    return { ...slice, level: chosen, binning: coarse.binning }
  }

  forget(): void {
    this.#cache.forget(this.#prefix)
  }

  /** Made where scans are made: slices that need no work are served meanwhile. */
  #filtered(request: FilteredSliceRequest, options: ReadOptions): Promise<Slice> {
    const { plane, index, filters } = request
    return this.#kept(`${this.#prefix}${plane}:${index}${sliceFiltersQuery(filters)}`, options, async (signal) => {
      const release = this.#scans.hold()
      try {
        return await this.#scans.run('filter', this.#volume, request, { signal })
      } finally {
        release()
      }
    })
  }

  async #kept(key: string, { signal }: ReadOptions, read: (signal: AbortSignal) => Promise<Slice>): Promise<Slice> {
    signal?.throwIfAborted()
    const known = this.#cache.get(key)
    if (known) return known
    return this.#reads.read(key, signal, async (shared) => {
      const slice = await read(shared)
      this.#cache.set(key, slice)
      return slice
    })
  }
}

/** XY slices lie in one piece in nearly every file: the exact ones are as quick. */
function levelAtOnce(levels: readonly CoarseLevel[], plane: Plane): number {
  if (plane === 'xy' || levels.length === 0) return 0
  const inMemory = levels.findIndex((level) => level instanceof HeldLevel && level.isInMemory)
  if (inMemory >= 0) return inMemory + 1
  const quick = levels.findIndex(({ size }) => sliceBytes(size, plane) <= atOnceBytes)
  return quick < 0 ? levels.length : quick + 1
}
