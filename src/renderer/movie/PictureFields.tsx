import { isVideo, movieFormats, movieLimits, type MovieFormat, type MovieSpec } from '../../shared/movie.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { paneShape, sizeFor } from './firstSpec.ts'
import type { Size } from './pictureScale.ts'

type Edit = (change: Partial<MovieSpec>) => void

/** Size, background, and what is written on the frames. */
export function PictureFields({ spec, pane, edit }: { spec: MovieSpec; pane: Size; edit: Edit }) {
  const { format, width, height } = spec
  const sizes: readonly { name: string; size: Size }[] = [
    { name: '1080p', size: { width: 1920, height: 1080 } },
    { name: '720p', size: { width: 1280, height: 720 } },
    { name: 'As the pane, 1080 high', size: paneShape(pane, 1080) },
    { name: 'As the pane, 720 high', size: paneShape(pane, 720) },
    { name: 'As the pane, 480 high', size: paneShape(pane, 480) }
  ]
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
      <div className="row">
        <label className="check">
          <input
            type="checkbox"
            checked={spec.scaleBar}
            onChange={({ target }) => edit({ scaleBar: target.checked })}
          />
          Scale bar
        </label>
        <label className="check" {...tip('Each frame tells its slice, member or temperature')}>
          <input type="checkbox" checked={spec.counter} onChange={({ target }) => edit({ counter: target.checked })} />
          Counter
        </label>
      </div>
    </>
  )
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

function noteOf({ format }: MovieSpec, encoder: { name: string; note: string } | null): string {
  if (format === 'gif') return 'At most 256 colours a frame; pictures in grey are exact.'
  if (format === 'png') return 'Every frame without loss, in one archive.'
  return encoder
    ? encoder.note
    : 'This program can’t encode a video of this size and rate; choose a smaller one, or GIF.'
}
