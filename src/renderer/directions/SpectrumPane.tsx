import { useEffect, useRef, useState } from 'react'
import { planeAxes, planeSchema, type Plane } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { useFetched } from '../api/useFetched.ts'
import { tip } from '../controls/tip.ts'
import { useFamilies } from '../family/families.ts'
import { planeAcross } from '../geometry/wedgePlane.ts'
import { minus } from '../numbers/format.ts'
import { SavePlotButton } from '../figure/SavePlotButton.tsx'
import { PaneFrame } from '../panes/PaneFrame.tsx'
import type { PaneOf } from '../stores/paneKinds.ts'
import { currentTomogram, isGrey, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { editWedge, useWedge, type AssumedWedge } from '../stores/wedge.ts'
import { SpectrumAxes } from './SpectrumAxes.tsx'
import { chooseSpectrum, spectrumChoice, useSpectrumChoice } from './spectrumChoice.ts'
import { spectrumFrame } from '../../shared/spectrum-geometry.ts'
import { SpectrumImage } from './SpectrumImage.tsx'
import { spectrumSources } from './spectrumSources.ts'
import { WedgeEdges } from './WedgeEdges.tsx'

/** Room for the axes' labels, left and below. */
const margin = { left: 52, bottom: 82, top: 12, right: 16 }

/** Log power of a tomogram, a reconstruction or a family's deviations in one plane of Fourier space, with the assumed wedge on it. */
export function SpectrumPane({ pane }: { pane: PaneOf<'spectrum'> }) {
  const tomogram = useVolumes((state) => tomogramOfPane(state.volumes, pane.volumeId) ?? currentTomogram(state))
  if (!tomogram)
    return (
      <PaneFrame pane={pane} label="Power spectrum, empty">
        <p className="pane-note">Open a tomogram to see its power spectrum.</p>
      </PaneFrame>
    )
  return <Spectrum pane={pane} tomogram={tomogram} />
}

function tomogramOfPane(volumes: Readonly<Record<string, OpenVolume>>, id: string | null): OpenVolume | null {
  const volume = id === null ? undefined : volumes[id]
  return volume ? (volumes[tomogramOf(volume)] ?? null) : null
}

function Spectrum({ pane, tomogram }: { pane: PaneOf<'spectrum'>; tomogram: OpenVolume }) {
  const body = useRef<HTMLDivElement>(null)
  const { edge, left, top } = useSquare(body)
  const choice = useSpectrumChoice((state) => spectrumChoice(state, pane.id))
  const volumes = useVolumes((state) => state.volumes)
  const families = useFamilies(tomogram.id)
  const assumed = useWedge((state) => state.wedges[tomogram.id])
  const reconstructions = Object.values(volumes).filter(
    (volume) => volume.role !== null && volume.role !== 'member' && isGrey(volume) && tomogramOf(volume) === tomogram.id
  )
  const sources = spectrumSources(tomogram, reconstructions, families)
  const source = sources.find(({ id }) => id === (choice.source ?? pane.volumeId)) ?? sources[0]
  const across = assumed ? planeAcross(assumed.wedge.tiltAxis) : 'xz'
  const plane = choice.plane ?? across
  const key = `${source.id}:${source.state}:${plane}`
  const spectrum = useFetched(key, (signal) => source.load(plane, signal))
  const { column, row, normal } = planeAxes[plane]
  const voxelSize = tomogram.info.voxelSizeAngstrom
  const frame = spectrum.value ? spectrumFrame(spectrum.value, edge) : null
  const label = `Power spectrum of ${source.label}, k${column} to the right, k${row} up`
  return (
    <PaneFrame
      pane={pane}
      label={label}
      head={
        <>
          <select
            className="compact spectrum-source"
            aria-label="Spectrum of"
            value={source.id}
            onChange={(event) => chooseSpectrum(pane.id, { source: event.target.value })}
            {...tip(source.about)}
          >
            {sources.map(({ id, label: name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <select
            className="compact"
            aria-label="Plane of Fourier space"
            value={plane}
            onChange={(event) => chooseSpectrum(pane.id, { plane: planeSchema.parse(event.target.value) })}
            {...tip(`Seen along ${normal}, summed over k${normal}.`)}
          >
            {planeSchema.options.map((option: Plane) => (
              <option key={option} value={option}>
                k{planeAxes[option].column}, k{planeAxes[option].row}
                {option === across ? ': wedge edge on' : ''}
              </option>
            ))}
          </select>
          <span className="pane-spring" />
          <SavePlotButton pane={pane} />
          {spectrum.key !== key && <span className="pane-loading">measuring</span>}
        </>
      }
    >
      <div ref={body} className="spectrum-body" data-spectrum={pane.id} data-settled={spectrum.key === key}>
        {edge > 40 && (
          <div className="spectrum-square" style={{ width: edge, height: edge, left, top }}>
            <SpectrumImage spectrum={spectrum.value} label={label} />
          </div>
        )}
        {frame && edge > 40 && (
          <svg
            className="spectrum-over"
            style={{ left, top, width: edge, height: edge }}
            viewBox={`0 0 ${edge} ${edge}`}
            role="group"
            aria-label="Assumed wedge on the power spectrum"
          >
            {assumed && plane === across && (
              <WedgeEdges
                frame={frame}
                wedge={assumed.wedge}
                estimate={assumed.report?.wedge.tiltAxis === assumed.wedge.tiltAxis ? assumed.report.estimate : null}
                onChange={(edit) => editWedge(tomogram.id, edit)}
              />
            )}
            <SpectrumAxes frame={frame} column={column} row={row} voxelSizeAngstrom={voxelSize} />
          </svg>
        )}
        {!spectrum.value && !spectrum.failure && (
          <p className="pane-note" role="status">
            Measuring the power spectrum
          </p>
        )}
        {assumed && plane === across && edge > 40 && (
          <p className="spectrum-words" style={{ top: top + edge + 42 }}>
            {wedgeInWords(assumed)}
          </p>
        )}
        {spectrum.failure && (
          <p className="pane-note pane-failure" role="alert">
            <strong>{spectrum.failure.message}</strong> {spectrum.failure.hint}
          </p>
        )}
      </div>
    </PaneFrame>
  )
}

/** What the lines and the band on the spectrum mean, in numbers. */
function wedgeInWords({ wedge, report }: AssumedWedge): string {
  const degrees = (value: number): string => `${minus(String(Number(value.toFixed(1))))}°`
  const assumed = `Assumed ${degrees(wedge.tiltMin)} to ${degrees(wedge.tiltMax)}`
  const estimate = report?.wedge.tiltAxis === wedge.tiltAxis ? report.estimate : null
  if (!estimate) return `${assumed}; the spectrum shows no edge to estimate it from`
  return `${assumed}; band: estimated ${degrees(estimate.tiltMin)} to ${degrees(estimate.tiltMax)}, each ± ${degrees(estimate.uncertaintyDegrees)}`
}

interface Square {
  edge: number
  left: number
  top: number
}

/** The largest square that leaves room for the labels, in the middle. */
function useSquare(element: React.RefObject<HTMLDivElement | null>): Square {
  const [square, setSquare] = useState<Square>({ edge: 0, left: 0, top: 0 })
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([{ contentRect }]) => {
      const across = contentRect.width - margin.left - margin.right
      const down = contentRect.height - margin.top - margin.bottom
      const edge = Math.max(0, Math.floor(Math.min(across, down)))
      setSquare({
        edge,
        left: margin.left + Math.max(0, Math.floor((across - edge) / 2)),
        top: margin.top + Math.max(0, Math.floor((down - edge) / 2))
      })
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return square
}
