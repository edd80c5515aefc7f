import { useState } from 'react'
import type { Job } from '../../shared/jobs.ts'
import { failureOf } from '../api/failures.ts'
import { getThreeDmodCommand, runExportPath } from '../api/routes.ts'
import { tip } from '../controls/tip.ts'
import { saveResponse } from '../files/saveFile.ts'
import { useJobs } from '../stores/jobs.ts'
import { sayFailure, sayNotice } from '../stores/messages.ts'
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
  const { runId } = job
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
      <button
        type="button"
        className="link-button"
        onClick={() => void saveResponse(runExportPath(runId, 'chimerax'), undefined, 'wedgeview-run.cxc')}
        {...tip('A ChimeraX script that opens this run: surfaces, levels, colours by SD, members')}
      >
        ChimeraX…
      </button>
      <button
        type="button"
        className="link-button"
        onClick={() => void copyThreeDmod(runId)}
        {...tip('Copies a command line that opens this run’s maps in IMOD’s 3dmod')}
      >
        Copy 3dmod command
      </button>
      {dialog === 'diagnostics' && <DiagnosticsDialog title={title} runId={job.runId} run={job.run} onClose={close} />}
      {dialog === 'compare' && <CompareRunsDialog jobs={finished} with={job} onClose={close} />}
    </div>
  )
}

async function copyThreeDmod(runId: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(await getThreeDmodCommand(runId))
    sayNotice('The 3dmod command is copied')
  } catch (error) {
    sayFailure(failureOf(error))
  }
}
