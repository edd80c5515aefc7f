import { create } from 'zustand'
import type { MovieSpec } from '../../shared/movie.ts'

/** The movie last set up, kept for the next: plain data, which a session may save and put back. */
export const useMovie = create<{ spec: MovieSpec | null }>()(() => ({ spec: null }))
