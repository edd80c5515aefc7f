import { useEffect, useState } from 'react'
import type { Box } from '../../shared/axes.ts'
import { formatBox, parseBox } from '../../shared/axes.ts'
import type { Failure } from '../../shared/errors.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf } from '../api/failures.ts'
import { blockKey, blockOf, keptBlock } from './blockCache.ts'
import type { LoadedBlock } from './loadBlock.ts'

export interface BlockState {
  block: LoadedBlock | null
  loading: boolean
  /** Share that has been read, 0 to 1; null where nothing is known of it. */
  progress: number | null
  failure: Failure | null
}

const nothing: BlockState = { block: null, loading: false, progress: null, failure: null }

/** The voxels of a 3-D pane; what was shown stays until what is wanted has come. */
export function useBlock(volume: OpenVolume | null, box: Box | null, limit: number): BlockState {
  const [state, setState] = useState<BlockState & { key: string }>({ ...nothing, key: '' })
  const id = volume?.id ?? null
  const revision = volume?.revision ?? 0
  const text = box ? formatBox(box) : ''
  const key = id === null ? '' : blockKey({ volumeId: id, revision, box, limit })
  useEffect(() => {
    if (id === null) return
    const abort = new AbortController()
    const request = { volumeId: id, revision, box: parseBox(text), limit }
    const key = blockKey(request)
    const onProgress = (progress: number): void => {
      if (!abort.signal.aborted) setState((state) => ({ ...state, progress }))
    }
    blockOf(request, abort.signal, onProgress).then(
      (block) => {
        if (!abort.signal.aborted) setState({ ...nothing, block, key })
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ ...nothing, failure: failureOf(error), key })
      }
    )
    return () => abort.abort()
  }, [id, revision, text, limit])
  if (id === null) return nothing
  // What is in memory is there at once: members follow each other without a gap.
  const atHand = state.key === key ? state.block : keptBlock(key)
  const isOfIt = state.block?.volumeId === id
  return {
    block: atHand ?? (isOfIt ? state.block : null),
    loading: atHand === null && state.key !== key,
    progress: state.progress,
    failure: state.key === key ? state.failure : null
  }
}
