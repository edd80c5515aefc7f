import { formatSeconds } from '../numbers/format.ts'
import { secondsLeft, useMovieInWork } from './movieInWork.ts'

/** In the status bar while a movie is made: how far it is, and a way to end it. */
export function MovieProgress() {
  const movie = useMovieInWork((state) => state.movie)
  if (!movie) return null
  const { name, done, frames } = movie
  const left = secondsLeft(movie)
  return (
    <span className="movie-progress" role="group" aria-label="Movie in work">
      <span className="movie-progress-name">{name}</span>
      <progress aria-label="Frames made" value={done} max={frames} />
      <span>
        frame {done} of {frames}
        {left !== null && `, about ${formatSeconds(left)} left`}
      </span>
      <button type="button" className="button" aria-label="Cancel the movie" onClick={movie.cancel}>
        Cancel
      </button>
    </span>
  )
}
