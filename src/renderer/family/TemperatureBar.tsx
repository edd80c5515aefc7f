import { useEffect, useRef, type ReactNode } from 'react'
import type { XYZ } from '../../shared/axes.ts'
import type { Tempering } from '../../shared/directions.ts'
import { getTempering } from '../api/families.ts'
import { useFetched } from '../api/useFetched.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { isActive, useJobs } from '../stores/jobs.ts'
import { canContinue, continueHere } from './continueHere.ts'
import { gammaOf, type Family } from './families.ts'
import { previewAt, useFamilyBench } from './familyStore.ts'

/** The slider reaches from a tenth to ten times the family's own temperature. */
const decades = 1
/** A hand that rests for so long has decided. */
const restMs = 900

/** Another temperature for the family: shown at once as a Gaussian would have it, and sampled around the crosshair when asked for. */
export function TemperatureBar({ family, voxel, close }: { family: Family; voxel: XYZ; close: ReactNode }) {
  const own = gammaOf(family)
  const preview = useFamilyBench((state) => state.preview[family.runId])
  const continueOnRest = useFamilyBench((state) => state.continueOnRest)
  const gamma = preview ?? own
  const state = [family.mean, ...family.members].map(({ revision }) => revision).join('.')
  const key = preview === undefined ? null : `${family.runId}:${preview}:${state}`
  const { value: tempering } = useFetched(key, (signal) => getTempering(family.runId, gamma, signal))
  const possible = canContinue(family)
  useContinueOnRest(family, preview, voxel, continueOnRest && possible)

  const show = (to: number): void => {
    const rounded = Number(to.toPrecision(3))
    previewAt(family.runId, Math.abs(Math.log(rounded / own)) < 0.005 ? null : rounded)
  }
  return (
    <div className="temperature" role="group" aria-label="Temperature of the family">
      <div className="family-head">
        <NumberField
          label="γ"
          labelled
          value={gamma}
          min={own * 1e-3}
          max={own * 1e3}
          className="temperature-number"
          onCommit={(value) => value !== null && show(value)}
          tipAttributes={tip(
            'Temperature γ: towards 0 the family shrinks to the MAP, large γ spreads it to the conditional prior.'
          )}
        />
        <input
          type="range"
          aria-label="Temperature γ, slider"
          min={-decades}
          max={decades}
          step={0.01}
          value={Math.min(decades, Math.max(-decades, Math.log10(gamma / own)))}
          aria-valuetext={`γ ${Number(gamma.toPrecision(3))}`}
          onChange={(event) => show(own * 10 ** Number(event.target.value))}
        />
        <span className="temperature-state" role="status">
          {/* A running family's maps change every second; the factors stay on screen until newer ones are there. */}
          {preview !== undefined && tempering?.to === preview && <Prediction tempering={tempering} />}
        </span>
        {close}
      </div>
      <div className="temperature-acts">
        <button
          type="button"
          className="button"
          disabled={preview === undefined}
          onClick={() => previewAt(family.runId, null)}
          {...tip('The family as it was drawn')}
        >
          Back to γ {Number(own.toPrecision(3))}
        </button>
        <button
          type="button"
          className="button"
          disabled={preview === undefined || !possible}
          onClick={() => void continueHere(family, gamma, voxel)}
          {...tip(
            possible
              ? 'Goes on with the chains of this run at the new temperature, in up to 48 voxels a side about the crosshair; the maps refine as they come.'
              : 'Only the chains of CryoWGEN-II can be continued.'
          )}
        >
          Continue chains here
        </button>
        <label className="check" {...tip('Continue the chains by itself when the slider has rested for a second.')}>
          <input
            type="checkbox"
            checked={continueOnRest}
            disabled={!possible}
            onChange={(event) => useFamilyBench.setState({ continueOnRest: event.target.checked })}
          />
          when the hand rests
        </label>
        <Following />
      </div>
    </div>
  )
}

/** Says that, and how, what is on screen is predicted. */
function Prediction({ tempering }: { tempering: Tempering }) {
  const { wedge, measured, reason, kind } = tempering
  const factor = (value: number): string => `× ${value.toFixed(2)}`
  return (
    <span
      className="temperature-preview"
      data-wedge={wedge}
      data-measured={measured}
      data-kind={kind}
      {...tip(`Predicted by the Gaussian approximation, the mean taken to stay. ${reason}`)}
    >
      <strong>preview</strong>{' '}
      {wedge === measured ? `SD ${factor(wedge)}` : `SD in the wedge ${factor(wedge)}, measured ${factor(measured)}`}
    </span>
  )
}

/** What the continued chains are doing. */
function Following() {
  const following = useFamilyBench((state) => state.following)
  const job = useJobs((state) => (following ? state.jobs[following.jobId] : undefined))
  if (!job || !isActive(job)) return null
  return (
    <span className="temperature-following" role="status">
      {job.progress?.phase ?? 'Starting'} {job.progress ? `${Math.round(job.progress.fraction * 100)} %` : ''}
    </span>
  )
}

/** Only a new temperature is a wish: maps and crosshair, which change by themselves, are read when the hand rests. */
function useContinueOnRest(family: Family, gamma: number | undefined, voxel: XYZ, active: boolean): void {
  const wish = useRef({ family, voxel })
  useEffect(() => {
    wish.current = { family, voxel }
  }, [family, voxel])
  useEffect(() => {
    if (!active || gamma === undefined) return
    const timer = window.setTimeout(() => void continueHere(wish.current.family, gamma, wish.current.voxel), restMs)
    return () => window.clearTimeout(timer)
  }, [active, gamma])
}
