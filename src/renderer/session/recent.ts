import { create } from 'zustand'
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
