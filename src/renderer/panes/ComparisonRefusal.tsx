import { useState } from 'react'
import type { Failure } from '../../shared/errors.ts'
import { failureOf } from '../api/failures.ts'
import { resampleVolume } from '../api/routes.ts'
import { adoptVolume } from '../files/openFiles.ts'
import { tip } from '../controls/tip.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import { editComparison } from './compare.ts'
import { layerTitle } from './layerTitle.ts'

/** Why two volumes can't be compared voxel by voxel, and the offer to resample where that helps. */
export function ComparisonRefusal({ model }: { model: PaneModel }) {
  const [failure, setFailure] = useState<Failure | null>(null)
  const [working, setWorking] = useState(false)
  const { comparison, base, pane } = model
  if (!comparison) return null
  if (comparison.relation.kind !== 'different') return null
  const { other, relation } = comparison
  const resample = async (): Promise<void> => {
    setWorking(true)
    setFailure(null)
    try {
      const made = await resampleVolume(other.id, base.id)
      await adoptVolume(made)
      editComparison(pane.id, { volumeId: made.id })
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setWorking(false)
    }
  }
  return (
    <div className="compare-refusal" role="status" onPointerDown={(event) => event.stopPropagation()}>
      <p>
        <strong>
          {layerTitle(base)} and {layerTitle(other)} can’t be compared voxel by voxel:
        </strong>{' '}
        {relation.differences.join('; ')}. {relation.why}
      </p>
      {relation.resamplable && (
        <button
          type="button"
          className="button"
          disabled={working}
          onClick={() => void resample()}
          {...tip('Linear interpolation, smoothed first where A is coarser, into a volume in memory')}
        >
          {working ? 'Resampling …' : 'Resample B onto A’s grid'}
        </button>
      )}
      {failure && (
        <p className="run-failure" role="alert">
          <strong>{failure.message}</strong> {failure.hint}
        </p>
      )}
    </div>
  )
}
