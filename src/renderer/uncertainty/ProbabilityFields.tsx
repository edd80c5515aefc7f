import { probabilityEstimateSchema } from '../../shared/derived.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { formatForField } from '../numbers/format.ts'
import { useVolumes } from '../stores/volumes.ts'
import { familyOf, showProbability } from './probability.ts'

/** The threshold t of P(x > t), how the probability is estimated, and what that estimate is worth. */
export function ProbabilityFields({ volume }: { volume: OpenVolume }) {
  const volumes = useVolumes((state) => state.volumes)
  const { derived, runId } = volume
  if (derived?.kind !== 'probability' || runId === null) return null
  const family = familyOf(Object.values(volumes), runId)
  if (!family) return null
  const { low, high } = family.mean.contrast
  const { threshold, estimate } = derived
  const count = family.members.length
  return (
    <>
      <div className="row">
        <NumberField
          label="t"
          labelled
          value={threshold}
          format={formatForField}
          onCommit={(typed) => typed !== null && showProbability(runId, typed, estimate)}
          tipAttributes={tip(
            'Grey value that a voxel is asked to lie above. Any value, whether or not the run was given one.'
          )}
        />
        <input
          type="range"
          className="grow"
          aria-label="Threshold t"
          min={low}
          max={high}
          step={(high - low) / 200}
          value={threshold}
          onChange={(event) => showProbability(runId, Number(Number(event.target.value).toPrecision(4)), estimate)}
        />
      </div>
      <div className="row">
        <label className="select-field grow">
          <span className="field-label">Estimate</span>
          <select
            className="grow"
            value={estimate}
            onChange={(event) => showProbability(runId, threshold, probabilityEstimateSchema.parse(event.target.value))}
          >
            <option value="gaussian">Gaussian, from mean and SD</option>
            <option value="members" disabled={count < 2}>
              counted over {count} members
            </option>
          </select>
        </label>
      </div>
      <p className="field-note">
        {estimate === 'gaussian'
          ? 'Φ((mean − t) / SD): exact where a voxel’s posterior is Gaussian, an approximation elsewhere.'
          : `Share of ${count} members above t: steps of ${percent(1 / count)}, standard error up to ${percent(0.5 / Math.sqrt(count))}.`}
      </p>
    </>
  )
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
