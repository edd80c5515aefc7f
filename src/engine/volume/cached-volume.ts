import type { Box, Plane } from '../../shared/axes.ts'
import { SharedReads } from './shared-reads.ts'
import type { SliceCache } from './slice-cache.ts'
import type { ReadOptions, Slice, Volume } from './volume.ts'

let cachedVolumes = 0

/** A volume whose slices are kept in `cache` and whose identical slice reads under way are joined. */
export function cachedVolume(volume: Volume, cache: SliceCache): Volume {
  const prefix = `${++cachedVolumes}:`
  const slices = new SharedReads<Slice>()
  return {
    ...volume,
    async readSlice(plane: Plane, index: number, options: ReadOptions = {}) {
      options.signal?.throwIfAborted()
      const key = `${prefix}${plane}:${index}`
      const known = cache.get(key)
      if (known) return known
      return slices.read(key, options.signal, async (signal) => {
        const slice = await volume.readSlice(plane, index, { signal })
        cache.set(key, slice)
        return slice
      })
    },
    // Boxes belong to whoever asked, who may change them in place: they are neither kept nor shared.
    readBox: (box: Box, options: ReadOptions = {}) => volume.readBox(box, options),
    async close() {
      cache.forget(prefix)
      await volume.close()
    }
  }
}
