import type { MovieSpec } from '../../shared/movie.ts'
import { isAbort } from '../api/failures.ts'
import { sayFailure, sayNotice } from '../stores/messages.ts'
import { failureOfMovie } from './failures.ts'
import type { Frame } from './framePlan.ts'
import { makeMovie } from './makeMovie.ts'
import type { MovieFile } from './movieFile.ts'
import { askBeforeLeaving, useMovieInWork } from './movieInWork.ts'
import type { MovieSubject } from './subject.ts'

interface Order {
  spec: MovieSpec
  subject: MovieSubject
  frames: readonly Frame[]
  file: MovieFile
  name: string
}

/**
 * Makes a movie while the window is used for other things: it is of the pane as it was when it was ordered. The status bar tells how far it is,
 * a notice that it is there, or why not.
 */
export async function orderMovie({ name, ...order }: Order): Promise<void> {
  const { spec, subject, frames, file } = order
  const abort = new AbortController()
  const startedAt = performance.now()
  const tell = (done: number): void =>
    useMovieInWork.setState({
      movie: { name, done, frames: frames.length, startedAt, now: performance.now(), cancel: () => abort.abort() }
    })
  const stayed = askBeforeLeaving()
  tell(0)
  try {
    sayNotice(`Saved ${await makeMovie({ spec, subject, frames, file, signal: abort.signal, onProgress: tell })}`)
  } catch (error) {
    if (isAbort(error)) sayNotice(`Cancelled: no ${name} was saved.`)
    else sayFailure(failureOfMovie(error))
  } finally {
    stayed()
    useMovieInWork.setState({ movie: null })
  }
}
