import { colourMapSchema } from '../../shared/figure.ts'
import { CommandButton } from '../commands/CommandButton.tsx'
import { commandTip } from '../commands/commandTip.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { formatForField } from '../numbers/format.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { displayOf, editDisplay, useContrast } from '../stores/contrast.ts'
import { useLayout } from '../stores/layout.ts'
import { useRegion } from '../stores/region.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { HistogramPlot } from './HistogramPlot.tsx'

/** Window and level of the base layer in the active pane. */
export function ContrastPanel() {
  useVolumes()
  useView((state) => Object.keys(state.views).length)
  useLayout()
  const contrast = useContrast()
  const boxes = useRegion((state) => state.boxes)
  const model = activePaneModel()
  if (!model) return null
  const { base, tomogram, contrastScope } = model
  const display = displayOf(contrast, base, tomogram, contrastScope)
  const edit = (change: Partial<typeof display>): void => editDisplay(base, tomogram, change, contrastScope)
  const region = boxes[tomogram.id] ?? null
  const unit = base.role === null || contrast.linked ? 'grey value' : base.quantity
  return (
    <Section title="Contrast" aside={<span className="section-aside">{layerTitle(base)}</span>}>
      <HistogramPlot volume={base} display={display} onChange={edit} />
      <div className="row">
        <NumberField
          label="Black"
          labelled
          value={display.low}
          format={formatForField}
          onCommit={(low) => low !== null && edit({ low })}
          tipAttributes={commandTip(`Drawn black, in ${unit}`, 'black-down', 'black-up')}
        />
        <NumberField
          label="White"
          labelled
          value={display.high}
          format={formatForField}
          onCommit={(high) => high !== null && edit({ high })}
          tipAttributes={commandTip(`Drawn white, in ${unit}`, 'white-down', 'white-up')}
        />
      </div>
      <div className="row">
        <span
          className="field-label"
          {...tip(
            'Black and white at the 0.5 and 99.5 percentiles: of the whole volume, the region of interest, or this slice'
          )}
        >
          Auto
        </span>
        <div className="segments grow" role="group" aria-label="Automatic contrast">
          <CommandButton id="auto-contrast" label="Volume" pressed={display.auto} />
          <CommandButton id="auto-region" label="Region" disabled={!region} />
          <CommandButton id="auto-slice" label="Slice" name="Slice shown" />
        </div>
        <CommandButton id="invert" label="Invert" pressed={display.invert} />
      </div>
      <div className="row">
        <label className="slider-field" {...tip('Exponent 1/γ applied between black and white; 1 is linear')}>
          <span className="field-label">Gamma</span>
          <input
            type="range"
            min={-1}
            max={1}
            step={0.02}
            value={Math.log(display.gamma) / Math.log(3)}
            onChange={(event) => edit({ gamma: Number((3 ** Number(event.target.value)).toFixed(3)) })}
          />
        </label>
        <NumberField
          label="Gamma"
          className="narrow"
          min={0.1}
          max={10}
          value={display.gamma}
          format={(value) => value.toFixed(2)}
          onCommit={(gamma) => gamma !== null && edit({ gamma })}
        />
        <select
          aria-label="Colour map"
          value={display.colourMap}
          onChange={(event) => edit({ colourMap: colourMapSchema.parse(event.target.value) })}
        >
          {colourMapSchema.options.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <label
        className="check"
        {...tip('The tomogram, its reconstructions, means and members are drawn with the same black and white')}
      >
        <input
          type="checkbox"
          checked={contrast.linked}
          onChange={(event) => useContrast.setState({ linked: event.target.checked })}
        />
        Same contrast for all grey maps
      </label>
    </Section>
  )
}
