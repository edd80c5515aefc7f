import type { MenuCommand } from '../../shared/desktop.ts'
import { planeAxes, type Plane } from '../../shared/axes.ts'
import { chooseBundle } from '../files/openBundle.ts'
import { chooseFiles, chooseFolders } from '../files/openFiles.ts'
import { saveVolume } from '../files/saveFile.ts'
import { boxAround } from '../geometry/regionBox.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { displayOf, editDisplay, shiftedWindow, useContrast, type Display } from '../stores/contrast.ts'
import { activePane, showPlanes, showSingle, useLayout } from '../stores/layout.ts'
import { editOverlay, overlayOf, useOverlay } from '../stores/overlay.ts'
import { setRegion, useRegion } from '../stores/region.ts'
import { showDialog } from '../stores/session.ts'
import { toggleTheme } from '../stores/theme.ts'
import { fitBox, moveCursor, panTo, setScale, stepCursor, useView, zoomBy } from '../stores/view.ts'
import { currentBase, useVolumes } from '../stores/volumes.ts'
import { arrangeCompare, stopAwaiting } from '../panes/arrange.ts'

export type CommandGroup = 'File' | 'Layout' | 'Move' | 'Zoom' | 'Contrast' | 'Show' | 'Region' | 'Help'

/** One thing the window can do. Keys, menus, tooltips and the help are made from this table. */
export interface Command {
  id: string
  group: CommandGroup
  title: string
  /** As `Ctrl+O`, `Shift+ArrowUp`, `PageUp`; the first is the one shown. Ctrl is Command on a Mac. */
  keys: readonly string[]
  /** The native menu's name for it. */
  menu?: MenuCommand
  run(): void
}

type Model = NonNullable<ReturnType<typeof activePaneModel>>

function withModel(act: (model: Model) => void): () => void {
  return () => {
    const model = activePaneModel()
    if (model) act(model)
  }
}

function step(by: number): () => void {
  return withModel(({ group, pane }) => stepCursor(group, planeAxes[pane.plane].normal, by))
}

function goTo(place: 'first' | 'middle' | 'last'): () => void {
  return withModel(({ group, pane, view }) => {
    const { normal } = planeAxes[pane.plane]
    const last = view.size[normal] - 1
    moveCursor(group, { [normal]: place === 'first' ? 0 : place === 'last' ? last : Math.round(last / 2) })
  })
}

/** Moves the crosshair within the active pane, `right` and `up` in voxels. */
function nudge(right: number, up: number): () => void {
  return withModel(({ group, pane, view }) => {
    const { column, row } = planeAxes[pane.plane]
    const [rightAxis, upAxis] = pane.transposed ? [row, column] : [column, row]
    moveCursor(group, { [rightAxis]: view.cursor[rightAxis] + right, [upAxis]: view.cursor[upAxis] + up })
  })
}

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

function display(edit: (before: Display) => Partial<Display>): () => void {
  return withModel(({ base, tomogram }) =>
    editDisplay(base, tomogram, edit(displayOf(useContrast.getState(), base, tomogram)))
  )
}

function layout(show: () => void): () => void {
  return () => {
    stopAwaiting()
    show()
  }
}

const activePlane = (): Plane => activePane(useLayout.getState())?.plane ?? 'xy'

const windowStep = 0.04

export const commands: readonly Command[] = [
  { id: 'open', group: 'File', title: 'Open…', keys: ['Ctrl+O'], menu: 'open', run: () => void chooseFiles() },
  {
    id: 'open-folder',
    group: 'File',
    title: 'Open an OME-Zarr folder…',
    keys: ['Ctrl+Alt+O'],
    menu: 'open-folder',
    run: () => void chooseFolders()
  },
  {
    id: 'open-bundle',
    group: 'File',
    title: 'Open a bundle…',
    keys: ['Ctrl+Shift+O'],
    menu: 'open-bundle',
    run: () => void chooseBundle()
  },
  {
    id: 'save-figure',
    group: 'File',
    title: 'Save figure…',
    keys: ['Ctrl+S'],
    menu: 'save-figure',
    run: withModel(() => showDialog('figure'))
  },
  {
    id: 'save-map',
    group: 'File',
    title: 'Save this volume as MRC…',
    keys: ['Ctrl+Shift+S'],
    menu: 'save-map',
    run: () => {
      const volume = activePaneModel()?.base ?? currentBase(useVolumes.getState())
      if (volume) void saveVolume(volume)
    }
  },

  { id: 'single', group: 'Layout', title: 'One slice', keys: ['1'], run: layout(() => showSingle(activePlane())) },
  { id: 'planes', group: 'Layout', title: 'Three planes', keys: ['2'], run: layout(showPlanes) },
  { id: 'compare', group: 'Layout', title: 'Compare', keys: ['3'], run: layout(arrangeCompare) },
  {
    id: 'toggle-left',
    group: 'Layout',
    title: 'Volumes panel',
    keys: ['Ctrl+B'],
    run: () => useLayout.setState(({ leftOpen }) => ({ leftOpen: !leftOpen }))
  },
  {
    id: 'toggle-right',
    group: 'Layout',
    title: 'Settings panel',
    keys: ['Ctrl+Alt+B'],
    run: () => useLayout.setState(({ rightOpen }) => ({ rightOpen: !rightOpen }))
  },

  { id: 'next-slice', group: 'Move', title: 'Next slice', keys: ['PageUp', ']'], run: step(1) },
  { id: 'previous-slice', group: 'Move', title: 'Previous slice', keys: ['PageDown', '['], run: step(-1) },
  { id: 'ten-up', group: 'Move', title: 'Ten slices up', keys: ['Shift+PageUp'], run: step(10) },
  { id: 'ten-down', group: 'Move', title: 'Ten slices down', keys: ['Shift+PageDown'], run: step(-10) },
  { id: 'last-slice', group: 'Move', title: 'Last slice', keys: ['Home'], run: goTo('last') },
  { id: 'first-slice', group: 'Move', title: 'First slice', keys: ['End'], run: goTo('first') },
  { id: 'middle-slice', group: 'Move', title: 'Middle slice', keys: ['Insert', 'M'], run: goTo('middle') },
  { id: 'nudge-left', group: 'Move', title: 'Crosshair left', keys: ['ArrowLeft'], run: nudge(-1, 0) },
  { id: 'nudge-right', group: 'Move', title: 'Crosshair right', keys: ['ArrowRight'], run: nudge(1, 0) },
  { id: 'nudge-up', group: 'Move', title: 'Crosshair up', keys: ['ArrowUp'], run: nudge(0, 1) },
  { id: 'nudge-down', group: 'Move', title: 'Crosshair down', keys: ['ArrowDown'], run: nudge(0, -1) },

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
    run: withModel(({ group, base }) => fitBox(group, base.region?.box ?? useRegion.getState().boxes[group] ?? null))
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
  { id: 'pan-down', group: 'Zoom', title: 'Move the view down', keys: ['Shift+ArrowDown'], run: pan(0, -1) },

  {
    id: 'auto-contrast',
    group: 'Contrast',
    title: 'Automatic contrast',
    keys: ['A'],
    run: display(() => ({ auto: true }))
  },
  {
    id: 'invert',
    group: 'Contrast',
    title: 'Invert',
    keys: ['I', 'F11'],
    run: display(({ invert }) => ({ invert: !invert }))
  },
  {
    id: 'black-down',
    group: 'Contrast',
    title: 'Lower the black level',
    keys: ['F1'],
    run: display(moveLow(-windowStep))
  },
  {
    id: 'black-up',
    group: 'Contrast',
    title: 'Raise the black level',
    keys: ['F2'],
    run: display(moveLow(windowStep))
  },
  {
    id: 'white-down',
    group: 'Contrast',
    title: 'Lower the white level',
    keys: ['F3'],
    run: display(moveHigh(-windowStep))
  },
  {
    id: 'white-up',
    group: 'Contrast',
    title: 'Raise the white level',
    keys: ['F4'],
    run: display(moveHigh(windowStep))
  },
  {
    id: 'contrast-less',
    group: 'Contrast',
    title: 'Less contrast',
    keys: ['F5'],
    run: display((before) => shiftedWindow(before, 1.08, 0))
  },
  {
    id: 'contrast-more',
    group: 'Contrast',
    title: 'More contrast',
    keys: ['F6'],
    run: display((before) => shiftedWindow(before, 1 / 1.08, 0))
  },
  {
    id: 'darker',
    group: 'Contrast',
    title: 'Darker',
    keys: ['F7'],
    run: display((before) => shiftedWindow(before, 1, windowStep))
  },
  {
    id: 'brighter',
    group: 'Contrast',
    title: 'Brighter',
    keys: ['F8'],
    run: display((before) => shiftedWindow(before, 1, -windowStep))
  },

  {
    id: 'overlay',
    group: 'Show',
    title: 'Overlay on or off',
    keys: ['O'],
    run: withModel(({ group }) => editOverlay(group, { visible: !overlayOf(useOverlay.getState(), group).visible }))
  },
  {
    id: 'crosshair',
    group: 'Show',
    title: 'Crosshair on or off',
    keys: ['C'],
    run: () => useView.setState(({ showCrosshair }) => ({ showCrosshair: !showCrosshair }))
  },
  {
    id: 'scale-bar',
    group: 'Show',
    title: 'Scale bar on or off',
    keys: ['B'],
    run: () => useView.setState(({ showScaleBar }) => ({ showScaleBar: !showScaleBar }))
  },
  {
    id: 'smooth',
    group: 'Show',
    title: 'Blend between voxels',
    keys: ['S'],
    run: () => useView.setState(({ smooth }) => ({ smooth: !smooth }))
  },
  { id: 'theme', group: 'Show', title: 'Dark or light theme', keys: ['T'], menu: 'toggle-theme', run: toggleTheme },

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
    run: withModel(({ group, view }) => setRegion(group, boxAround(view.cursor, 48, view.size)))
  },
  {
    id: 'no-region',
    group: 'Region',
    title: 'The whole volume as region',
    keys: ['Delete'],
    run: withModel(({ group }) => setRegion(group, null))
  },

  { id: 'keys', group: 'Help', title: 'Keys', keys: ['?'], menu: 'show-keys', run: () => showDialog('keys') }
]

function moveLow(by: number): (before: Display) => Partial<Display> {
  return ({ low, high }) => ({ low: Math.min(low + by * (high - low), high), high })
}

function moveHigh(by: number): (before: Display) => Partial<Display> {
  return ({ low, high }) => ({ low, high: Math.max(high + by * (high - low), low) })
}

export function commandById(id: string): Command {
  const found = commands.find((command) => command.id === id)
  if (!found) throw new Error(`There is no command ${id}.`)
  return found
}
