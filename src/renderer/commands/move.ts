import { planeAxes } from '../../shared/axes.ts'
import { moveCursor, stepCursor } from '../stores/view.ts'
import { onPicture, withModel } from './activeModel.ts'

function step(by: number): () => void {
  return withModel(({ group, pane }) => stepCursor(group, planeAxes[pane.plane].normal, by))
}

function goTo(place: 'first' | 'middle' | 'last'): () => void {
  return withModel(({ group, pane, view }) => {
    const { normal } = planeAxes[pane.plane]
    const last = view.size[normal] - 1
    moveCursor(group, { [normal]: place === 'first' ? 0 : place === 'last' ? last : Math.round(last / 2) })
  })
}

/** Moves the crosshair within the active pane, `right` and `up` in voxels. */
function nudge(right: number, up: number): () => void {
  return withModel(({ group, pane, view }) => {
    const { column, row } = planeAxes[pane.plane]
    const [rightAxis, upAxis] = pane.transposed ? [row, column] : [column, row]
    moveCursor(group, { [rightAxis]: view.cursor[rightAxis] + right, [upAxis]: view.cursor[upAxis] + up })
  })
}

export const moveCommands = onPicture([
  { id: 'next-slice', group: 'Move', title: 'Next slice', keys: ['PageUp', ']'], run: step(1) },
  { id: 'previous-slice', group: 'Move', title: 'Previous slice', keys: ['PageDown', '['], run: step(-1) },
  { id: 'ten-up', group: 'Move', title: 'Ten slices up', keys: ['Shift+PageUp'], run: step(10) },
  { id: 'ten-down', group: 'Move', title: 'Ten slices down', keys: ['Shift+PageDown'], run: step(-10) },
  { id: 'last-slice', group: 'Move', title: 'Last slice', keys: ['Home'], run: goTo('last') },
  { id: 'first-slice', group: 'Move', title: 'First slice', keys: ['End'], run: goTo('first') },
  { id: 'middle-slice', group: 'Move', title: 'Middle slice', keys: ['Insert', 'M'], run: goTo('middle') },
  { id: 'nudge-left', group: 'Move', title: 'Crosshair left', keys: ['ArrowLeft'], run: nudge(-1, 0) },
  { id: 'nudge-right', group: 'Move', title: 'Crosshair right', keys: ['ArrowRight'], run: nudge(1, 0) },
  { id: 'nudge-up', group: 'Move', title: 'Crosshair up', keys: ['ArrowUp'], run: nudge(0, 1) },
  { id: 'nudge-down', group: 'Move', title: 'Crosshair down', keys: ['ArrowDown'], run: nudge(0, -1) }
])
