import type { OpenVolume } from '../../shared/volumes.ts'
import { planeAxes } from '../../shared/axes.ts'
import { Icon } from '../controls/Icon.tsx'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { editPane, useLayout } from '../stores/layout.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { moveCursor, type View } from '../stores/view.ts'
import { layerTitle } from './layerTitle.ts'

interface PaneHeaderProps {
  pane: PaneOf<'slice'>
  /** The first pane of a comparison carries what all of them share: plane and slice. */
  first: boolean
  view: View
  base: OpenVolume
  hasOverlay: boolean
  loading: boolean
}

/** What a pane of slices shows: volume and slice. */
export function PaneHeader({ pane, first, view, base, hasOverlay, loading }: PaneHeaderProps) {
  const preset = useLayout((state) => state.preset)
  const { normal } = planeAxes[pane.plane]
  const last = view.size[normal] - 1
  const shared = preset === 'compare' && !first
  return (
    <>
      {preset === 'compare' ? (
        <VolumeChoice pane={pane} base={base} />
      ) : (
        <span className="pane-volume">{preset === 'planes' && pane.id !== 'xy' ? '' : layerTitle(base)}</span>
      )}
      {preset === 'compare' && hasOverlay && (
        <button
          type="button"
          className="icon-button"
          aria-pressed={pane.overlay}
          aria-label="Overlay in this pane"
          {...tip('Overlay in this pane')}
          onClick={() => editPane('slice', pane.id, { overlay: !pane.overlay })}
        >
          <Icon name="overlay" />
        </button>
      )}
      <span className="pane-spring" />
      {loading && <span className="pane-loading">reading</span>}
      {!shared && (
        <>
          <label className="slice-slider">
            <input
              type="range"
              aria-label={`Slice along ${normal}`}
              min={0}
              max={last}
              value={view.cursor[normal]}
              onChange={(event) => moveCursor(tomogramOf(base), { [normal]: Number(event.target.value) })}
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
            onCommit={(value) => value !== null && moveCursor(tomogramOf(base), { [normal]: value })}
            tipAttributes={tip(`Slice along ${normal}, counted from 0 to ${last}`, 'PageUp, PageDown')}
          />
          <span className="slice-count">/ {last}</span>
        </>
      )}
    </>
  )
}

function VolumeChoice({ pane, base }: { pane: PaneOf<'slice'>; base: OpenVolume }) {
  const volumes = useVolumes((state) => state.volumes)
  const order = useVolumes((state) => state.order)
  const group = tomogramOf(base)
  return (
    <select
      className="compact pane-choice"
      aria-label="Volume"
      value={base.id}
      onChange={(event) => editPane('slice', pane.id, { volumeId: event.target.value })}
    >
      {order
        .filter((id) => tomogramOf(volumes[id]) === group)
        .map((id) => (
          <option key={id} value={id}>
            {layerTitle(volumes[id])}
          </option>
        ))}
    </select>
  )
}
