import type { OpenVolume } from '../../shared/volumes.ts'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { formatBytes, formatSeconds } from '../numbers/format.ts'
import { chosenBundle, useBundles } from '../stores/bundles.ts'
import { useRunPlan } from '../stores/runPlan.ts'
import { chosenMethods, startRuns, useEstimates } from './startRuns.ts'

/** Always in sight below the settings: Run, and what it will cost. */
export function RunStart({ tomogram }: { tomogram: OpenVolume }) {
  const bundle = useBundles(chosenBundle)
  const plan = useRunPlan()
  useEstimates(tomogram.id)
  const chosen = chosenMethods(plan.methods, bundle)
  const estimates = chosen.map((method) => plan.estimates[method]).filter((estimate) => estimate !== undefined)
  const reasons = estimates.map(({ reason }) => reason).join(' ')

  const words = (): string => {
    if (!bundle) return 'Choose a bundle.'
    if (chosen.length === 0) return 'Choose a method.'
    if (plan.failure) return 'This run would be refused, see above.'
    if (estimates.length < chosen.length) return 'Estimating time'
    const seconds = estimates.reduce((sum, estimate) => sum + estimate.seconds, 0)
    const memory = Math.max(...estimates.map(({ memoryBytes }) => memoryBytes))
    return `About ${formatSeconds(seconds)}, ${formatBytes(memory)}`
  }

  return (
    <div className="run-start">
      <button
        type="button"
        className="button button-primary"
        disabled={chosen.length === 0 || bundle === null || plan.starting}
        onClick={() => void startRuns(tomogram)}
      >
        <Icon name="play" /> Run
      </button>
      <p
        className="estimate"
        role="status"
        {...tip(`Time and memory, estimated from the region and the settings. ${reasons}`.trim())}
      >
        {words()}
      </p>
    </div>
  )
}
