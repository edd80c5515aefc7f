import { useEffect, useRef } from 'react'
import { formatBox, parseBox } from '../../shared/axes.ts'
import { useVolumes } from '../stores/volumes.ts'
import { blockOf } from './blockCache.ts'
import type { LoadedBlock } from './loadBlock.ts'
import { membersAfter, voxelLimit, type VolumeModel } from './volumeModel.ts'

/** Loads the other members of a family as soon as one is shown, in the order in which they play. */
export function useMembersAhead(model: VolumeModel | null, block: LoadedBlock | null): void {
  const base = model?.base.role === 'member' && block ? model.base : null
  const runId = base?.runId ?? null
  const box = model?.box ? formatBox(model.box) : ''
  const members = useVolumes(({ volumes }) =>
    runId === null
      ? 0
      : Object.values(volumes).filter((volume) => volume.runId === runId && volume.role === 'member').length
  )
  // Which of the members is shown decides only where it begins: going on to the next one doesn't begin anew.
  const shown = useRef('')
  useEffect(() => {
    shown.current = base?.id ?? ''
  }, [base?.id])
  useEffect(() => {
    if (runId === null || members === 0) return
    const abort = new AbortController()
    void load(shown.current, box, abort.signal)
    return () => abort.abort()
  }, [runId, box, members])
}

async function load(first: string, box: string, signal: AbortSignal): Promise<void> {
  const member = useVolumes.getState().volumes[first]
  if (!member) return
  for (const next of membersAfter(member)) {
    const { id, revision } = next
    const request = { volumeId: id, revision, box: parseBox(box), limit: voxelLimit(next, 'automatic') }
    try {
      await blockOf(request, signal)
    } catch {
      // It is asked for again, and its failure told, when it is to be shown.
      return
    }
  }
}
