import { create } from 'zustand'
import { acting, watchGestures } from './acting.ts'
import { History } from './history.ts'
import { sources } from './sources.ts'

interface HistoryState {
  /** What would be taken back next, and done again, in words; null: nothing. */
  undo: string | null
  redo: string | null
  /** What was just taken back or done again: said beside the read-out, because it may have changed where nobody looks. */
  said: { text: string; id: number } | null
}

export const useHistory = create<HistoryState>()(() => ({ undo: null, redo: null, said: null }))

const history = new History(sources, acting)

/** Listens to the stores from now on. Returns a function that stops. */
export function startHistory(): () => void {
  const stopWatching = watchGestures()
  const stopListening = history.start(() => useHistory.setState(history.next))
  return () => {
    stopWatching()
    stopListening()
  }
}

function say(verb: string, topic: string | null): void {
  const text = topic === null ? `Nothing to ${verb === 'Undone' ? 'undo' : 'do again'}` : `${verb}: ${topic}`
  useHistory.setState(({ said }) => ({ said: { text, id: (said?.id ?? 0) + 1 } }))
}

/** A session was opened: what was done before it is not about what is shown now. */
export function clearHistory(): void {
  history.clear()
  useHistory.setState({ said: null })
}

export const undo = (): void => say('Undone', history.undo())
export const redo = (): void => say('Done again', history.redo())
