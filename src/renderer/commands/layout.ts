import type { Command } from './command.ts'
import { activePlane, showPlanes, showSingle, useLayout } from '../stores/layout.ts'
import { arrangeCompare, stopAwaiting } from '../panes/arrange.ts'

function layout(show: () => void): () => void {
  return () => {
    stopAwaiting()
    show()
  }
}

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
