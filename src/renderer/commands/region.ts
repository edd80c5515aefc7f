import { boxAround } from '../geometry/regionBox.ts'
import { setRegion } from '../stores/region.ts'
import { useView } from '../stores/view.ts'
import { onPicture, withModel } from './activeModel.ts'

export const regionCommands = onPicture([
  {
    id: 'draw-region',
    group: 'Region',
    title: 'Draw a region of interest',
    keys: ['R'],
    run: () => useView.setState(({ tool }) => ({ tool: tool === 'region' ? 'navigate' : 'region' }))
  },
  {
    id: 'region-here',
    group: 'Region',
    title: 'Region of 48 voxels around the crosshair',
    keys: ['Shift+R'],
    run: withModel(({ tomogram, view }) => setRegion(tomogram.id, boxAround(view.cursor, 48, view.size)))
  },
  {
    id: 'no-region',
    group: 'Region',
    title: 'The whole volume as region',
    keys: ['Delete'],
    run: withModel(({ tomogram }) => setRegion(tomogram.id, null))
  }
])
