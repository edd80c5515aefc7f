import { commandTip } from '../commands/commandTip.ts'
import { Icon } from '../controls/Icon.tsx'
import type { Pane } from '../stores/layout.ts'
import { savePlotAsCsv } from './saveCurves.ts'

/** In the head of a pane of curves or of a spectrum. */
export function SavePlotButton({ pane }: { pane: Pane }) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Save the numbers as CSV"
      onClick={() => savePlotAsCsv(pane)}
      {...commandTip('The numbers behind this pane as CSV', 'save-curves')}
    >
      <Icon name="save" />
    </button>
  )
}
