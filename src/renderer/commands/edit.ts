import type { Command } from './command.ts'
import { redo, undo, useHistory } from '../history/windowHistory.ts'
import { dropBegun } from '../measure/measurements.ts'
import { useView } from '../stores/view.ts'

/** Escape goes back one thing at a time: an unfinished measurement, then the tool. */
function leaveTool(): void {
  if (!dropBegun()) useView.setState({ tool: 'navigate' })
}

export const editCommands: readonly Command[] = [
  {
    id: 'undo',
    group: 'Edit',
    title: 'Undo',
    keys: ['Ctrl+Z'],
    available: () => useHistory.getState().undo !== null,
    run: undo
  },
  {
    id: 'redo',
    group: 'Edit',
    title: 'Redo',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    available: () => useHistory.getState().redo !== null,
    run: redo
  },
  {
    id: 'leave-tool',
    group: 'Edit',
    title: 'Put the tool away',
    keys: ['Escape'],
    available: () => useView.getState().tool !== 'navigate',
    run: leaveTool
  }
]
