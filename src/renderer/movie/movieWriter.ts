import type { MovieSpec } from '../../shared/movie.ts'
import { gifWriter } from './gifWriter.ts'
import type { MovieFile } from './movieFile.ts'
import { pngWriter } from './pngWriter.ts'
import { videoWriter } from './videoWriter.ts'

/** Turns what a canvas shows into frames of a file. */
export interface MovieWriter {
  /** Takes the canvas as the next frame; resolves when there is room for another. */
  add(): Promise<void>
  /** Writes what is still to be written. The file is not finished by it. */
  end(): Promise<void>
  /** Ends at once; what was written is of no use. */
  cancel(): Promise<void>
}

export interface WriterOptions {
  spec: MovieSpec
  frames: number
  canvas: HTMLCanvasElement
  file: MovieFile
}

export async function movieWriter(options: WriterOptions): Promise<MovieWriter> {
  switch (options.spec.format) {
    case 'gif':
      return gifWriter(options)
    case 'png':
      return pngWriter(options)
    default:
      return videoWriter(options)
  }
}
