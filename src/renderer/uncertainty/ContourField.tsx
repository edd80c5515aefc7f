import { useState } from 'react'
import { tip } from '../controls/tip.ts'
import { maxContours } from '../stores/overlay.ts'
import { niceLevels, parseLevels } from './niceLevels.ts'

interface ContourFieldProps {
  levels: readonly number[]
  range: { low: number; high: number }
  onChange(levels: number[]): void
}

/** The values at which lines are drawn: typed, or round ones of the range at a click. */
export function ContourField({ levels, range, onChange }: ContourFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const problem = typed === null ? null : problemOf(typed)
  const commit = (): void => {
    const parsed = typed === null ? null : parseLevels(typed)
    if (!parsed || problem) return
    setTyped(null)
    onChange(parsed)
  }
  const round = niceLevels(range)
  return (
    <div className="row contour-row">
      <label
        className="number-field grow"
        {...tip('Lines where the map has these values, such as 4, 8, 12. Empty: none.')}
      >
        <span className="field-label">Contours at</span>
        <span className="field-box" data-invalid={problem !== null || undefined}>
          <input
            type="text"
            aria-label="Contours at"
            aria-invalid={problem !== null}
            title={problem ?? undefined}
            placeholder="none"
            value={typed ?? levels.join(', ')}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => {
              commit()
              setTyped(null)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') {
                commit()
                if (!problem) event.currentTarget.blur()
              } else if (event.key === 'Escape' && typed !== null) {
                setTyped(null)
                event.stopPropagation()
              }
            }}
          />
        </span>
      </label>
      <button
        type="button"
        className="button"
        aria-pressed={levels.length > 0}
        onClick={() => onChange(levels.length > 0 ? [] : round)}
        {...tip(levels.length > 0 ? 'No contour lines' : `Lines at round values: ${round.join(', ')}`)}
      >
        Lines
      </button>
    </div>
  )
}

function problemOf(text: string): string | null {
  const levels = parseLevels(text)
  if (!levels) return 'Numbers are needed here, with commas between them.'
  return levels.length > maxContours ? `At most ${maxContours} levels.` : null
}
