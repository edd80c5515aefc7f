import { useMemo, useState } from 'react'
import type { Failure } from '../../shared/errors.ts'
import { isVideo, movieEndings, movieLimits, type MovieSpec } from '../../shared/movie.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { NumberField } from '../controls/NumberField.tsx'
import { formatBytes } from '../numbers/format.ts'
import { showDialog } from '../stores/session.ts'
import { bitrateOf } from './codecs.ts'
import { failureOfMovie } from './failures.ts'
import { firstSpec, withMotion } from './firstSpec.ts'
import { framesOf, type Frame } from './framePlan.ts'
import { MotionFields } from './MotionFields.tsx'
import { newMovieFile } from './movieFile.ts'
import { useMovieInWork } from './movieInWork.ts'
import { MoviePreview } from './MoviePreview.tsx'
import { useMovie } from './movieStore.ts'
import { orderMovie } from './orderMovie.ts'
import { FileFields, PictureFields } from './PictureFields.tsx'
import { movieSubject, type MovieSubject } from './subject.ts'
import { useEncoder } from './useEncoder.ts'

/** A movie of what the active pane shows: what moves, how large, in which file. It is made while the window goes on. */
export default function MovieDialog() {
  // As the pane is now: what runs change meanwhile is not in this movie.
  const [subject] = useState(movieSubject)
  if (!subject || subject.motions.length === 0)
    return (
      <Dialog title="Save movie" onClose={() => showDialog(null)}>
        <p>The active pane shows nothing that could move. Make a pane of slices or 3-D the active one.</p>
      </Dialog>
    )
  return <SubjectDialog subject={subject} />
}

function SubjectDialog({ subject }: { subject: MovieSubject }) {
  const [spec, setSpec] = useState(() => firstSpec(subject, useMovie.getState().spec))
  const inWork = useMovieInWork((state) => state.movie !== null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const frames = useMemo(() => framesOf(spec.motion, subject), [spec.motion, subject])
  const encoder = useEncoder(spec)
  const edit = (change: Partial<MovieSpec>): void => {
    const edited = { ...spec, ...change }
    setSpec(edited)
    useMovie.setState({ spec: edited })
  }
  const close = (): void => showDialog(null)

  const make = async (): Promise<void> => {
    setFailure(null)
    try {
      const name = fileName(subject, spec)
      const file = await newMovieFile(name)
      if (!file) return
      close()
      void orderMovie({ spec, subject, frames, file, name })
    } catch (error) {
      setFailure(failureOfMovie(error))
    }
  }

  const isPossible = frames.length > 0 && frames.length <= movieLimits.frames[1] && !(isVideo(spec.format) && !encoder)
  return (
    <Dialog
      title="Save movie"
      wide
      onClose={close}
      footer={
        <>
          <span className="movie-summary">
            {inWork ? 'Another movie is in work; see the status bar.' : summary(spec, frames, encoder?.name)}
          </span>
          <span className="top-spring" />
          <button type="button" className="button" onClick={close}>
            Close
          </button>
          <button
            type="button"
            className="button button-primary"
            disabled={!isPossible || inWork}
            onClick={() => void make()}
          >
            Save…
          </button>
        </>
      }
    >
      <div className="movie-columns">
        <div className="movie-left">
          <MoviePreview subject={subject} spec={spec} frames={frames} />
          {failure && (
            <p className="run-failure" role="alert">
              <strong>{failure.message}</strong> {failure.hint}
            </p>
          )}
        </div>
        <fieldset className="movie-fields">
          <MotionFields
            subject={subject}
            motion={spec.motion}
            onChange={(motion) => edit(withMotion(spec, motion, subject))}
          />
          <LengthFields spec={spec} frames={frames.length} edit={edit} />
          <hr />
          <PictureFields spec={spec} subject={subject} edit={edit} />
          <hr />
          <FileFields spec={spec} edit={edit} encoder={encoder} />
        </fieldset>
      </div>
    </Dialog>
  )
}

/** Frames and frames a second, or seconds: whichever one thinks in. */
function LengthFields({
  spec,
  frames,
  edit
}: {
  spec: MovieSpec
  frames: number
  edit(change: Partial<MovieSpec>): void
}) {
  const { motion, framesPerSecond } = spec
  const [least, most] = movieLimits.framesPerSecond
  const setFrames = (count: number): void => {
    if ('frames' in motion) edit({ motion: { ...motion, frames: Math.min(movieLimits.frames[1], Math.max(1, count)) } })
  }
  const setSeconds = (seconds: number): void => {
    // Slices and members are as many as there are: then it is the speed that changes.
    if ('frames' in motion) setFrames(Math.round(seconds * framesPerSecond))
    else edit({ framesPerSecond: Math.min(most, Math.max(least, frames / seconds)) })
  }
  return (
    <div className="row">
      <NumberField
        label="Frames"
        labelled
        integer
        min={1}
        max={movieLimits.frames[1]}
        value={frames}
        disabled={!('frames' in motion)}
        onCommit={(count) => count !== null && setFrames(count)}
      />
      <NumberField
        label="Rate"
        labelled
        unit="/s"
        min={least}
        max={most}
        step={1}
        value={Number(framesPerSecond.toPrecision(4))}
        onCommit={(rate) => rate !== null && edit({ framesPerSecond: rate })}
      />
      <NumberField
        label="Time"
        labelled
        unit="s"
        min={0.02}
        step={0.5}
        value={Number((frames / framesPerSecond).toPrecision(4))}
        onCommit={(seconds) => seconds !== null && seconds > 0 && setSeconds(seconds)}
      />
    </div>
  )
}

function summary(spec: MovieSpec, frames: readonly Frame[], encoder: string | undefined): string {
  const { width, height, framesPerSecond, format } = spec
  const parts = [`${frames.length} frames`, `${width} × ${height} px`]
  if (isVideo(format) && encoder) {
    const bytes = (bitrateOf(spec) / 8) * (frames.length / framesPerSecond)
    parts.push(`${encoder}, up to ${formatBytes(bytes)}`)
  }
  return parts.join(', ')
}

function fileName({ model }: MovieSubject, { motion, format }: MovieSpec): string {
  const name = model.base.name.replace(/\.[a-z0-9]+(\.gz|\.bz2)?$/i, '').replace(/[^\w.-]+/g, '-')
  return `${name.replace(/^-+|-+$/g, '') || 'movie'}-${motion.kind}.${movieEndings[format]}`
}
