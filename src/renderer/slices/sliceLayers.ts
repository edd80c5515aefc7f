import { getSlice } from '../api/routes.ts'
import { SliceCache } from '../api/sliceCache.ts'
import { loadBlock } from '../volume3d/loadBlock.ts'
import { floatsOf } from '../volume3d/voxels/codes.ts'
import { CoarseBlocks, coarseVoxels } from './coarseBlocks.ts'
import { ReadAhead } from './readAhead.ts'
import type { SliceSources } from './sliceLoader.ts'

const maxBytes = 256 * 1024 * 1024
/** Less than the cache holds, so that what is read ahead does not push out what was just looked at. */
const aheadBytes = 128 * 1024 * 1024

export const sliceCache = new SliceCache(
  (key, priority) => getSlice(key.volumeId, key.plane, key.index, { priority, filters: key.filters }),
  maxBytes
)

/** Coarse copies of the large volumes that are looked at. */
export const coarseBlocks = new CoarseBlocks(async (volumeId) => {
  const request = { volumeId, revision: 0, box: null, limit: coarseVoxels, exact: true }
  const { voxels, ...block } = await loadBlock(request, new AbortController().signal)
  return { ...block, data: floatsOf(voxels) }
})

const readAhead = new ReadAhead(
  (key) => sliceCache.peek(key) !== null,
  (key) => sliceCache.get(key, 'ahead'),
  { bytes: aheadBytes, requests: 2 }
)

export const sliceSources: SliceSources = {
  cache: sliceCache,
  fetch: (key, level, signal) => getSlice(key.volumeId, key.plane, key.index, { level, filters: key.filters, signal }),
  atHand: (key) => coarseBlocks.slice(key),
  ahead: readAhead
}
