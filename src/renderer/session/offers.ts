import type { AutosaveOffer, OpenedSession } from '../../shared/session/api.ts'
import { failureOf } from '../api/failures.ts'
import { sayFailure } from '../stores/messages.ts'
import { openSession } from './openSession.ts'
import { discardAutosave } from './routes.ts'
import { useSessionFile } from './sessionStore.ts'

/** What this program had open before its page went down: fetched at once, because the page that came instead keeps its own state there. */
let own: OpenedSession | null = null

export function keepOwn(opened: OpenedSession): void {
  own = opened
}

function take(id: string): void {
  useSessionFile.setState(({ offers }) => ({ offers: offers.filter((offer) => offer.id !== id) }))
}

/** Opens what was open; from then on it is kept as the present state. */
export async function reopen({ id, state }: AutosaveOffer): Promise<void> {
  const preloaded = state === 'own' ? own : null
  if (!(await openSession({ autosave: id }, preloaded))) return
  take(id)
  if (state !== 'own') await discardAutosave(id).catch(() => undefined)
}

export async function discard({ id, state }: AutosaveOffer): Promise<void> {
  take(id)
  if (state === 'own') return
  try {
    await discardAutosave(id)
  } catch (error) {
    sayFailure(failureOf(error))
  }
}

/** `mic.mrc and 2 more` */
export function offerText({ name, tomograms }: AutosaveOffer): string {
  const [first = 'nothing', ...more] = tomograms
  const files = more.length > 0 ? `${first} and ${more.length} more` : first
  return name === null ? files : `${name.replace(/\.wedgeview$/i, '')}: ${files}`
}

/** `today 11:40`-like, in the words of the person’s language. */
export function offerTime({ savedAt }: AutosaveOffer): string {
  return new Date(savedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}
