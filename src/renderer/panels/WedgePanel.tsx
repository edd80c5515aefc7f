import { useMemo } from 'react'
import { axisSchema, type Axis } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { TiltSource, Wedge } from '../../shared/wedge.ts'
import { CommandButton } from '../commands/CommandButton.tsx'
import { Icon } from '../controls/Icon.tsx'
import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { measuredFraction } from '../geometry/wedgePlane.ts'
import { formatPercent } from '../numbers/format.ts'
import { scanText, useScans } from '../stores/scans.ts'
import { editWedge, resetWedge, useWedge, type AssumedWedge } from '../stores/wedge.ts'
import { PowerByAngle } from './PowerByAngle.tsx'
import { SpectrumPlot } from './SpectrumPlot.tsx'

/** The assumed missing wedge over the measured power spectrum, so that a person sees whether they agree. */
export function WedgePanel({ tomogram }: { tomogram: OpenVolume }) {
  const assumed = useWedge((state) => state.wedges[tomogram.id])
  const scan = useScans((state) => scanText(state.fractions, tomogram.id, 'wedge'))
  const failure = useWedge((state) => state.failures[tomogram.id])
  const { size } = tomogram.info
  // A look at every frequency of the plane: tens of milliseconds for a large tomogram.
  const measured = useMemo(() => (assumed ? measuredFraction(assumed.wedge, size) : 0), [assumed, size])
  if (!assumed)
    return (
      <Section title="Missing wedge">
        <p className="panel-note" role="status">
          Measuring the power spectrum to estimate the tilt range{scan}
        </p>
      </Section>
    )
  const { wedge, source, report } = assumed
  const edit = (change: Partial<typeof wedge>): void => void editWedge(tomogram.id, change)
  return (
    <Section
      title="Missing wedge"
      aside={
        <span
          className="section-aside"
          {...tip('Share of Fourier space that the tilt series recorded: the mean of the mask M.')}
        >
          {formatPercent(measured)} measured
        </span>
      }
    >
      {failure && (
        <p className="run-warning" role="alert">
          <Icon name="warning" /> {failure.message} {failure.hint}
        </p>
      )}
      <div className="wedge-columns">
        <SpectrumPlot
          tomogram={tomogram}
          wedge={wedge}
          estimate={report && sameAxes(report.wedge, wedge) ? report.estimate : null}
          onChange={edit}
        />
        <div className="wedge-fields">
          <NumberField
            label="Tilt from"
            labelled
            unit="°"
            min={-90}
            max={wedge.tiltMax - 1}
            step={1}
            value={wedge.tiltMin}
            format={degrees}
            onCommit={(tiltMin) => tiltMin !== null && edit({ tiltMin })}
            tipAttributes={tip(
              'Smallest tilt angle that was recorded. Drag the edge in the spectrum to the rim of the dark wedge.'
            )}
          />
          <NumberField
            label="Tilt to"
            labelled
            unit="°"
            min={wedge.tiltMin + 1}
            max={90}
            step={1}
            value={wedge.tiltMax}
            format={degrees}
            onCommit={(tiltMax) => tiltMax !== null && edit({ tiltMax })}
            tipAttributes={tip('Largest tilt angle that was recorded.')}
          />
          <AxisChoice
            label="Tilt axis"
            value={wedge.tiltAxis}
            onChange={(tiltAxis) =>
              edit({ tiltAxis, ...(tiltAxis === wedge.beamAxis ? { beamAxis: wedge.tiltAxis } : {}) })
            }
          />
          <AxisChoice
            label="Beam"
            value={wedge.beamAxis}
            onChange={(beamAxis) =>
              edit({ beamAxis, ...(beamAxis === wedge.tiltAxis ? { tiltAxis: wedge.beamAxis } : {}) })
            }
          />
        </div>
      </div>
      <p className="wedge-source">
        {sourceText(source, assumed, tomogram)}
        {source === 'given' && report && (
          <button type="button" className="link-button" onClick={() => resetWedge(tomogram.id)}>
            Back to what was found
          </button>
        )}
      </p>
      {report && sameAxes(report.wedge, wedge) && <PowerByAngle points={report.powerByAngle} wedge={wedge} />}
      <div className="row">
        <CommandButton id="show-spectrum" label="Spectrum beside" />
        <CommandButton id="show-curves" label="Curves beside" />
      </div>
    </Section>
  )
}

/** The curve was measured for the axes that were found; with others it would say nothing. */
function sameAxes(a: Wedge, b: Wedge): boolean {
  return a.tiltAxis === b.tiltAxis && a.beamAxis === b.beamAxis
}

function AxisChoice({ label, value, onChange }: { label: string; value: Axis; onChange(axis: Axis): void }) {
  return (
    <label className="select-field">
      <span className="field-label">{label}</span>
      <select value={value} onChange={(event) => onChange(axisSchema.parse(event.target.value))}>
        {axisSchema.options.map((axis) => (
          <option key={axis}>{axis}</option>
        ))}
      </select>
    </label>
  )
}

const degrees = (value: number): string => String(Number(value.toFixed(1))).replace('-', '−')

function sourceText(source: TiltSource, { report }: AssumedWedge, tomogram: OpenVolume): string {
  const uncertainty = report?.uncertaintyDegrees ?? null
  const words: Readonly<Record<TiltSource, string>> = {
    given: 'Set by hand. ',
    file: `Read from ${tomogram.info.tilt?.source ?? 'the tilt file beside the tomogram'}.`,
    bundle: 'Taken from the bundle.',
    estimated: `Estimated from the power spectrum${uncertainty === null ? '' : `, ± ${uncertainty.toFixed(0)}°`}. Check the edges against it.`,
    default: 'Assumed: no tilt file was found and the spectrum shows no edge. Please set it.'
  }
  return words[source]
}
