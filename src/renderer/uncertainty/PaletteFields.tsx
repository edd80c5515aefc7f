import { colourMapSchema } from '../../shared/figure.ts'
import { binsInRow, treeRows } from '../../shared/value-suppressing.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { tip } from '../controls/tip.ts'
import { overlayRange, type Overlay } from '../stores/overlay.ts'
import { PaletteKey } from './PaletteKey.tsx'
import { useLookedAt } from './useLookedAt.ts'

/** Grey would make a certain middle value look like an uncertain one. */
const maps = colourMapSchema.options.filter((name) => name !== 'grey')

interface PaletteFieldsProps {
  volume: OpenVolume
  overlay: Overlay
  edit(change: Partial<Overlay>): void
}

/** The value-suppressing palette: its colours, how finely it tells values apart, and its key. */
export function PaletteFields({ volume, overlay, edit }: PaletteFieldsProps) {
  const lookedAt = useLookedAt()
  if (!lookedAt) return null
  const { base, display } = lookedAt
  const shown = display.invert ? { low: display.high, high: display.low } : display
  const rows = Array.from({ length: treeRows.most - treeRows.least + 1 }, (_, i) => treeRows.least + i)
  return (
    <>
      <div className="row">
        <select
          className="grow"
          aria-label="Colours of the values"
          value={overlay.valueColours}
          onChange={(event) => edit({ valueColours: colourMapSchema.parse(event.target.value) })}
        >
          {maps.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select
          className="grow"
          aria-label="Bins of value"
          value={overlay.treeRows}
          onChange={(event) => edit({ treeRows: Number(event.target.value) })}
          {...tip('How many values the most certain row tells apart; each row below has half as many')}
        >
          {rows.map((count) => (
            <option key={count} value={count}>
              {binsInRow(0, count)} bins of value
            </option>
          ))}
        </select>
      </div>
      <PaletteKey
        colourMap={overlay.valueColours}
        rows={overlay.treeRows}
        value={{ low: shown.low, high: shown.high, gamma: display.gamma, quantity: base.quantity }}
        spread={{ ...overlayRange(overlay, volume, display.high - display.low), quantity: volume.quantity }}
      />
    </>
  )
}
