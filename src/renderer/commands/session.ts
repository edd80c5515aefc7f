import type { Command } from './command.ts'
import { clearRecent, useRecent } from '../session/recent.ts'
import { saveSession, saveSessionAs } from '../session/saveSession.ts'
import { showDialog } from '../stores/session.ts'
import { useVolumes } from '../stores/volumes.ts'

const isAnythingOpen = (): boolean => useVolumes.getState().tomogram !== null
const isAnythingRecent = (): boolean => useRecent.getState().files.length > 0

export const sessionCommands: readonly Command[] = [
  {
    id: 'open-recent',
    group: 'File',
    title: 'Open a recent file…',
    keys: [],
    available: isAnythingRecent,
    run: () => showDialog('open-recent')
  },
  {
    id: 'clear-recent',
    group: 'File',
    title: 'Clear recent files',
    keys: [],
    available: isAnythingRecent,
    run: () => void clearRecent()
  },
  {
    id: 'save-session',
    group: 'File',
    title: 'Save session',
    keys: ['Ctrl+S'],
    available: isAnythingOpen,
    run: () => void saveSession()
  },
  {
    id: 'save-session-as',
    group: 'File',
    title: 'Save session as…',
    keys: ['Ctrl+Shift+S'],
    available: isAnythingOpen,
    run: () => void saveSessionAs()
  }
]
