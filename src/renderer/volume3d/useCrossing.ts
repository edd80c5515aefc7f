import { useEffect, useState } from 'react'
import { formatBox, parseBox } from '../../shared/axes.ts'
import type { XYZ } from '../../shared/axes.ts'
import type { Failure } from '../../shared/errors.ts'
import { failureOf } from '../api/failures.ts'
import { useVolumes } from '../stores/volumes.ts'
import { blockOf } from './blockCache.ts'
import { memberVoxels } from './blockLimits.ts'
import { crossingBlock, crossingSource, volumesOf, type CrossingBlock } from './crossingBlock.ts'
import type { LoadedBlock } from './loadBlock.ts'
import { levelOf, type VolumeModel } from './volumeModel.ts'

interface CrossingState {
  crossing: CrossingBlock | null
  loading: boolean
  failure: Failure | null
}

const nothing: CrossingState = { crossing: null, loading: false, failure: null }

/** Where the surface of the pane's level may lie; what was shown stays until what is wanted has come. Null in every other mode. */
export function useCrossing(model: VolumeModel | null, block: LoadedBlock | null): CrossingState {
  const [state, setState] = useState<CrossingState & { key: string; of: string }>({ ...nothing, key: '', of: '' })
  const volumes = useVolumes((all) => all.volumes)
  const source = model?.look.mode === 'crossing' && block ? crossingSource(model.base, volumes) : null
  const of = source
    ? volumesOf(source)
        .map(({ id, revision }) => `${id}:${revision}`)
        .join(' ')
    : ''
  const wanted: Wanted | null = model &&
    block &&
    source && {
      of,
      base: model.base.id,
      box: model.box && formatBox(model.box),
      level: source.from === 'probability' ? 0 : levelOf(model.look, block),
      aspect: model.view.aspect
    }
  const key = wanted ? JSON.stringify(wanted) : ''
  useEffect(() => {
    if (key === '') return
    const abort = new AbortController()
    const wanted = JSON.parse(key) as Wanted
    compute(wanted, abort.signal).then(
      (crossing) => crossing && setState({ crossing, loading: false, failure: null, key, of: wanted.of }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ ...nothing, failure: failureOf(error), key, of: wanted.of })
      }
    )
    return () => abort.abort()
  }, [key])
  if (key === '') return nothing
  return { ...(state.of === of ? state : nothing), loading: state.key !== key }
}

/** Plain values, so that the same wish is the same text. */
interface Wanted {
  /** The volumes it is made from and their revisions. */
  of: string
  base: string
  box: string | null
  level: number
  aspect: XYZ
}

async function compute({ base, box, level, aspect }: Wanted, signal: AbortSignal): Promise<CrossingBlock | null> {
  const { volumes } = useVolumes.getState()
  const source = volumes[base] && crossingSource(volumes[base], volumes)
  if (!source) return null
  const needed = volumesOf(source)
  const limit = memberVoxels(needed.length)
  const blocks: LoadedBlock[] = []
  // One after the other: all of them at once would only wait for each other.
  for (const { id, revision } of needed)
    blocks.push(await blockOf({ volumeId: id, revision, box: parseBox(box ?? ''), limit }, signal))
  return crossingBlock(source, blocks, level, aspect, signal)
}
