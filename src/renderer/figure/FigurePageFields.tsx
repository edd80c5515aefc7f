import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { editPage, type FigurePage } from './figureStore.ts'

/** Widths that journals ask for, in mm. */
const widths = [
  { mm: 85, about: 'one column of many journals' },
  { mm: 114, about: 'one and a half columns' },
  { mm: 174, about: 'two columns, the page' }
] as const

/** Size, letters and background of the figure. */
export function FigurePageFields({ page, panels }: { page: FigurePage; panels: number }) {
  return (
    <Section title="Figure">
      <div className="row">
        <NumberField
          label="Width"
          labelled
          unit="mm"
          min={20}
          max={1000}
          step={1}
          value={page.widthMm}
          onCommit={(widthMm) => widthMm !== null && editPage({ widthMm })}
          tipAttributes={tip('Width on paper; lengths in the figure are true at this width')}
        />
        <div className="segments" role="group" aria-label="Usual widths">
          {widths.map(({ mm, about }) => (
            <button
              key={mm}
              type="button"
              className="button"
              aria-pressed={page.widthMm === mm}
              onClick={() => editPage({ widthMm: mm })}
              {...tip(`${mm} mm: ${about}`)}
            >
              {mm}
            </button>
          ))}
        </div>
      </div>
      <div className="row">
        <NumberField
          label="Resolution"
          labelled
          unit="dpi"
          integer
          min={36}
          max={2400}
          step={50}
          value={page.dpi}
          onCommit={(dpi) => dpi !== null && editPage({ dpi })}
        />
        <NumberField
          label="Columns"
          labelled
          integer
          min={1}
          max={12}
          value={Math.min(page.columns, Math.max(1, panels))}
          onCommit={(columns) => columns !== null && editPage({ columns })}
        />
      </div>
      <div className="row">
        <NumberField
          label="Letters"
          labelled
          unit="pt"
          min={4}
          max={20}
          step={0.5}
          value={page.fontSizePt}
          onCommit={(fontSizePt) => fontSizePt !== null && editPage({ fontSizePt })}
          tipAttributes={tip('Size of labels and caption on paper; journals ask for 5 to 8 points')}
        />
        <label className="select-field">
          <span className="field-label">Background</span>
          <select
            value={page.background}
            onChange={(event) => editPage({ background: event.target.value === 'black' ? 'black' : 'white' })}
          >
            <option>white</option>
            <option>black</option>
          </select>
        </label>
      </div>
      <div className="row">
        <label className="check">
          <input
            type="checkbox"
            checked={page.panelLetters}
            onChange={(event) => editPage({ panelLetters: event.target.checked })}
          />
          Panel letters
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={page.scaleBar}
            onChange={(event) => editPage({ scaleBar: event.target.checked })}
          />
          Scale bars
        </label>
      </div>
    </Section>
  )
}
