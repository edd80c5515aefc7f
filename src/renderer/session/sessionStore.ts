import { create } from 'zustand'
import type { AutosaveOffer, OpenedSession } from '../../shared/session/api.ts'
import type { SessionFile } from '../../shared/session/session-file.ts'

/** What a session named and was not found when it was opened: kept, so that saving the session again does not lose it. */
export interface Lost {
  session: Pick<SessionFile, 'files' | 'runs' | 'volumes'>
  /** Of what was found: the ids of this process, by the session's keys. */
  volumeIds: ReadonlyMap<string, string>
  runIds: ReadonlyMap<string, string>
  fileIds: ReadonlyMap<string, string>
}

interface SessionFileState {
  /** The session file in use; null: what is open was never saved. */
  path: string | null
  /** There is more than in the file that is worth saving. */
  unsaved: boolean
  /** What was worth saving when it was saved or opened last; null: never, or not all of it. */
  savedAs: string | null
  /** A session is being opened: what is open meanwhile is neither the old one nor the new one. */
  opening: boolean
  lost: Lost | null
  /** Waits for a person to say what to do about files that are not where they were. */
  asking: { opened: OpenedSession; answer(answer: MissingAnswer): void } | null
  /** Waits for a person to say whether the session in use is saved before another is opened. */
  leaving: { answer(answer: 'save' | 'discard' | 'cancel'): void } | null
  /** What earlier programs had open. */
  offers: readonly AutosaveOffer[]
}

/** Open what was found; give up; or look again, now that some were pointed to. */
export type MissingAnswer = 'without' | 'cancel' | { located: Readonly<Record<string, string>> }

export const useSessionFile = create<SessionFileState>()(() => ({
  path: null,
  unsaved: false,
  savedAs: null,
  opening: false,
  lost: null,
  asking: null,
  leaving: null,
  offers: []
}))

/** A path's last part, without the ending. */
export function sessionName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.wedgeview$/i, '')
}

const missingPrefix = 'missing:'

/** What stands for a volume that a session names and that is not there. */
export const missingId = (key: string): string => `${missingPrefix}${key}`
export const missingKey = (id: string): string | null =>
  id.startsWith(missingPrefix) ? id.slice(missingPrefix.length) : null
