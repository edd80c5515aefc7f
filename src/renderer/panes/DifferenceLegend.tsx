import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { formatForField, formatValue } from '../numbers/format.ts'
import { gradientOf } from '../slices/colourMaps.ts'
import { isDifference } from '../slices/comparisonModel.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import { layerName, useSlices } from '../stores/slices.ts'
import { editComparison } from './compare.ts'
import { differenceLimit } from './differenceLimit.ts'
import { differenceQuantity } from './differenceQuantity.ts'

/** The colour bar of a difference: quantity with unit, and a range that is as far below zero as above. */
export function DifferenceLegend({ model }: { model: PaneModel }) {
  const { comparison, pane } = model
  const layers = useSlices((state) => state.layers)
  if (!comparison || comparison.relation.kind === 'different' || !isDifference(comparison.settings)) return null
  const { settings, halfRange, other } = comparison
  const inSd = settings.mode === 'deviation'
  const quantity = differenceQuantity(model.base, other, inSd)
  const unit = quantity.replace(/.*\((.*)\)/, '$1')
  const edit = (limit: number): void => editComparison(pane.id, inSd ? { deviations: limit } : { range: limit })
  const auto = (): void => {
    const slice = (kind: 'base' | 'other' | 'spread') => layers[layerName(pane.id, kind)]?.slice ?? null
    const limit = differenceLimit(model, { a: slice('base'), b: slice('other'), spread: inSd ? slice('spread') : null })
    if (limit !== null) edit(limit)
  }
  return (
    <div className="legend difference-legend" role="group" aria-label={`Colour bar: ${quantity}`}>
      <span className="legend-quantity">{quantity}</span>
      <span className="legend-number">{`−${formatValue(halfRange)}`}</span>
      <span className="legend-bar" data-colour-bar style={{ backgroundImage: gradientOf('blue-red') }} />
      <span className="legend-number">{`+${formatValue(halfRange)}`}</span>
      <NumberField
        label="Range ±"
        labelled
        className="compare-number"
        value={halfRange}
        min={1e-30}
        format={formatForField}
        onCommit={(limit) => limit !== null && edit(limit)}
        tipAttributes={tip(`Drawn with the last colours, in ${inSd ? 'standard deviations' : unit}`)}
      />
      <button type="button" className="button" onClick={auto} {...tip('99 % of this slice’s voxels differ by less')}>
        Auto slice
      </button>
    </div>
  )
}
