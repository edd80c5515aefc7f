import { useEffect, useRef, useState } from 'react'
import type { Failure } from '../../shared/errors.ts'
import type { FigureFormat } from '../../shared/figure.ts'
import { failureOf } from '../api/failures.ts'
import { request } from '../api/request.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { saveResponse } from '../files/saveFile.ts'
import { showDialog } from '../stores/session.ts'
import { figureSpec, suggestedCaption, type FigureChoices } from './figureSpec.ts'

type SavedFormat = FigureFormat | 'spec'

const formats: Readonly<Record<SavedFormat, { name: string; ending: string }>> = {
  png: { name: 'PNG, 8 bits', ending: 'png' },
  png16: { name: 'PNG, 16 bits', ending: 'png' },
  tiff: { name: 'TIFF, 16 bits', ending: 'tiff' },
  'tiff-data': { name: 'TIFF, the values (32-bit floats)', ending: 'tiff' },
  svg: { name: 'SVG', ending: 'svg' },
  pdf: { name: 'PDF', ending: 'pdf' },
  spec: { name: 'SPEC, for wedgeview figure', ending: 'json' }
}

const settleMs = 300

/** The figure of what the panes show: size, background and caption, with the engine's own drawing as preview. */
export function FigureDialog() {
  const [choices, setChoices] = useState<FigureChoices>(() => ({
    widthMm: 174,
    dpi: 300,
    background: 'white',
    panelLetters: true,
    caption: suggestedCaption()
  }))
  const [format, setFormat] = useState<SavedFormat>('png')
  const edit = (change: Partial<FigureChoices>): void => setChoices({ ...choices, ...change })
  const save = (): void => {
    showDialog(null)
    void saveResponse(`/api/figures?format=${format}`, figureSpec(choices), `figure.${formats[format].ending}`)
  }
  return (
    <Dialog
      title="Save figure"
      wide
      onClose={() => showDialog(null)}
      footer={
        <>
          <label className="select-field">
            <span className="field-label">Format</span>
            <select value={format} onChange={(event) => setFormat(event.target.value as SavedFormat)}>
              {Object.entries(formats).map(([value, { name }]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <span className="top-spring" />
          <button type="button" className="button" onClick={() => showDialog(null)}>
            Close
          </button>
          <button type="button" className="button button-primary" onClick={save}>
            Save…
          </button>
        </>
      }
    >
      <FigurePreview choices={choices} />
      <div className="row">
        <NumberField
          label="Width"
          labelled
          unit="mm"
          min={20}
          max={1000}
          step={1}
          value={choices.widthMm}
          onCommit={(widthMm) => widthMm !== null && edit({ widthMm })}
          tipAttributes={tip('Width on paper; one column of many journals is 85 mm, two are 174 mm')}
        />
        <NumberField
          label="Resolution"
          labelled
          unit="dpi"
          integer
          min={36}
          max={2400}
          step={50}
          value={choices.dpi}
          onCommit={(dpi) => dpi !== null && edit({ dpi })}
        />
        <label className="select-field">
          <span className="field-label">Background</span>
          <select
            value={choices.background}
            onChange={(event) => edit({ background: event.target.value === 'black' ? 'black' : 'white' })}
          >
            <option>white</option>
            <option>black</option>
          </select>
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={choices.panelLetters}
            onChange={(event) => edit({ panelLetters: event.target.checked })}
          />
          Panel letters
        </label>
      </div>
      <label className="caption-field">
        <span className="field-label">Caption</span>
        <textarea rows={2} value={choices.caption} onChange={(event) => edit({ caption: event.target.value })} />
      </label>
    </Dialog>
  )
}

/** The figure as the engine draws it, at screen resolution. */
function FigurePreview({ choices }: { choices: FigureChoices }) {
  const [address, setAddress] = useState<string | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const current = useRef<string | null>(null)

  useEffect(() => {
    const abort = new AbortController()
    const dpi = Math.min(choices.dpi, Math.max(36, Math.round((900 / choices.widthMm) * 25.4)))
    const timer = window.setTimeout(() => {
      request('/api/figures?format=png', { body: figureSpec({ ...choices, dpi }), signal: abort.signal })
        .then((response) => response.blob())
        .then((blob) => {
          if (abort.signal.aborted) return
          if (current.current) URL.revokeObjectURL(current.current)
          current.current = URL.createObjectURL(blob)
          setAddress(current.current)
          setFailure(null)
        })
        .catch((error: unknown) => {
          if (!abort.signal.aborted) setFailure(failureOf(error))
        })
    }, settleMs)
    return () => {
      window.clearTimeout(timer)
      abort.abort()
    }
  }, [choices])

  useEffect(
    () => () => {
      if (current.current) URL.revokeObjectURL(current.current)
    },
    []
  )

  return (
    <div className="figure-preview">
      {failure ? (
        <p className="run-failure" role="alert">
          <strong>{failure.message}</strong> {failure.hint}
        </p>
      ) : address ? (
        <img src={address} alt="Preview of the figure" />
      ) : (
        <p role="status">Drawing the figure</p>
      )}
    </div>
  )
}
