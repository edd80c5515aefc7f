import { useState } from 'react'
import { boxSize, formatBox, wholeBox } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { formatBytes, formatSeconds } from '../numbers/format.ts'
import { chosenBundle, useBundles } from '../stores/bundles.ts'
import { useRegion } from '../stores/region.ts'
import { useRunPlan } from '../stores/runPlan.ts'
import { chosenMethods, startRuns, useEstimates } from './startRuns.ts'

/**
 * An estimate runs the first steps for real. In regions of more voxels only when somebody asks: it takes cores and memory that looking at a large
 * tomogram needs.
 */
const triedUnasked = 2 ** 22

/** Always in sight below the settings: Run, and what it will cost. */
export function RunStart({ tomogram }: { tomogram: OpenVolume }) {
  const bundle = useBundles(chosenBundle)
  const plan = useRunPlan()
  const box = useRegion((state) => state.boxes[tomogram.id]) ?? wholeBox(tomogram.info.size)
  const { x, y, z } = boxSize(box)
  const region = `${tomogram.id} ${formatBox(box)}`
  const [asked, setAsked] = useState<string | null>(null)
  const mayTry = x * y * z <= triedUnasked || asked === region
  useEstimates(tomogram.id, mayTry)
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
      {mayTry || chosen.length === 0 ? (
        <p
          className="estimate"
          role="status"
          {...tip(`Time and memory, estimated from the region and the settings. ${reasons}`.trim())}
        >
          {words()}
        </p>
      ) : (
        <button
          type="button"
          className="link-button"
          onClick={() => setAsked(region)}
          {...tip('Runs the first steps for real. In a region this large that takes a while and slows the window.')}
        >
          Estimate time and memory
        </button>
      )}
    </div>
  )
}
