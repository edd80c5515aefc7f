import { create } from 'zustand'
import type { SubMenu } from '../../shared/desktop.ts'
import type { RecentFile } from '../../shared/session/api.ts'
import { failureOf } from '../api/failures.ts'
import { openAny } from '../files/openAny.ts'
import { sayFailure } from '../stores/messages.ts'
import { clearRecentFiles, listRecent, openRecentFile, rememberRecent } from './routes.ts'

/** Tomograms and sessions that were opened last, the newest first. */
export const useRecent = create<{ files: readonly RecentFile[] }>()(() => ({ files: [] }))

export async function loadRecent(): Promise<void> {
  try {
    useRecent.setState({ files: await listRecent() })
  } catch {
    // Without the engine there is nothing to open, either.
  }
}

export async function rememberFile(path: string): Promise<void> {
  try {
    await rememberRecent(path)
  } catch {
    // What may not be opened again is not remembered.
  }
  await loadRecent()
}

export async function openRecent(path: string): Promise<void> {
  try {
    await openRecentFile(path)
  } catch (error) {
    sayFailure(failureOf(error))
    await loadRecent()
    return
  }
  await openAny([path])
}

export async function clearRecent(): Promise<void> {
  try {
    await clearRecentFiles()
  } catch (error) {
    sayFailure(failureOf(error))
  }
  await loadRecent()
}

const menuPrefix = 'recent:'

/** The recent files as a native menu; files of one name are told apart by their folders. */
export function recentMenu(): SubMenu {
  const { files } = useRecent.getState()
  const isAlone = (name: string): boolean => files.filter((other) => other.name === name).length === 1
  return {
    label: 'Open recent',
    items: [
      ...files.map(({ name, path }, i) => ({
        id: `${menuPrefix}${i}`,
        label: (isAlone(name) ? name : path).slice(-200),
        key: null
      })),
      ...(files.length > 0 ? [{ id: 'clear-recent', label: 'Clear recent files', key: null }] : [])
    ]
  }
}

/** Opens the file that was chosen in that menu. Returns whether it was one. */
export function openFromMenu(id: string): boolean {
  if (!id.startsWith(menuPrefix)) return false
  const file = useRecent.getState().files.at(Number(id.slice(menuPrefix.length)))
  if (file) void openRecent(file.path)
  return true
}
