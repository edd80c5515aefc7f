import { formatValue } from '../numbers/format.ts'
import { valueInSlice } from '../panels/valueInSlice.ts'
import { otherValue } from '../slices/comparisonModel.ts'
import { useLayer } from '../slices/layerState.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import { usePanes } from '../stores/panes.ts'

/** A, B and how far apart they are, at the pointer or else at the crosshair. */
export function ComparedValues({ model }: { model: PaneModel }) {
  const { comparison, pane, base, view } = model
  const hover = usePanes((state) => (state.hover?.paneId === pane.id ? state.hover.voxel : null))
  const first = useLayer(pane.id, 'base').slice
  const second = useLayer(pane.id, 'other').slice
  const spread = useLayer(pane.id, 'spread').slice
  if (!comparison || comparison.relation.kind === 'different') return null
  const voxel = hover ?? view.cursor
  const a = valueInSlice(first, base, voxel)
  const b = otherValue(comparison, second, voxel)
  const sd =
    comparison.spread && comparison.settings.mode === 'deviation' && valueInSlice(spread, comparison.spread, voxel)
  const difference = a !== null && b !== null ? a - b : null
  const text = (value: number | null): string => (value === null ? '–' : formatValue(value))
  return (
    <span className="compared-values" data-a={a ?? ''} data-b={b ?? ''} data-difference={difference ?? ''}>
      <span>A {text(a)}</span>
      <span>B {text(b)}</span>
      <span>A − B {text(difference)}</span>
      {sd ? <span>{difference === null ? '–' : (difference / sd).toFixed(2).replace('-', '−')} SD</span> : null}
    </span>
  )
}
