import { create } from 'zustand'

/** A movie that is being made while the window is used. */
export interface MovieInWork {
  /** Of its file. */
  name: string
  done: number
  frames: number
  /** Milliseconds; `now`: when the last frame was done. */
  startedAt: number
  now: number
  cancel(): void
}

/** One at a time: each takes a context of the graphics driver and all of an encoder. */
export const useMovieInWork = create<{ movie: MovieInWork | null }>()(() => ({ movie: null }))

/** Seconds that the rest will take at the pace so far; null before the first frame. */
export function secondsLeft({ done, frames, startedAt, now }: MovieInWork): number | null {
  return done === 0 ? null : ((now - startedAt) / done / 1000) * (frames - done)
}

/** A browser asks before it leaves the page: what is made so far would be lost. (The desktop asks by itself.) */
export function askBeforeLeaving(): () => void {
  if (window.desktop) return () => undefined
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
  window.addEventListener('beforeunload', ask)
  return () => window.removeEventListener('beforeunload', ask)
}
