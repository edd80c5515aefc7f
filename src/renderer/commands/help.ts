import type { Command } from './command.ts'
import { showDialog } from '../stores/session.ts'

export const helpCommands: readonly Command[] = [
  {
    id: 'palette',
    group: 'Help',
    title: 'Find a command…',
    keys: ['Ctrl+K', 'Ctrl+Shift+P'],
    run: () => showDialog('palette')
  },
  { id: 'keys', group: 'Help', title: 'Keys', keys: ['?'], run: () => showDialog('keys') }
]
