import { useEffect, useState } from 'react'
import type { Box } from '../../shared/axes.ts'
import { formatBox, parseBox } from '../../shared/axes.ts'
import type { Failure } from '../../shared/errors.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf } from '../api/failures.ts'
import { loadBlock, type LoadedBlock } from './loadBlock.ts'

/** 256^3: what a picture of this size can show, and 64 MiB of graphics memory. */
export const blockVoxels = 1 << 24

export interface BlockState {
  block: LoadedBlock | null
  loading: boolean
  failure: Failure | null
}

/** The voxels of a 3-D pane; what was shown stays until what is wanted has come. */
export function useBlock(volume: OpenVolume | null, box: Box | null): BlockState {
  const [state, setState] = useState<BlockState & { key: string }>({
    block: null,
    loading: false,
    failure: null,
    key: ''
  })
  const id = volume?.id ?? null
  // A pyramid that has just been finished gives the same voxels sooner next time, not others.
  const text = box ? formatBox(box) : ''
  const key = id === null ? '' : `${id}:${volume?.revision}:${text}`
  useEffect(() => {
    if (id === null) return
    const abort = new AbortController()
    loadBlock(id, parseBox(text), blockVoxels, abort.signal).then(
      (block) => setState({ block, loading: false, failure: null, key }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ block: null, loading: false, failure: failureOf(error), key })
      }
    )
    return () => abort.abort()
  }, [id, key, text])
  if (id === null) return { block: null, loading: false, failure: null }
  const isOfIt = state.block?.volumeId === id
  return {
    block: isOfIt ? state.block : null,
    loading: state.key !== key,
    failure: state.key === key ? state.failure : null
  }
}
