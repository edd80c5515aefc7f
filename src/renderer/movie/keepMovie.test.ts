import { expect, test } from 'vitest'
import type { MovieSpec } from '../../shared/movie.ts'
import { readDocuments, writeDocuments } from '../session/documents.ts'
import { keepMovie } from './keepMovie.ts'
import { useMovie } from './movieStore.ts'

const spec: MovieSpec = {
  formatVersion: 1,
  motion: { kind: 'temperature', from: 0.5, to: 2, back: true, frames: 10 },
  framesPerSecond: 12,
  width: 640,
  height: 480,
  format: 'gif',
  quality: 'good',
  framing: 'whole',
  scaleBar: true,
  colourBar: false,
  axes: true,
  wedge: true,
  crosshair: true,
  caption: 'a',
  counter: true,
  background: 'black'
}

test('a session keeps the movie last set up, and what is no movie is left out', () => {
  keepMovie()
  expect(readDocuments()).toEqual({})
  useMovie.setState({ spec })
  const kept: unknown = JSON.parse(JSON.stringify(readDocuments()))
  useMovie.setState({ spec: null })
  writeDocuments(kept as Record<string, unknown>)
  expect(useMovie.getState().spec).toEqual(spec)
  writeDocuments({ movie: { ...spec, width: -1 } })
  expect(useMovie.getState().spec).toBeNull()
  writeDocuments({})
  expect(useMovie.getState().spec).toBeNull()
})
