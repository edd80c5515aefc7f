import { isVideo, movieFormats, movieLimits, type MovieFormat, type MovieSpec } from '../../shared/movie.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { legendOf } from './colourLegend.ts'
import { pictureShape, shapedSize, sizeFor } from './firstSpec.ts'
import type { Size } from './pictureScale.ts'
import type { MovieSubject } from './subject.ts'

type Edit = (change: Partial<MovieSpec>) => void

/** Size, background, and what is written on the frames. */
export function PictureFields({ spec, subject, edit }: { spec: MovieSpec; subject: MovieSubject; edit: Edit }) {
  const { format, width, height, framing } = spec
  const sizes = sizesOf(subject, framing)
  const chosen = sizes.findIndex(({ size }) => size.width === width && size.height === height)
  const side = (name: 'width' | 'height', label: string) => (
    <NumberField
      label={label}
      labelled
      integer
      unit="px"
      min={movieLimits.side[0]}
      max={movieLimits.side[1]}
      step={2}
      value={spec[name]}
      onCommit={(pixels) => pixels !== null && edit(sizeFor(format, { width, height, [name]: pixels }))}
    />
  )
  return (
    <>
      {subject.kind === 'slice' && (
        <label className="select-field">
          <span className="field-label">Shows</span>
          <select
            value={framing}
            onChange={({ target }) => {
              const framing = target.value as MovieSpec['framing']
              // A size that went by the picture's shape goes by the new one's.
              edit({ framing, ...(chosen >= 2 ? sizesOf(subject, framing)[chosen].size : {}) })
            }}
          >
            <option value="pane">what the pane shows</option>
            <option value="whole">the whole slice</option>
          </select>
        </label>
      )}
      <label className="select-field">
        <span className="field-label">Size</span>
        <select
          value={chosen}
          onChange={({ target }) => {
            const size = sizes.at(Number(target.value))?.size
            if (size) edit(size)
          }}
        >
          {chosen < 0 && <option value={-1}>other</option>}
          {sizes.map(({ name }, i) => (
            <option key={name} value={i}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <div className="row">
        {side('width', 'Width')}
        {side('height', 'Height')}
      </div>
      <label className="select-field">
        <span className="field-label">Background</span>
        <select
          value={spec.background}
          onChange={({ target }) => edit({ background: target.value as MovieSpec['background'] })}
        >
          <option value="pane">as the pane</option>
          <option>black</option>
          <option>white</option>
        </select>
      </label>
      <label className="movie-caption">
        <span className="field-label">Caption</span>
        <span className="field-box">
          <input
            type="text"
            value={spec.caption}
            maxLength={300}
            onChange={({ target }) => edit({ caption: target.value })}
          />
        </span>
      </label>
      <div className="movie-written">
        <Written name="scaleBar" label="Scale bar" spec={spec} edit={edit} />
        {legendOf(subject) && <Written name="colourBar" label="Colour bar" spec={spec} edit={edit} />}
        {subject.kind === 'slice' && <Written name="crosshair" label="Crosshair" spec={spec} edit={edit} />}
        {subject.kind === 'volume' && <Written name="axes" label="Orientation cube" spec={spec} edit={edit} />}
        {subject.kind === 'volume' && <Written name="wedge" label="Unmeasured wedge" spec={spec} edit={edit} />}
        <Written name="counter" label="Counter" spec={spec} edit={edit} />
      </div>
    </>
  )
}

function Written({
  name,
  label,
  spec,
  edit
}: {
  name: 'scaleBar' | 'colourBar' | 'axes' | 'wedge' | 'crosshair' | 'counter'
  label: string
  spec: MovieSpec
  edit: Edit
}) {
  const told = name === 'counter' ? tip('Each frame tells its slice, member or temperature') : {}
  return (
    <label className="check" {...told}>
      <input type="checkbox" checked={spec[name]} onChange={({ target }) => edit({ [name]: target.checked })} />
      {label}
    </label>
  )
}

/** Sizes that are offered; from the third on they have the picture's own shape. */
function sizesOf(subject: MovieSubject, framing: MovieSpec['framing']): readonly { name: string; size: Size }[] {
  const shape = pictureShape(subject, framing)
  return [
    { name: '1080p', size: { width: 1920, height: 1080 } },
    { name: '720p', size: { width: 1280, height: 720 } },
    ...[1080, 720, 480].map((height) => ({ name: `Picture’s shape, ${height} high`, size: shapedSize(shape, height) }))
  ]
}

const formatNames: Readonly<Record<MovieFormat, string>> = {
  mp4: 'MP4',
  webm: 'WebM',
  gif: 'GIF',
  png: 'PNG frames (ZIP)'
}

/** The kind of file. `encoder`: what will be in a video; null: nothing can. */
export function FileFields({
  spec,
  edit,
  encoder
}: {
  spec: MovieSpec
  edit: Edit
  encoder: { name: string; note: string } | null
}) {
  return (
    <>
      <div className="row">
        <label className="select-field">
          <span className="field-label">Format</span>
          <select
            value={spec.format}
            onChange={({ target }) => {
              const format = target.value as MovieFormat
              edit({ format, ...sizeFor(format, spec) })
            }}
          >
            {movieFormats.map((format) => (
              <option key={format} value={format}>
                {formatNames[format]}
              </option>
            ))}
          </select>
        </label>
        {isVideo(spec.format) && (
          <label
            className="select-field"
            {...tip('Noise does not compress: what looks good needs more than other films')}
          >
            <span className="field-label">Quality</span>
            <select
              value={spec.quality}
              onChange={({ target }) => edit({ quality: target.value as MovieSpec['quality'] })}
            >
              <option>small</option>
              <option>good</option>
              <option>best</option>
            </select>
          </label>
        )}
      </div>
      <p className="movie-note">{noteOf(spec, encoder)}</p>
    </>
  )
}

function noteOf({ format, framesPerSecond }: MovieSpec, encoder: { name: string; note: string } | null): string {
  if (format === 'gif' && framesPerSecond > 50) return 'Players slow GIFs of more than 50 frames a second down.'
  if (format === 'gif') return 'At most 256 colours a frame; pictures in grey are exact.'
  if (format === 'png') return 'Every frame without loss, in one archive.'
  return encoder
    ? encoder.note
    : 'This program can’t encode a video of this size and rate; choose a smaller one, or GIF.'
}
