import { useState } from 'react'
import type { Job } from '../../shared/jobs.ts'
import { methods } from '../../shared/methods.ts'
import { failureOf } from '../api/failures.ts'
import { cancelJob } from '../api/routes.ts'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { discardRun } from '../files/openFiles.ts'
import { formatSeconds } from '../numbers/format.ts'
import { isActive, putJob } from '../stores/jobs.ts'
import { sayFailure } from '../stores/messages.ts'
import { useVolumes } from '../stores/volumes.ts'
import { RunActions } from '../uncertainty/RunActions.tsx'
import { RunName } from '../uncertainty/RunName.tsx'
import { LayerRow } from './LayerRow.tsx'
import { MembersRow } from './MembersRow.tsx'
import { RunFacts } from './RunFacts.tsx'

/** A run: what it does while it goes, what it found when it is done, and its maps as layers. */
export function RunEntry({ job }: { job: Job }) {
  const volumes = useVolumes((state) => state.volumes)
  const maps = job.volumes.map((id) => volumes[id]).filter(Boolean)
  const [renaming, setRenaming] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const method = methods[job.request.method]
  const { name } = method
  return (
    <section className="run" data-job={job.id} data-state={job.state} aria-label={`Run ${name}`}>
      <header className="run-head">
        {renaming && job.runId !== null ? (
          <RunName job={job} runId={job.runId} onDone={() => setRenaming(false)} />
        ) : (
          <h3 {...tip(method.summary)}>
            {job.name ?? name}
            {job.name && <span className="run-method">{name}</span>}
          </h3>
        )}
        <span className="run-state">{stateText(job)}</span>
        {isActive(job) ? (
          <button
            type="button"
            className="icon-button"
            aria-label={`Cancel ${name}`}
            onClick={() => void cancel(job)}
            {...tip('Stop this run. What it has is kept, marked as partial.')}
          >
            <Icon name="stop" />
          </button>
        ) : (
          <>
            {job.runId !== null && window.desktop && (
              <button
                type="button"
                className="icon-button"
                aria-label={`Show the folder of ${name}`}
                onClick={() => void window.desktop?.showInFolder(job.request.outPath)}
                {...tip('Show this run’s folder in the file manager')}
              >
                <Icon name="folder" />
              </button>
            )}
            <button
              type="button"
              className="icon-button"
              aria-label={`Delete the run ${name}`}
              onClick={() => (job.runId === null ? void discardRun(job) : setDeleting(true))}
              {...tip('Delete this run and its maps')}
            >
              <Icon name="trash" />
            </button>
          </>
        )}
      </header>
      {deleting && (
        <p className="run-delete" role="alertdialog" aria-label={`Delete the run ${name}?`}>
          Delete this run and its maps from the disk?
          <span>
            <button type="button" className="button" autoFocus onClick={() => setDeleting(false)}>
              Keep
            </button>
            <button type="button" className="button button-danger" onClick={() => void discardRun(job)}>
              Delete
            </button>
          </span>
        </p>
      )}
      {isActive(job) && <RunProgress job={job} />}
      {job.failure && job.failure.kind !== 'cancelled' && (
        <p className="run-failure" role="alert">
          <strong>{job.failure.message}</strong> {job.failure.hint}
        </p>
      )}
      {maps
        .filter(({ role }) => role !== 'member')
        .map((map) => (
          <LayerRow
            key={map.id}
            volume={map}
            name={map.role === 'map' && job.request.method === 'cryogen-1' ? 'MAP' : undefined}
          />
        ))}
      <MembersRow members={maps.filter(({ role }) => role === 'member')} />
      {job.run && job.runId !== null && <RunFacts run={job.run} runId={job.runId} />}
      <RunActions job={job} onRename={() => setRenaming(true)} />
    </section>
  )
}

function RunProgress({ job }: { job: Job }) {
  const { progress } = job
  if (job.state === 'queued' || !progress) return <p className="run-phase">Waiting for the run before it</p>
  const left = progress.secondsLeft === null ? '' : `, ${formatSeconds(progress.secondsLeft)} left`
  return (
    <div className="run-progress">
      <progress aria-label={`Progress of ${methods[job.request.method].name}`} max={1} value={progress.fraction} />
      <p className="run-phase" role="status">
        {progress.phase}
        {progress.steps > 0 ? `, step ${progress.step} of ${progress.steps}` : ''}
        {left}
      </p>
      <dl className="facts">
        <Live
          label="misfit"
          value={progress.misfitPerMeasuredVoxel}
          text="Data misfit per measured voxel; near 1 when the result agrees with the data as well as the noise allows."
        />
        <Live label="acceptance" value={progress.acceptance} text="Share of Metropolis proposals that were accepted." />
        {progress.members > 0 && (
          <div>
            <dt>samples</dt>
            <dd>{progress.members}</dd>
          </div>
        )}
      </dl>
    </div>
  )
}

function Live({ label, value, text }: { label: string; value: number | null; text: string }) {
  if (value === null) return null
  return (
    <div {...tip(text)}>
      <dt>{label}</dt>
      <dd>{value.toFixed(2)}</dd>
    </div>
  )
}

function stateText(job: Job): string {
  if (job.state === 'cancelled') return job.run ? 'partial' : 'cancelled'
  if (job.state === 'done' && job.run) return job.run.partial ? 'partial' : formatSeconds(job.run.seconds)
  if (job.state === 'running' && job.progress) return `${Math.floor(job.progress.fraction * 100)} %`
  return job.state
}

async function cancel(job: Job): Promise<void> {
  try {
    putJob(await cancelJob(job.id))
  } catch (error) {
    sayFailure(failureOf(error))
  }
}
