import type { Box, Plane } from '../../shared/axes.ts'
import { ReadQueue } from './read-queue.ts'
import { SharedReads } from './shared-reads.ts'
import type { SliceCache } from './slice-cache.ts'
import type { ReadOptions, Slice, Volume } from './volume.ts'

let cachedVolumes = 0

/**
 * A volume whose slices are kept in `cache`, whose identical slice reads under way are joined, and whose reads wait their turn in
 * `queue`.
 */
export function cachedVolume(volume: Volume, cache: SliceCache, queue = new ReadQueue()): Volume {
  const prefix = `${++cachedVolumes}:`
  const slices = new SharedReads<Slice>()
  return {
    ...volume,
    async readSlice(plane: Plane, index: number, { signal, priority = 'visible' }: ReadOptions = {}) {
      signal?.throwIfAborted()
      const key = `${prefix}${plane}:${index}`
      const known = cache.get(key)
      if (known) return known
      if (priority === 'visible') queue.raise(key)
      return slices.read(key, signal, async (shared) => {
        const slice = await queue.run(key, priority, shared, () => volume.readSlice(plane, index, { signal: shared }))
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
