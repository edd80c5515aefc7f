import { Icon } from '../controls/Icon.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { addPanel, movePanel, removePanel, selectPanel, takePanes, useFigure, type FigureEntry } from './figureStore.ts'
import { offeredPanels } from './panelsOfPanes.ts'

interface FigurePanelsProps {
  entries: readonly FigureEntry[]
  selected: number | null
  letters: boolean
}

/** The figure's panels in order: chosen to be edited, moved, removed; others added from the panes. */
export function FigurePanels({ entries, selected, letters }: FigurePanelsProps) {
  const offered = offeredPanels()
  const add = (id: string): void => {
    const made = offered.find((panel) => panel.id === id)?.make(useFigure.getState().page.background)
    if (made) addPanel(made)
  }
  return (
    <Section title="Panels">
      <ul className="figure-panels" aria-label="Panels of the figure">
        {entries.map(({ key, panel }, i) => {
          const name = panel.title || panel.kind
          const letter = letterOf(i)
          return (
            <li key={key} data-selected={key === selected || undefined}>
              <button
                type="button"
                className="figure-panel-name"
                aria-pressed={key === selected}
                onClick={() => selectPanel(key === selected ? null : key)}
              >
                <span className="figure-letter">{letters ? letter : i + 1}</span>
                <span>{name}</span>
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={`Move panel ${letter} forward`}
                disabled={i === 0}
                onClick={() => movePanel(key, -1)}
                {...tip('Earlier')}
              >
                <Icon name="previous" />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={`Move panel ${letter} back`}
                disabled={i === entries.length - 1}
                onClick={() => movePanel(key, 1)}
                {...tip('Later')}
              >
                <Icon name="next" />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove panel ${letter}`}
                onClick={() => removePanel(key)}
                {...tip('Remove from the figure')}
              >
                <Icon name="close" />
              </button>
            </li>
          )
        })}
      </ul>
      <div className="row">
        <select aria-label="Add a panel" value="" onChange={(event) => add(event.target.value)}>
          <option value="" disabled>
            Add…
          </option>
          {offered.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" className="button" onClick={takePanes} {...tip('Takes all panes anew, as they are now')}>
          From the panes
        </button>
      </div>
    </Section>
  )
}

/** As the engine letters panels. */
function letterOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26))
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter
}
