import { create } from 'zustand'
import type { SessionInfo } from '../../shared/api.ts'
import type { Failure } from '../../shared/errors.ts'

export type Dialog = 'open' | 'open-bundle' | 'open-recent' | 'save-session' | 'figure' | 'movie' | 'keys' | 'palette'

interface SessionState {
  info: SessionInfo | null
  /** Why the engine could not be reached at the start. */
  failure: Failure | null
  dialog: Dialog | null
  /** A file is being dragged over the window. */
  dragging: boolean
}

export const useSession = create<SessionState>()(() => ({ info: null, failure: null, dialog: null, dragging: false }))

export function showDialog(dialog: Dialog | null): void {
  useSession.setState({ dialog })
}
