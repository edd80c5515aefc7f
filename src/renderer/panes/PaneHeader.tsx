import { commandTip } from '../commands/commandTip.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { planeAxes } from '../../shared/axes.ts'
import { Icon } from '../controls/Icon.tsx'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { editPane } from '../stores/layout.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { moveCursor, type View } from '../stores/view.ts'
import { layerTitle } from './layerTitle.ts'
import { toggleComparison } from './compare.ts'
import { VolumeChoice } from './VolumeChoice.tsx'

interface PaneHeaderProps {
  pane: PaneOf<'slice'>
  /** Whether this pane steps through the slices, or an earlier one does for it. */
  stepping: boolean
  group: string
  view: View
  base: OpenVolume
  hasOverlay: boolean
  loading: boolean
}

/** What a pane of slices shows: volume and slice. */
export function PaneHeader({ pane, stepping, group, view, base, hasOverlay, loading }: PaneHeaderProps) {
  const { normal } = planeAxes[pane.plane]
  const last = view.size[normal] - 1
  return (
    <>
      <VolumeChoice pane={pane} base={base} />
      <span className="pane-short">{layerTitle(base).split(' · ')[0]}</span>
      {hasOverlay && (
        <button
          type="button"
          className="icon-button overlay-switch"
          aria-pressed={pane.overlay}
          aria-label="Overlay in this pane"
          {...tip('Overlay in this pane')}
          onClick={() => editPane('slice', pane.id, { overlay: !pane.overlay })}
        >
          <Icon name="overlay" />
        </button>
      )}
      <span className="pane-spring" />
      <button
        type="button"
        className="icon-button compare-switch"
        aria-pressed={pane.comparison !== null}
        aria-label="Compare in this pane"
        {...commandTip(
          'Compare with another volume in this pane: swipe, checkerboard, flicker, difference',
          'compare-here'
        )}
        onClick={() => toggleComparison(pane.id)}
      >
        <Icon name="swipe" />
      </button>
      {loading && <span className="pane-loading">reading</span>}
      {stepping && (
        <>
          <label className="slice-slider">
            <input
              type="range"
              aria-label={`Slice along ${normal}`}
              min={0}
              max={last}
              value={view.cursor[normal]}
              onChange={(event) => moveCursor(group, { [normal]: Number(event.target.value) })}
            />
          </label>
          <NumberField
            label={normal}
            labelled
            className="slice-number"
            integer
            min={0}
            max={last}
            value={view.cursor[normal]}
            onCommit={(value) => value !== null && moveCursor(group, { [normal]: value })}
            tipAttributes={commandTip(
              `Slice along ${normal}, counted from 0 to ${last}`,
              'next-slice',
              'previous-slice'
            )}
          />
          <span className="slice-count">/ {last}</span>
        </>
      )}
    </>
  )
}
