import type { MovieSpec } from '../../shared/movie.ts'
import type { Frame } from './framePlan.ts'
import type { MovieFile } from './movieFile.ts'
import { MoviePicture } from './moviePicture.ts'
import { movieWriter, type MovieWriter } from './movieWriter.ts'
import { nextTurn } from './nextTurn.ts'
import type { MovieSubject } from './subject.ts'

export interface MovieOrder {
  spec: MovieSpec
  subject: MovieSubject
  frames: readonly Frame[]
  file: MovieFile
  signal: AbortSignal
  onProgress(done: number): void
}

/**
 * Draws and encodes every frame, in order, and finishes the file. Frames are drawn as fast as they can be encoded, also while nobody looks.
 * Resolves to where the file is; when it fails or is cancelled, no file is left.
 */
export async function makeMovie({ spec, subject, frames, file, signal, onProgress }: MovieOrder): Promise<string> {
  let picture: MoviePicture | null = null
  let writer: MovieWriter | null = null
  try {
    picture = new MoviePicture(subject, spec)
    writer = await movieWriter({ spec, frames: frames.length, canvas: picture.canvas, file })
    for (const [i, frame] of frames.entries()) {
      await picture.draw(frame, spec, signal, frames[i + 1])
      await writer.add()
      onProgress(i + 1)
      await nextTurn()
      signal.throwIfAborted()
    }
    await writer.end()
    signal.throwIfAborted()
    return await file.finish()
  } catch (error) {
    // The first failure is the one to tell.
    await writer?.cancel().catch(() => undefined)
    await file.discard().catch(() => undefined)
    throw error
  } finally {
    picture?.dispose()
  }
}
