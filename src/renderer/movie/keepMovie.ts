import { movieSpecSchema } from '../../shared/movie.ts'
import { registerDocument } from '../session/documents.ts'
import { useMovie } from './movieStore.ts'

/** Lets sessions keep the movie last set up. */
export function keepMovie(): void {
  registerDocument({
    name: 'movie',
    read: () => useMovie.getState().spec ?? undefined,
    write: (kept) => useMovie.setState({ spec: movieSpecSchema.safeParse(kept).data ?? null }),
    subscribe: (listener) => useMovie.subscribe(listener)
  })
}
