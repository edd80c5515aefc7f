import { copyLines } from '../measure/copyLines.ts'
import { clearLines, dropBegun, linesOf, useMeasure } from '../measure/measurements.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { useView } from '../stores/view.ts'
import { onPicture, withModel } from './activeModel.ts'

function hasLines(): boolean {
  const model = activePaneModel()
  return model !== null && linesOf(useMeasure.getState(), model.tomogram.id).length > 0
}

export const measureCommands = onPicture([
  {
    id: 'measure',
    group: 'Measure',
    title: 'Measure a distance',
    // As 3dmod's, which tells the distance to the pointer.
    keys: ['Q'],
    run: () => {
      dropBegun()
      useView.setState(({ tool }) => ({ tool: tool === 'measure' ? 'navigate' : 'measure' }))
    }
  },
  {
    id: 'copy-measurements',
    group: 'Measure',
    title: 'Copy the distances as a table',
    keys: [],
    available: hasLines,
    run: withModel(({ tomogram }) => void copyLines(tomogram))
  },
  {
    id: 'clear-measurements',
    group: 'Measure',
    title: 'Clear the distances',
    keys: [],
    available: hasLines,
    run: withModel(({ tomogram }) => clearLines(tomogram.id))
  }
])
