import { isSessionName } from '../../shared/session/session-file.ts'
import { goOnAsWindow } from '../api/windowId.ts'
import { openAny } from '../files/openAny.ts'
import { keepOwn } from './offers.ts'
import { openSession } from './openSession.ts'
import { loadRecent } from './recent.ts'
import { listAutosaves, openSessionFile } from './routes.ts'
import { useSessionFile } from './sessionStore.ts'
import { watchSession } from './watchSession.ts'

/**
 * What the window begins with: the arrangement of before it was loaded again, else the files it was started with. What an earlier program, or
 * a page that crashed, had open is offered. From then on what is open is kept.
 *
 * @param isRunning the engine has volumes open already: this is not the program's first page
 */
export async function startFromSession(initialFiles: readonly string[], isRunning: boolean): Promise<void> {
  const wasLeft = goOnAsWindow()
  const offers = await listAutosaves().catch(() => [])
  const own = offers.find(({ state }) => state === 'own')
  const kept = own && (await openSessionFile({ autosave: own.id }, {}).catch(() => null))
  const goesOn = kept && wasLeft && (await openSession({ autosave: own.id }, kept))
  if (!goesOn) {
    if (kept) keepOwn(kept)
    // A session among them was opened by the first page, and has been worked on since.
    await openAny(isRunning ? initialFiles.filter((path) => !isSessionName(path)) : initialFiles)
  }
  const offered = goesOn || !kept ? offers.filter(({ state }) => state !== 'own') : offers
  useSessionFile.setState({ offers: offered })
  watchSession()
  await loadRecent()
}
