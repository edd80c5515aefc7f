import { planeAxes } from '../../shared/axes.ts'
import { useRegion } from '../stores/region.ts'
import { fitBox, panTo, setScale, zoomBy } from '../stores/view.ts'
import { onPicture, withModel } from './activeModel.ts'

function pan(right: number, up: number): () => void {
  return withModel(({ group, pane, view }) => {
    const { column, row } = planeAxes[pane.plane]
    const [rightAxis, upAxis] = pane.transposed ? [row, column] : [column, row]
    const centre = { ...view.centre }
    centre[rightAxis] += (right * 60) / view.scale
    centre[upAxis] += (up * 60) / view.scale
    panTo(group, centre)
  })
}

export const zoomCommands = onPicture([
  {
    id: 'zoom-in',
    group: 'Zoom',
    title: 'Zoom in',
    keys: ['=', '+'],
    run: withModel(({ group }) => zoomBy(group, 1.25))
  },
  { id: 'zoom-out', group: 'Zoom', title: 'Zoom out', keys: ['-'], run: withModel(({ group }) => zoomBy(group, 0.8)) },
  {
    id: 'fit',
    group: 'Zoom',
    title: 'Fit the volume',
    keys: ['0'],
    run: withModel(({ group }) => fitBox(group, null))
  },
  {
    id: 'fit-region',
    group: 'Zoom',
    title: 'Fit the region',
    keys: ['Shift+F'],
    run: withModel(({ group, base, tomogram }) =>
      fitBox(group, base.region?.box ?? useRegion.getState().boxes[tomogram.id] ?? null)
    )
  },
  {
    id: 'one-to-one',
    group: 'Zoom',
    title: 'One screen pixel a voxel',
    keys: ['Shift+1'],
    run: withModel(({ group }) => setScale(group, 1 / window.devicePixelRatio))
  },
  { id: 'pan-left', group: 'Zoom', title: 'Move the view left', keys: ['Shift+ArrowLeft'], run: pan(-1, 0) },
  { id: 'pan-right', group: 'Zoom', title: 'Move the view right', keys: ['Shift+ArrowRight'], run: pan(1, 0) },
  { id: 'pan-up', group: 'Zoom', title: 'Move the view up', keys: ['Shift+ArrowUp'], run: pan(0, 1) },
  { id: 'pan-down', group: 'Zoom', title: 'Move the view down', keys: ['Shift+ArrowDown'], run: pan(0, -1) }
])
