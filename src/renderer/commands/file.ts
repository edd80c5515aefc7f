import type { Command } from './command.ts'
import { chooseBundle } from '../files/openBundle.ts'
import { chooseFiles, chooseFolders } from '../files/openAny.ts'
import { useFigure } from '../figure/figureStore.ts'
import { regionShown } from '../files/regionShown.ts'
import { plottedPane, savePlotAsCsv } from '../figure/saveCurves.ts'
import { saveRegion, saveVolume } from '../files/saveFile.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { showDialog } from '../stores/session.ts'
import { currentBase, useVolumes } from '../stores/volumes.ts'

export const fileCommands: readonly Command[] = [
  { id: 'open', group: 'File', title: 'Open…', keys: ['Ctrl+O'], run: () => void chooseFiles() },
  {
    id: 'open-folder',
    group: 'File',
    title: 'Open an OME-Zarr folder…',
    keys: ['Ctrl+Alt+O'],

    run: () => void chooseFolders()
  },
  {
    id: 'open-bundle',
    group: 'File',
    title: 'Open a bundle…',
    keys: ['Ctrl+Shift+O'],

    run: () => void chooseBundle()
  },
  {
    id: 'save-figure',
    group: 'File',
    title: 'Save figure…',
    keys: ['Ctrl+Shift+F'],
    available: () => currentBase(useVolumes.getState()) !== null || useFigure.getState().entries.length > 0,

    run: () => showDialog('figure')
  },
  {
    id: 'save-curves',
    group: 'File',
    title: 'Save curves or spectrum as CSV…',
    keys: [],
    available: () => plottedPane() !== null,

    run: () => savePlotAsCsv(plottedPane())
  },
  {
    id: 'save-map',
    group: 'File',
    title: 'Save this volume as MRC…',
    keys: ['Ctrl+Shift+E'],
    available: () => currentBase(useVolumes.getState()) !== null,

    run: () => {
      const volume = activePaneModel()?.base ?? currentBase(useVolumes.getState())
      if (volume) void saveVolume(volume)
    }
  },
  {
    id: 'save-region',
    group: 'File',
    title: 'Save the region as MRC…',
    keys: [],
    available: () => regionShown() !== null,

    run: () => {
      const shown = regionShown()
      if (shown) void saveRegion(shown.volume, shown.box)
    }
  }
]
