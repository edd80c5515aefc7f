import type { Command } from './command.ts'
import { arrangeCompare, arrangeFamily, arrangeMethods, stopAwaiting } from '../panes/arrange.ts'
import { focusBeside, moveBeside, rearrange } from '../panes/neighbours.ts'
import {
  activePane,
  activePlane,
  closePane,
  setShares,
  showPlanes,
  showSingle,
  splitLayout,
  useLayout
} from '../stores/layout.ts'
import { splitsOf, type Side } from '../stores/layoutTree.ts'

function layout(show: () => void): () => void {
  return () => {
    stopAwaiting()
    show()
  }
}

function onActive(act: (paneId: string) => void): () => void {
  return () => {
    const pane = activePane(useLayout.getState())
    if (pane) act(pane.id)
  }
}

const severalPanes = (): boolean => useLayout.getState().panes.length > 1

const arrows: readonly [side: Side, key: string, word: string][] = [
  ['left', 'ArrowLeft', 'left'],
  ['right', 'ArrowRight', 'right'],
  ['top', 'ArrowUp', 'above'],
  ['bottom', 'ArrowDown', 'below']
]

export const layoutCommands: readonly Command[] = [
  {
    id: 'single',
    group: 'Layout',
    title: 'One slice',
    keys: ['1'],
    run: layout(() => showSingle(activePlane(useLayout.getState())))
  },
  { id: 'planes', group: 'Layout', title: 'Three planes', keys: ['2'], run: layout(showPlanes) },
  { id: 'compare', group: 'Layout', title: 'Compare', keys: ['3'], run: layout(arrangeCompare) },
  { id: 'methods', group: 'Layout', title: 'Four methods', keys: ['4'], run: layout(arrangeMethods) },
  { id: 'family', group: 'Layout', title: 'Mean and members', keys: ['5'], run: layout(arrangeFamily) },
  {
    id: 'split-right',
    group: 'Layout',
    title: 'Split the pane to the right',
    keys: ['Alt+R'],
    run: onActive((pane) => rearrange(() => splitLayout(pane, 'right')))
  },
  {
    id: 'split-below',
    group: 'Layout',
    title: 'Split the pane downwards',
    keys: ['Alt+D'],
    run: onActive((pane) => rearrange(() => splitLayout(pane, 'bottom')))
  },
  {
    id: 'close-pane',
    group: 'Layout',
    title: 'Close the pane',
    keys: ['Alt+X'],
    available: severalPanes,
    run: onActive((pane) => rearrange(() => closePane(pane)))
  },
  ...arrows.map(([side, key, word]): Command => ({
    id: `pane-${side}`,
    group: 'Layout',
    title: `To the pane ${word}`,
    keys: [`Alt+${key}`],
    available: severalPanes,
    run: () => focusBeside(side)
  })),
  ...arrows.map(([side, key, word]): Command => ({
    id: `swap-${side}`,
    group: 'Layout',
    title: `Swap with the pane ${word}`,
    keys: [`Alt+Shift+${key}`],
    available: severalPanes,
    run: () => moveBeside(side)
  })),
  {
    id: 'even-panes',
    group: 'Layout',
    title: 'Panes to their first sizes',
    keys: ['Alt+0'],
    available: severalPanes,
    run: () => splitsOf(useLayout.getState().tree).forEach(({ id }) => setShares(id, null))
  },
  {
    id: 'toggle-left',
    group: 'Layout',
    title: 'Volumes panel',
    keys: ['Ctrl+B'],
    run: () => useLayout.setState(({ leftOpen }) => ({ leftOpen: !leftOpen }))
  },
  {
    id: 'toggle-right',
    group: 'Layout',
    title: 'Settings panel',
    keys: ['Ctrl+Alt+B'],
    run: () => useLayout.setState(({ rightOpen }) => ({ rightOpen: !rightOpen }))
  }
]
