import { formatBox } from '../../shared/axes.ts'
import { methods, type MethodId } from '../../shared/methods.ts'
import { tip } from '../controls/tip.ts'
import { comparedRegion } from '../slices/methodResult.ts'
import { chosenBundle, useBundles } from '../stores/bundles.ts'
import { isActive, useJobs } from '../stores/jobs.ts'
import { sharesPlane, useLayout } from '../stores/layout.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { setRegion, useRegion } from '../stores/region.ts'
import { toggleMethod, useRunPlan } from '../stores/runPlan.ts'
import { currentTomogram, useVolumes } from '../stores/volumes.ts'
import { PaneFrame } from './PaneFrame.tsx'
import { VolumeChoice } from './VolumeChoice.tsx'

/** A pane whose method has made nothing of the region yet: what it does, and how to run it. */
export function MethodPane({ pane, method }: { pane: PaneOf<'slice'>; method: MethodId }) {
  const preset = useLayout((state) => state.preset)
  const first = useLayout((state) => state.panes[0]?.id === pane.id)
  const { name, summary } = methods[method]
  return (
    <PaneFrame
      pane={pane}
      label={`${name}, nothing of this region yet`}
      choosing={first || !sharesPlane(preset)}
      head={
        <>
          <VolumeChoice pane={pane} base={null} />
          <span className="pane-spring" />
        </>
      }
    >
      <div className="method-pane" data-method={method}>
        <h2>{name}</h2>
        <p>{summary}</p>
        <MethodStart method={method} />
      </div>
    </PaneFrame>
  )
}

function MethodStart({ method }: { method: MethodId }) {
  const { name } = methods[method]
  const tomogram = useVolumes(currentTomogram)
  const chosen = useRunPlan((state) => state.methods.includes(method))
  const bundle = useBundles(chosenBundle)
  const region = useRegion((state) => (tomogram ? (state.boxes[tomogram.id] ?? null) : null))
  const jobs = useJobs((state) => state.jobs)
  if (!tomogram) return null
  const job = Object.values(jobs).find(
    (one) => isActive(one) && one.request.method === method && one.request.volumePath === tomogram.info.path
  )
  if (job)
    return (
      <p className="method-state" role="status">
        {job.state === 'queued' ? 'Waiting for the run before it.' : 'Running: its first map appears here.'}
      </p>
    )
  const entry = bundle?.methods.find((one) => one.method === method)
  if (entry && !entry.works) return <p className="method-state">{entry.reason}</p>
  const compared = comparedRegion(tomogram.id)
  // Of the same region as what the other panes show.
  const elsewhere = region === null && compared !== null
  if (chosen && !elsewhere)
    return (
      <p className="method-state" role="status">
        {name} is selected: press Run below the settings.
      </p>
    )
  const choose = (): void => {
    if (!chosen) toggleMethod(method)
    if (elsewhere) setRegion(tomogram.id, compared)
    useLayout.setState({ rightOpen: true })
  }
  return (
    <button
      type="button"
      className="button"
      onClick={choose}
      {...tip(compared ? `Voxels ${formatBox(compared)}` : 'The whole volume; draw a region for a quick first look')}
    >
      Run {name} for this region
    </button>
  )
}
