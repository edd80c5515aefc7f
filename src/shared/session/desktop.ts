import { z } from 'zod'

/** What the desktop does for sessions: dialogs, the window's title, asking before unsaved changes are lost. */
export interface SessionBridge {
  /** Native dialog for where a session is saved; the path may then be written through the API. Null when cancelled. */
  choosePath(suggestedName: string): Promise<string | null>
  /** Native dialog for a file that has moved; null when cancelled. */
  locate(name: string): Promise<string | null>
  /** Tells what is open, so that closing the window asks where something would be lost. */
  tell(status: SessionStatus): void
  /** The window is to close, and the person wants the session saved first. Returns an unsubscriber. */
  onSaveAndClose(listener: () => void): () => void
  /** Closes the window without asking again. */
  closeNow(): void
}

export const sessionStatusSchema = z.object({
  /** The session file in use; null: none. */
  path: z.string().nullable(),
  unsaved: z.boolean()
})
export type SessionStatus = z.infer<typeof sessionStatusSchema>
