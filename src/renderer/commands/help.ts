import type { Command } from './command.ts'
import { showDialog } from '../stores/session.ts'

export const helpCommands: readonly Command[] = [
  { id: 'keys', group: 'Help', title: 'Keys', keys: ['?'], run: () => showDialog('keys') }
]
