import type { Command } from './command.ts'
import { editComparison, flickerOnce, nextMode, swapCompared, toggleComparison } from '../panes/compare.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { withModel } from './activeModel.ts'

const comparing = (): boolean => Boolean(activePaneModel()?.pane.comparison)
const flickering = (): boolean => activePaneModel()?.pane.comparison?.mode === 'flicker'

/** Two volumes in one pane. */
export const compareCommands: readonly Command[] = [
  {
    id: 'compare-here',
    group: 'Compare',
    title: 'Compare two volumes in this pane',
    keys: ['V'],
    available: () => activePaneModel() !== null,
    run: withModel(({ pane }) => toggleComparison(pane.id))
  },
  {
    id: 'compare-mode',
    group: 'Compare',
    title: 'Next way of comparing',
    keys: ['Shift+V'],
    available: comparing,
    run: withModel(({ pane }) => nextMode(pane.id))
  },
  {
    id: 'compare-swap',
    group: 'Compare',
    title: 'Swap A and B',
    keys: ['X'],
    available: comparing,
    run: withModel(({ pane }) => swapCompared(pane.id))
  },
  {
    id: 'flicker-pause',
    group: 'Compare',
    title: 'Pause or go on flickering',
    keys: ['K'],
    available: flickering,
    run: withModel(({ pane }) => editComparison(pane.id, { playing: !pane.comparison?.playing }))
  },
  {
    id: 'flicker-once',
    group: 'Compare',
    title: 'Show the other of the two',
    keys: ['J'],
    available: flickering,
    run: withModel(({ pane }) => flickerOnce(pane.id))
  }
]
