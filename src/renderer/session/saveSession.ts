import { ApiFailure, failureOf } from '../api/failures.ts'
import { useHistory } from '../history/windowHistory.ts'
import { showDialog, useSession } from '../stores/session.ts'
import { sayFailure, sayNotice } from '../stores/messages.ts'
import { currentTomogram, useVolumes } from '../stores/volumes.ts'
import { loadRecent } from './recent.ts'
import { saveSessionFile } from './routes.ts'
import { sessionDocument, worthSaving } from './sessionDocument.ts'
import { useSessionFile } from './sessionStore.ts'

/** Saves to the file in use, or asks for one. Resolves to whether it was saved. */
export function saveSession(): Promise<boolean> {
  const { path } = useSessionFile.getState()
  return path === null ? saveSessionAs() : saveSessionTo(path, true)
}

/** Asks where: by the desktop's dialog, or in a browser by the list of folders. */
export async function saveSessionAs(): Promise<boolean> {
  const suggested = suggestedPath()
  if (!window.desktop) {
    showDialog('save-session')
    return false
  }
  const path = await window.desktop.session.choosePath(suggested)
  return path === null ? false : saveSessionTo(path, true)
}

/**
 * Saves to a file, which is then the one in use.
 *
 * @throws ApiFailure `session-exists` where one is there and it is not to be replaced
 */
export async function saveSessionTo(path: string, force: boolean): Promise<boolean> {
  const session = sessionDocument(new Date().toISOString())
  try {
    const saved = await saveSessionFile(path, session, force)
    useSessionFile.setState({ path: saved.path, unsaved: false, savedAs: worthSaving(session) })
    sayNotice(`Saved ${saved.path}`)
    void loadRecent()
    return true
  } catch (error) {
    if (error instanceof ApiFailure && error.failure.code === 'session-exists') throw error
    sayFailure(failureOf(error))
    return false
  }
}

/**
 * Before another session takes its place: changes that a session's file has not, and an arrangement without a file that a person made, are asked
 * about. Resolves to whether to go on.
 */
export async function settleUnsaved(): Promise<boolean> {
  const { path, unsaved } = useSessionFile.getState()
  const isOpen = useVolumes.getState().order.length > 0
  // Files that were merely opened are soon opened again.
  const isAtStake = path === null ? isOpen && useHistory.getState().undo !== null : unsaved
  if (!isAtStake) return true
  const answer = await new Promise<'save' | 'discard' | 'cancel'>((resolve) =>
    useSessionFile.setState({ leaving: { answer: resolve } })
  )
  useSessionFile.setState({ leaving: null })
  if (answer !== 'save') return answer === 'discard'
  if (path !== null) return saveSessionTo(path, true)
  return window.desktop ? saveSessionAs() : savedInDialog()
}

/** A browser's dialog asks where: resolves to whether it was saved there. */
async function savedInDialog(): Promise<boolean> {
  showDialog('save-session')
  await new Promise<void>((resolve) => {
    const stop = useSession.subscribe(({ dialog }) => {
      if (dialog === 'save-session') return
      stop()
      resolve()
    })
  })
  return useSessionFile.getState().path !== null
}

/** Beside the tomogram; not its own name, which is that of its folder of runs. */
export function suggestedPath(): string {
  const path = currentTomogram(useVolumes.getState())?.info.path ?? 'tomogram.mrc'
  return `${path.replace(/(\.[a-z]+){1,2}$/i, '')} session.wedgeview`
}
