import { useState } from 'react'
import type { Failure } from '../../shared/errors.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { saveResponse } from '../files/saveFile.ts'
import { showDialog } from '../stores/session.ts'
import { FigurePageFields } from './FigurePageFields.tsx'
import { FigurePanels } from './FigurePanels.tsx'
import { FigurePreview } from './FigurePreview.tsx'
import { dropClosedPanels, editPage, specOf, takePanes, useFigure, type SavedFormat } from './figureStore.ts'
import { OpenSpec } from './OpenSpec.tsx'
import { PanelFields } from './PanelFields.tsx'

const formats: Readonly<Record<SavedFormat, { name: string; ending: string }>> = {
  png: { name: 'PNG, 8 bits', ending: 'png' },
  png16: { name: 'PNG, 16 bits', ending: 'png' },
  tiff: { name: 'TIFF, 16 bits', ending: 'tiff' },
  'tiff-data': { name: 'TIFF, the values (32-bit floats)', ending: 'tiff' },
  svg: { name: 'SVG', ending: 'svg' },
  pdf: { name: 'PDF', ending: 'pdf' },
  csv: { name: 'CSV, numbers of curves', ending: 'csv' },
  spec: { name: 'SPEC, for wedgeview figure', ending: 'json' }
}

/** The figure of what the panes show, or a saved one: its panels, size and caption, with the engine's own drawing as preview. */
export function FigureEditor() {
  // A figure that was changed by hand is kept; else it is what the panes show now.
  const [dropped] = useState(() => {
    const gone = useFigure.getState().edited ? dropClosedPanels() : 0
    if (!useFigure.getState().edited || useFigure.getState().entries.length === 0) takePanes()
    return gone
  })
  const figure = useFigure()
  const [failure, setFailure] = useState<Failure | null>(null)
  const spec = specOf(figure)
  const selected = figure.entries.find(({ key }) => key === figure.selected)
  const save = (): void => {
    showDialog(null)
    void saveResponse(`/api/figures?format=${figure.format}`, spec, `figure.${formats[figure.format].ending}`)
  }
  return (
    <Dialog
      title="Save figure"
      wide
      onClose={() => showDialog(null)}
      footer={
        <>
          <OpenSpec onFailure={setFailure} />
          <span className="top-spring" />
          <label className="select-field">
            <span className="field-label">Format</span>
            <select
              value={figure.format}
              onChange={(event) => useFigure.setState({ format: event.target.value as SavedFormat })}
            >
              {Object.entries(formats).map(([value, { name }]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="button" className="button" onClick={() => showDialog(null)}>
            Close
          </button>
          <button type="button" className="button button-primary" disabled={spec.panels.length === 0} onClick={save}>
            Save…
          </button>
        </>
      }
    >
      <div className="figure-editor">
        <div className="figure-left">
          <FigurePreview spec={spec} />
          <label className="caption-field">
            <span className="field-label">Caption</span>
            <textarea
              rows={3}
              value={figure.page.caption}
              onChange={(event) => editPage({ caption: event.target.value })}
            />
          </label>
        </div>
        <div className="figure-right">
          {failure && (
            <p className="run-failure" role="alert">
              <strong>{failure.message}</strong> {failure.hint}
            </p>
          )}
          {dropped > 0 && (
            <p className="figure-note" role="status">
              {dropped === 1 ? 'A panel' : `${dropped} panels`} of volumes that were closed{' '}
              {dropped === 1 ? 'is' : 'are'} left out.
            </p>
          )}
          <FigurePageFields page={figure.page} panels={figure.entries.length} />
          <FigurePanels entries={figure.entries} selected={figure.selected} letters={figure.page.panelLetters} />
          {selected && <PanelFields key={selected.key} entry={selected} figureScaleBar={figure.page.scaleBar} />}
        </div>
      </div>
    </Dialog>
  )
}
