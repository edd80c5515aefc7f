import { useEffect, useRef } from 'react'
import type { Plane } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf } from '../api/failures.ts'
import { LatestRequest } from '../api/latest.ts'
import { getSlice } from '../api/routes.ts'
import { SliceCache, type Slice, type SliceKey } from '../api/sliceCache.ts'
import { dropLayer, layerName, putLayer, type LayerKind } from '../stores/slices.ts'

const maxBytes = 192 * 1024 * 1024

export const sliceCache = new SliceCache((key) => getSlice(key.volumeId, key.plane, key.index), maxBytes)

/** Keeps a pane's layer showing the slice of `volume` at `index`; a null volume or index empties it. */
export function useSliceLayer(
  paneId: string,
  kind: LayerKind,
  volume: OpenVolume | null,
  plane: Plane,
  index: number | null
): void {
  const latest = useRef<LatestRequest<SliceKey, Slice> | null>(null)
  const volumeId = volume?.id ?? null
  const revision = volume?.revision ?? 0
  const depth = volume?.info.size[planeAxes[plane].normal] ?? 0

  // A new volume or plane: what was on its way is of no use any more.
  useEffect(() => {
    const name = layerName(paneId, kind)
    const before = { index: 0 }
    const request = new LatestRequest<SliceKey, Slice>(
      (key) => sliceCache.get(key),
      (slice, key) => {
        putLayer(name, { slice, failure: null, loading: false })
        prefetch(key, Math.sign(key.index - before.index) || 1, depth)
        before.index = key.index
      },
      (error) => putLayer(name, { slice: null, failure: failureOf(error), loading: false })
    )
    latest.current = request
    return () => {
      request.abort()
      dropLayer(name)
    }
  }, [paneId, kind, volumeId, plane, depth])

  useEffect(() => {
    const name = layerName(paneId, kind)
    if (volumeId === null || index === null) {
      latest.current?.abort()
      dropLayer(name)
      return
    }
    const key: SliceKey = { volumeId, revision, plane, index }
    const ready = sliceCache.peek(key)
    if (ready) putLayer(name, { slice: ready, failure: null, loading: false })
    else putLayer(name, { loading: true })
    latest.current?.request(key)
  }, [paneId, kind, volumeId, revision, plane, index])
}

/** The next slice in the direction of travel is the likeliest to be wanted. */
function prefetch(key: SliceKey, direction: number, depth: number): void {
  const next = { ...key, index: key.index + direction }
  if (next.index < 0 || next.index >= depth || sliceCache.peek(next)) return
  // Nobody waits for it: when it is wanted and fails again, that is told.
  sliceCache.get(next).catch(() => undefined)
}
