import { useState } from 'react'
import type { Job } from '../../shared/jobs.ts'
import { useJobs } from '../stores/jobs.ts'
import { CompareRunsDialog } from './CompareRunsDialog.tsx'
import { DiagnosticsDialog } from './DiagnosticsDialog.tsx'
import { runTitle } from './runTitle.ts'

/** What can be done with a finished run besides looking at its maps. */
export function RunActions({ job, onRename }: { job: Job; onRename(): void }) {
  const [dialog, setDialog] = useState<'diagnostics' | 'compare' | null>(null)
  const { jobs, order } = useJobs()
  const finished = order
    .map((id) => jobs[id])
    .filter(({ run, request }) => run !== null && request.volumePath === job.request.volumePath)
  if (!job.run || job.runId === null) return null
  const close = (): void => setDialog(null)
  const title = runTitle(job)
  return (
    <div className="run-actions">
      <button type="button" className="link-button" onClick={() => setDialog('diagnostics')}>
        Diagnostics
      </button>
      {finished.length > 1 && (
        <button type="button" className="link-button" onClick={() => setDialog('compare')}>
          Compare runs
        </button>
      )}
      <button type="button" className="link-button" onClick={onRename}>
        Rename
      </button>
      {dialog === 'diagnostics' && <DiagnosticsDialog title={title} runId={job.runId} run={job.run} onClose={close} />}
      {dialog === 'compare' && <CompareRunsDialog jobs={finished} with={job} onClose={close} />}
    </div>
  )
}
