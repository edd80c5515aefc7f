import { useCallback } from 'react'
import type { RunRecord } from '../../shared/runs.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { runExportPath } from '../api/routes.ts'
import { useFetched } from '../api/useFetched.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { tip } from '../controls/tip.ts'
import { saveResponse } from '../files/saveFile.ts'
import { editOverlay } from '../stores/overlay.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { explanations } from './explanations.ts'
import { ProbeGroups } from './ProbeGroups.tsx'
import { getRunDiagnostics } from './routes.ts'
import { SeriesPlot, type Series } from './SeriesPlot.tsx'
import { VerdictMark } from './VerdictMark.tsx'
import { verdictsOf } from './verdicts.ts'

interface DiagnosticsDialogProps {
  title: string
  runId: string
  run: RunRecord
  onClose(): void
}

/** Whether a run can be believed: each verdict with its reason and what to do, then the plots it rests on. */
export function DiagnosticsDialog({ title, runId, run, onClose }: DiagnosticsDialogProps) {
  const load = useCallback((signal: AbortSignal) => getRunDiagnostics(runId, signal), [runId])
  const { value: diagnostics, failure } = useFetched(runId, load)
  const rHat = useVolumes(({ volumes }) =>
    Object.values(volumes).find(({ role, runId: of }) => role === 'r-hat' && of === runId)
  )
  const trace = diagnostics?.trace
  const chains = trace?.chainPotentials ?? []
  const burnIn = run.method === 'cryowgen-2' && typeof run.settings.burnIn === 'number' ? run.settings.burnIn : 0
  const potentials: Series[] =
    chains.length > 0
      ? chains.map((values, chain) => ({ name: `chain ${chain + 1}`, values }))
      : [{ name: 'mean of the chains', values: trace?.potential ?? [] }]
  const footer = (
    <>
      {rHat && (
        <button
          type="button"
          className="button"
          onClick={() => {
            showRHat(rHat)
            onClose()
          }}
          {...tip(explanations['r-hat'])}
        >
          Show the R-hat map
        </button>
      )}
      <button
        type="button"
        className="button"
        disabled={!trace}
        onClick={() => {
          onClose()
          void saveResponse(runExportPath(runId, 'diagnostics.csv'), undefined, 'diagnostics.csv')
        }}
        {...tip('Potential, misfit and acceptance of every step, as numbers')}
      >
        Save as CSV…
      </button>
    </>
  )
  return (
    <Dialog title={`Diagnostics of ${title}`} onClose={onClose} footer={footer} wide>
      <ul className="verdicts verdicts-full">
        {verdictsOf(run, diagnostics).map(({ about, mark, sentence, advice }) => (
          <li key={about} data-mark={mark}>
            <VerdictMark mark={mark} />
            <p>
              {sentence} {advice && <span className="verdict-advice">{advice}</span>}
            </p>
          </li>
        ))}
      </ul>
      {failure && (
        <p role="alert">
          {failure.message} {failure.hint}
        </p>
      )}
      {trace && (
        <>
          <SeriesPlot title={potentialTitle(run)} series={potentials} burnIn={burnIn} />
          <SeriesPlot
            title="Data misfit per measured voxel"
            series={[{ name: 'mean of the chains', values: trace.misfit }]}
            burnIn={burnIn}
            expected={{ value: 1, name: 'as the noise' }}
          />
          {trace.acceptance && trace.acceptance.length > 0 && (
            <SeriesPlot
              title="Acceptance of proposals"
              series={[{ name: 'mean of the chains', values: trace.acceptance }]}
              burnIn={burnIn}
              expected={{ value: 0.574, name: 'mixes fastest' }}
            />
          )}
          {trace.groups && trace.groups.length > 0 && <ProbeGroups groups={trace.groups} />}
        </>
      )}
    </Dialog>
  )
}

/** Draws the map over the grey values, so that it is seen where the chains disagree. */
function showRHat(map: OpenVolume): void {
  editOverlay(tomogramOf(map), {
    volumeId: map.id,
    visible: true,
    style: 'colours',
    low: null,
    high: null,
    threshold: null,
    contours: []
  })
}

function potentialTitle({ method }: RunRecord): string {
  if (method === 'cryogen-1') return 'Objective'
  return method === 'cryowgen-1' ? '−G of each candidate' : 'Potential, −log q*'
}
