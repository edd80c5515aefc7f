import { useRef, useState } from 'react'
import type { Job } from '../../shared/jobs.ts'
import { failureOf } from '../api/failures.ts'
import { putJob } from '../stores/jobs.ts'
import { sayFailure } from '../stores/messages.ts'
import { renameRun } from './routes.ts'

/** The field in which a run is dropped its name: Enter or leaving keeps it, Escape does not; empty takes the name away. */
export function RunName({ job, runId, onDone }: { job: Job; runId: string; onDone(): void }) {
  const [typed, setTyped] = useState(job.name ?? '')
  const dropped = useRef(false)
  const keep = (): void => {
    onDone()
    if (dropped.current || typed.trim() === (job.name ?? '')) return
    renameRun(runId, typed).then(putJob, (error: unknown) => sayFailure(failureOf(error)))
  }
  return (
    <span className="field-box run-name">
      <input
        type="text"
        aria-label="Name of the run"
        maxLength={80}
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
          if (event.key !== 'Escape') return
          event.stopPropagation()
          // The field is left, too, when it goes.
          dropped.current = true
          onDone()
        }}
      />
    </span>
  )
}
