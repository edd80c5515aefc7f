import { useEffect, useMemo, useRef, useState } from 'react'
import type { Failure } from '../../shared/errors.ts'
import type { MovieSpec } from '../../shared/movie.ts'
import { failureOfMovie } from './failures.ts'
import { LatestRequest } from '../api/latest.ts'
import type { Frame } from './framePlan.ts'
import { MoviePicture, type Framing, type Writing } from './moviePicture.ts'
import type { MovieSubject } from './subject.ts'

/** Largest preview, in CSS pixels. */
const room = { width: 464, height: 330 }

interface MoviePreviewProps {
  subject: MovieSubject
  spec: MovieSpec
  frames: readonly Frame[]
}

/** One frame as it will be, only smaller, and a slider through all of them. */
export function MoviePreview({ subject, spec, frames }: MoviePreviewProps) {
  const [chosen, setChosen] = useState(0)
  const [failure, setFailure] = useState<Failure | null>(null)
  const shown = useRef<HTMLCanvasElement>(null)
  const index = Math.min(chosen, Math.max(0, frames.length - 1))
  const { width, height, background, framing, framesPerSecond } = spec
  const { scaleBar, colourBar, axes, wedge, crosshair, caption, counter } = spec
  const shrunk = Math.min(1, room.width / width, room.height / height)
  const sharp = Math.min(1, shrunk * window.devicePixelRatio)
  const drawing = usePreviewDrawing(subject, { width, height, background, framing }, sharp, shown, setFailure)
  const frame = frames.at(index)
  useEffect(() => {
    const writing = { scaleBar, colourBar, axes, wedge, crosshair, caption, counter }
    if (frame) drawing.current?.request({ frame, index, writing })
  }, [
    drawing,
    frame,
    index,
    scaleBar,
    colourBar,
    axes,
    wedge,
    crosshair,
    caption,
    counter,
    subject,
    width,
    height,
    background,
    framing,
    sharp
  ])
  const size = useMemo(
    () => ({ width: Math.round(width * shrunk), height: Math.round(height * shrunk) }),
    [width, height, shrunk]
  )
  return (
    <div className="movie-preview">
      <div className="movie-screen" style={{ minHeight: room.height + 18 }}>
        <canvas ref={shown} style={size} role="img" aria-label="Preview of a frame" />
        {failure && (
          <p className="run-failure" role="alert">
            <strong>{failure.message}</strong> {failure.hint}
          </p>
        )}
      </div>
      <div className="row">
        <input
          type="range"
          aria-label="Frame of the preview"
          min={0}
          max={Math.max(0, frames.length - 1)}
          step={1}
          value={index}
          disabled={frames.length < 2}
          onChange={({ target }) => setChosen(Number(target.value))}
        />
        <output>
          frame {frames.length === 0 ? 0 : index + 1} of {frames.length}, {(index / framesPerSecond).toFixed(2)} s
        </output>
      </div>
    </div>
  )
}

interface Wanted {
  frame: Frame
  index: number
  writing: Writing
}

/** Draws the frame last asked for into the canvas that is seen; a frame under way does not tear the one on screen. */
function usePreviewDrawing(
  subject: MovieSubject,
  { width, height, background, framing }: Framing,
  share: number,
  shown: React.RefObject<HTMLCanvasElement | null>,
  onFailure: (failure: Failure | null) => void
) {
  const drawing = useRef<LatestRequest<Wanted, void> | null>(null)
  useEffect(() => {
    let picture: MoviePicture
    try {
      picture = new MoviePicture(subject, { width, height, background, framing }, share)
    } catch (error) {
      onFailure(failureOfMovie(error))
      return
    }
    const latest = new LatestRequest<Wanted, void>(
      ({ frame, writing }, signal) => picture.draw(frame, writing, signal),
      (_, { index }) => {
        const canvas = shown.current
        if (!canvas) return
        canvas.width = picture.canvas.width
        canvas.height = picture.canvas.height
        canvas.getContext('2d')?.drawImage(picture.canvas, 0, 0)
        canvas.dataset.frame = String(index)
        onFailure(null)
      },
      (error) => onFailure(failureOfMovie(error))
    )
    drawing.current = latest
    return () => {
      latest.abort()
      drawing.current = null
      picture.dispose()
    }
  }, [subject, width, height, background, framing, share, shown, onFailure])
  return drawing
}
