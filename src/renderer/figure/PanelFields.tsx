import type { FigurePanel, SlicePanel } from '../../shared/figure.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { editPanel, useFigure, type FigureEntry } from './figureStore.ts'
import { crosshairIn } from './slicePanel.ts'

interface PanelFieldsProps {
  entry: FigureEntry
  /** Whether panels that don't say otherwise have one. */
  figureScaleBar: boolean
}

/** What can be changed about one panel. */
export function PanelFields({ entry, figureScaleBar }: PanelFieldsProps) {
  const { key, panel } = entry
  const edit = (change: Partial<FigurePanel>): void => editPanel(key, panel.kind, change)
  const hasLength = panel.kind === 'slice' || (panel.kind === 'volume' && !panel.camera.perspective)
  const hasBar = panel.scaleBar ?? figureScaleBar
  return (
    <Section title="Panel">
      <label className="figure-title-field">
        <span className="field-label">Title</span>
        <input type="text" value={panel.title} onChange={(event) => edit({ title: event.target.value })} />
      </label>
      {hasLength && (
        <div className="row">
          <Switch label="Scale bar" checked={hasBar} onChange={(scaleBar) => edit({ scaleBar })} />
          {hasBar && (
            <NumberField
              label="Length"
              labelled
              unit="nm"
              min={0.01}
              emptyAllowed
              placeholder="auto"
              value={panel.scaleBarAngstrom === undefined ? null : panel.scaleBarAngstrom / 10}
              onCommit={(nm) => edit({ scaleBarAngstrom: nm === null ? undefined : nm * 10 })}
              tipAttributes={tip('A round length that fits where empty')}
            />
          )}
        </div>
      )}
      {panel.kind === 'slice' && <SliceFields entry={entry} panel={panel} />}
      {(panel.kind === 'curves' || panel.kind === 'volume') && (
        <NumberField
          label="Height over width"
          labelled
          min={0.2}
          max={3}
          step={0.05}
          value={panel.heightOverWidth}
          onCommit={(heightOverWidth) => heightOverWidth !== null && edit({ heightOverWidth })}
        />
      )}
    </Section>
  )
}

function SliceFields({ entry, panel }: { entry: FigureEntry; panel: SlicePanel }) {
  const { key, taken } = entry
  const edit = (change: Partial<SlicePanel>): void => editPanel(key, 'slice', change)
  const of: SlicePanel | null = taken.kind === 'slice' ? taken : null
  const marks = (change: Partial<SlicePanel['marks']>): void => edit({ marks: { ...panel.marks, ...change } })
  const crosshair = crosshairIn(panel, useFigure.getState())
  const showsBar = panel.colourBar ?? (panel.colourMap !== 'grey' || panel.overlay !== null)
  return (
    <div className="figure-switches">
      <Switch label="Colour bar" checked={showsBar} onChange={(colourBar) => edit({ colourBar })} />
      {of?.overlay && (
        <Switch
          label="Overlay"
          checked={panel.overlay !== null}
          onChange={(on) => edit({ overlay: on ? of.overlay : null })}
        />
      )}
      {of?.comparison && (
        <Switch
          label="Comparison"
          checked={panel.comparison !== null}
          onChange={(on) => edit({ comparison: on ? of.comparison : null })}
        />
      )}
      {(panel.marks.crosshair ?? crosshair) && (
        <Switch
          label="Crosshair"
          checked={panel.marks.crosshair !== null}
          onChange={(on) => marks({ crosshair: on ? crosshair : null })}
        />
      )}
      {of?.marks.region && (
        <Switch
          label="Region"
          checked={panel.marks.region !== null}
          onChange={(on) => marks({ region: on ? of.marks.region : null })}
        />
      )}
      {of && of.marks.distances.length > 0 && (
        <Switch
          label="Distances"
          checked={panel.marks.distances.length > 0}
          onChange={(on) => marks({ distances: on ? of.marks.distances : [] })}
        />
      )}
      <Switch label="Smooth" checked={panel.smooth} onChange={(smooth) => edit({ smooth })} />
    </div>
  )
}

function Switch({ label, checked, onChange }: { label: string; checked: boolean; onChange(checked: boolean): void }) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}
