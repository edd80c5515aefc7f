import { useEffect, useRef, useState } from 'react'
import type { OpenVolume } from '../../shared/volumes.ts'
import { useFetched } from '../api/useFetched.ts'
import { tip } from '../controls/tip.ts'
import { chosenFamily, useFamilies } from '../family/families.ts'
import { formatPercent } from '../numbers/format.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { SavePlotButton } from '../figure/SavePlotButton.tsx'
import { PaneFrame } from '../panes/PaneFrame.tsx'
import type { PaneOf } from '../stores/paneKinds.ts'
import { currentBase, currentTomogram, useVolumes } from '../stores/volumes.ts'
import { useWedge } from '../stores/wedge.ts'
import { BandTable } from './BandTable.tsx'
import { curvesKey, loadCurves } from './curves.ts'
import { chooseCurves, curvesChoice, useCurvesChoice } from './curvesChoice.ts'
import { CurvesPlot } from './CurvesPlot.tsx'

/** Power of the tomogram and of the posterior mean, and the family's variance, against the angle around the tilt axis. */
export function CurvesPane({ pane }: { pane: PaneOf<'curves'> }) {
  const tomogram = useVolumes(currentTomogram)
  const assumed = useWedge((state) => (tomogram ? state.wedges[tomogram.id] : undefined))
  if (!tomogram || !assumed)
    return (
      <PaneFrame pane={pane} label="Power by direction, empty">
        <p className="pane-note" role="status">
          {tomogram ? 'Measuring the power spectrum.' : 'Open a tomogram to see its power by direction.'}
        </p>
      </PaneFrame>
    )
  return <Curves pane={pane} tomogram={tomogram} wedge={assumed.wedge} />
}

function Curves({
  pane,
  tomogram,
  wedge
}: {
  pane: PaneOf<'curves'>
  tomogram: OpenVolume
  wedge: Parameters<typeof loadCurves>[2]
}) {
  const chosen = useCurvesChoice((state) => curvesChoice(state, pane.id))
  const families = useFamilies(tomogram.id)
  const base = useVolumes(currentBase)
  const family = families.find(({ runId }) => runId === chosen) ?? chosenFamily(tomogram.id, base, families)
  const key = curvesKey(tomogram, family, wedge)
  const curves = useFetched(key, (signal) => loadCurves(tomogram, family, wedge, signal))
  const body = useRef<HTMLDivElement>(null)
  const size = useSize(body)
  const label = `Power by direction of ${tomogram.name}${family ? ` and of ${layerTitle(family.mean)}` : ''}`
  const deviations = curves.value?.find(({ name }) => name === 'deviations')?.directions
  return (
    <PaneFrame
      pane={pane}
      label={label}
      head={
        <>
          {families.length > 0 && (
            <select
              className="compact pane-choice"
              aria-label="Family"
              value={family?.runId ?? ''}
              onChange={(event) => chooseCurves(pane.id, event.target.value)}
              {...tip('The run whose posterior mean and members are drawn beside the tomogram.')}
            >
              {families.map(({ runId, mean, job }) => (
                <option key={runId} value={runId}>
                  {layerTitle(mean).replace('posterior mean · ', '')}
                  {job.run ? ` γ ${String(job.run.settings.gamma)}` : ', running'}
                </option>
              ))}
            </select>
          )}
          <span className="pane-spring" />
          <SavePlotButton pane={pane} />
          {curves.key !== key && <span className="pane-loading">measuring</span>}
        </>
      }
    >
      <div className="curves-body" data-curves={pane.id} data-settled={curves.key === key}>
        <div ref={body} className="curves-room">
          {curves.value && <CurvesPlot curves={curves.value} wedge={wedge} {...size} />}
        </div>
        {curves.failure && (
          <p className="pane-note pane-failure" role="alert">
            <strong>{curves.failure.message}</strong> {curves.failure.hint}
          </p>
        )}
        {curves.value && <BandTable curves={curves.value} />}
        {deviations ? (
          <p className="curves-words">
            {formatPercent(deviations.wedge.share)} of the family’s variance lies in the missing wedge, which holds{' '}
            {formatPercent(deviations.wedge.frequencies)} of all frequencies.
          </p>
        ) : (
          <p className="curves-words">
            {family
              ? 'The members’ variance by direction appears with the members.'
              : 'Run CryoWGEN-I or CryoWGEN-II to see the directions in which its family varies.'}
          </p>
        )}
      </div>
    </PaneFrame>
  )
}

function useSize(element: React.RefObject<HTMLDivElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setSize({ width: Math.floor(contentRect.width), height: Math.floor(contentRect.height) })
    )
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return size
}
