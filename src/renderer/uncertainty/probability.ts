import type { ProbabilityEstimate } from '../../shared/derived.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { failureOf } from '../api/failures.ts'
import { LatestRequest } from '../api/latest.ts'
import { adoptVolume } from '../files/openFiles.ts'
import { editOverlay, overlayOf, useOverlay } from '../stores/overlay.ts'
import { sayFailure } from '../stores/messages.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { derive } from './routes.ts'

interface Question {
  runId: string
  threshold: number
  estimate: ProbabilityEstimate
  /** Draw it once it is there. */
  show: boolean
}

/** While a threshold is dragged only the latest is asked for. */
const latest = new LatestRequest<Question, OpenVolume>(
  ({ runId, threshold, estimate }, signal) => derive({ kind: 'probability', runId, threshold, estimate }, signal),
  (volume, { show }) => {
    void adoptVolume(volume)
    const tomogram = tomogramOf(volume)
    if (show && overlayOf(useOverlay.getState(), tomogram).volumeId !== volume.id)
      editOverlay(tomogram, {
        volumeId: volume.id,
        visible: true,
        low: null,
        high: null,
        threshold: null,
        contours: []
      })
  },
  (error) => {
    const failure = failureOf(error)
    if (failure.code !== 'no-family' && failure.kind !== 'cancelled') sayFailure(failure)
  }
)

/** Asks the engine for P(x > t) of a run's family and draws it as the overlay. */
export function showProbability(runId: string, threshold: number, estimate: ProbabilityEstimate): void {
  latest.request({ runId, threshold, estimate, show: true })
}

/** Makes a probability anew whose mean or members have changed since. */
export function refreshProbability(volume: OpenVolume): void {
  const { derived, runId } = volume
  if (derived?.kind !== 'probability' || runId === null) return
  const source = useVolumes.getState().volumes[derived.from]
  if (!source || source.revision === derived.revision) return
  const { threshold, estimate } = derived
  latest.request({ runId, threshold, estimate, show: false })
}

/** The maps of a run's family that a probability is made of, or null where it has none. */
export function familyOf(
  volumes: readonly OpenVolume[],
  runId: string
): { mean: OpenVolume; members: readonly OpenVolume[] } | null {
  const own = volumes.filter((volume) => volume.runId === runId && !volume.derived)
  const mean = own.find(({ role }) => role === 'mean')
  if (!mean || !own.some(({ role }) => role === 'std')) return null
  return { mean, members: own.filter(({ role }) => role === 'member') }
}

/** Where density begins to stand out, as a first guess: three quarters of the way up the mean's range. */
export function firstThreshold({ contrast: { low, high } }: OpenVolume): number {
  return Number((low + 0.75 * (high - low)).toPrecision(3))
}
