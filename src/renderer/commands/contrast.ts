import { displayOf, editDisplay, shiftedWindow, useContrast, type Display } from '../stores/contrast.ts'
import { contrastOfRegion, contrastOfSlice, hasRegion } from '../slices/autoContrast.ts'
import { onPicture, withModel } from './activeModel.ts'

function display(edit: (before: Display) => Partial<Display>): () => void {
  return withModel(({ base, tomogram, contrastScope }) =>
    editDisplay(base, tomogram, edit(displayOf(useContrast.getState(), base, tomogram, contrastScope)), contrastScope)
  )
}

function moveLow(by: number): (before: Display) => Partial<Display> {
  return ({ low, high }) => ({ low: Math.min(low + by * (high - low), high), high })
}

function moveHigh(by: number): (before: Display) => Partial<Display> {
  return ({ low, high }) => ({ low, high: Math.max(high + by * (high - low), low) })
}

const windowStep = 0.04

export const contrastCommands = onPicture([
  {
    id: 'auto-contrast',
    group: 'Contrast',
    title: 'Automatic contrast of the volume',
    keys: ['A'],
    run: display(() => ({ auto: true }))
  },
  {
    id: 'auto-region',
    group: 'Contrast',
    title: 'Automatic contrast of the region of interest',
    keys: ['Ctrl+Shift+A'],
    available: hasRegion,
    run: contrastOfRegion
  },
  {
    id: 'auto-slice',
    group: 'Contrast',
    title: 'Automatic contrast of this slice',
    keys: ['Shift+A'],
    run: contrastOfSlice
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
  }
])
