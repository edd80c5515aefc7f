import type { Command } from './command.ts'
import { movieSubject } from '../movie/subject.ts'
import { showDialog } from '../stores/session.ts'

export const movieCommands: readonly Command[] = [
  {
    id: 'save-movie',
    group: 'File',
    title: 'Save movie…',
    keys: ['Ctrl+Shift+M'],
    available: () => movieSubject() !== null,
    run: () => showDialog('movie')
  }
]
