import { beforeEach, expect, test } from 'vitest'
import type { OpenVolume } from '../../shared/volumes.ts'
import { displayOf, drawnRange, editDisplay, shiftedWindow, useContrast } from './contrast.ts'
import {
  closePane,
  editPane,
  setLink,
  setPlane,
  showArrangement,
  showPlanes,
  splitLayout,
  swapInLayout,
  useLayout
} from './layout.ts'
import { defaultOverlay, overlayRange } from './overlay.ts'
import { slicePane } from './paneKinds.ts'
import { editSetting, toggleMethod, useRunPlan } from './runPlan.ts'
import { addView, applyFit, fitBox, moveCursor, panTo, stepCursor, useView, zoomBy } from './view.ts'
import { testVolume as volume } from './testVolume.ts'
import { currentBase, putVolume, removeVolume, showVolume, useVolumes } from './volumes.ts'
import { editWedge, putWedgeReport, resetWedge, useWedge } from './wedge.ts'

const tomogram = volume('t')
const map = (id: string, role: OpenVolume['role']) =>
  volume(id, {
    role,
    contrast: { low: 1, high: 2 },
    region: { tomogram: 't', box: { x: [0, 10], y: [0, 10], z: [0, 10] } }
  })

beforeEach(() => {
  useVolumes.setState(useVolumes.getInitialState(), true)
  useView.setState(useView.getInitialState(), true)
  useLayout.setState(useLayout.getInitialState(), true)
  useContrast.setState(useContrast.getInitialState(), true)
  useRunPlan.setState(useRunPlan.getInitialState(), true)
  useWedge.setState(useWedge.getInitialState(), true)
})

test('the view keeps its crosshair and its centre inside the volume', () => {
  addView('t', tomogram)
  const view = () => useView.getState().views.t
  expect(view().cursor).toEqual({ x: 47, y: 103, z: 18 })
  expect(view().aspect).toEqual({ x: 1, y: 1, z: 2 })
  moveCursor('t', { x: 1000, z: -3 })
  expect(view().cursor).toEqual({ x: 93, y: 103, z: 0 })
  stepCursor('t', 'z', 10)
  expect(view().cursor.z).toBe(10)
  panTo('t', { x: -50, y: 9999, z: 5 })
  expect(view().centre).toEqual({ x: 0, y: 206, z: 5 })
})

test('a fit lasts until the user zooms or pans', () => {
  addView('t', tomogram)
  fitBox('t', { x: [10, 20], y: [0, 40], z: [0, 36] })
  applyFit('t', 3)
  expect(useView.getState().views.t).toMatchObject({ scale: 3, centre: { x: 15, y: 20, z: 18 } })
  zoomBy('t', 2)
  applyFit('t', 3)
  expect(useView.getState().views.t).toMatchObject({ scale: 6, fit: null })
})

test('a tomogram and its grey maps share one contrast, spreads have their own', () => {
  const mean = map('m', 'mean')
  const std = map('s', 'std')
  const state = () => useContrast.getState()
  expect(displayOf(state(), mean, tomogram)).toMatchObject({ low: 10, high: 110, auto: true, colourMap: 'grey' })
  expect(displayOf(state(), std, tomogram)).toMatchObject({ low: 1, high: 2, colourMap: 'magma' })
  editDisplay(mean, tomogram, { low: 30 })
  expect(displayOf(state(), tomogram, tomogram)).toMatchObject({ low: 30, high: 110, auto: false })
  editDisplay(tomogram, tomogram, { auto: true })
  expect(displayOf(state(), tomogram, tomogram)).toMatchObject({ low: 10, high: 110 })
  useContrast.setState({ linked: false })
  expect(displayOf(state(), mean, tomogram)).toMatchObject({ low: 1, high: 2 })
})

test('window and level: widening keeps the level, shifting keeps the window; inverted the high end comes first', () => {
  expect(shiftedWindow({ low: 0, high: 100 }, 2, 0)).toEqual({ low: -50, high: 150 })
  expect(shiftedWindow({ low: 0, high: 100 }, 1, 0.1)).toEqual({ low: 10, high: 110 })
  const display = { low: 0, high: 9, gamma: 1, invert: true, colourMap: 'grey', auto: false } as const
  expect(drawnRange(display)).toEqual({ low: 9, high: 0 })
})

test('closing what is shown falls back to its tomogram', () => {
  for (const one of [tomogram, map('m', 'mean'), volume('u')]) putVolume(one)
  showVolume('m')
  expect(currentBase(useVolumes.getState())?.id).toBe('m')
  removeVolume('m')
  expect(currentBase(useVolumes.getState())?.id).toBe('t')
  removeVolume('t')
  expect(useVolumes.getState().tomogram).toBe('u')
})

test('panes of a comparison share the plane, others have their own', () => {
  const panes = [slicePane('one', { volumeId: 't' }), slicePane('two', { volumeId: 'm' })]
  const tree = {
    id: 'compare',
    direction: 'row',
    shares: null,
    children: panes.map(({ id }) => ({ pane: id }))
  } as const
  const planes = () => useLayout.getState().panes.map((pane) => pane.kind === 'slice' && pane.plane)
  showArrangement({ preset: 'compare', panes, tree, activePane: 'one' })
  setPlane('one', 'xz')
  expect(planes()).toEqual(['xz', 'xz'])
  setLink('two', null)
  setPlane('one', 'yz')
  expect(planes()).toEqual(['yz', 'xz'])
  editPane('slice', 'two', { overlay: false })
  expect(useLayout.getState().panes[1]).toMatchObject({ kind: 'slice', overlay: false })
  showPlanes()
  expect(planes().filter(Boolean)).toEqual(['xz', 'xy', 'yz'])
})

test('panes are split, swapped and closed in reading order; the last one stays', () => {
  showPlanes()
  const ids = () => useLayout.getState().panes.map(({ id }) => id)
  splitLayout('xz', 'bottom')
  expect(ids()).toEqual(['xz', 'pane-1', 'position', 'xy', 'yz'])
  expect(useLayout.getState()).toMatchObject({ activePane: 'pane-1' })
  expect(useLayout.getState().panes[1]).toMatchObject({ kind: 'slice', plane: 'xz', link: 'A' })
  swapInLayout('pane-1', 'yz')
  expect(ids()).toEqual(['xz', 'yz', 'position', 'xy', 'pane-1'])
  for (const id of ids()) closePane(id)
  expect(ids()).toEqual(['pane-1'])
})

test('the bar of a spread begins at zero, shares run from 0 to 1, a typed range wins', () => {
  expect(overlayRange(defaultOverlay, map('s', 'std'))).toEqual({ low: 0, high: 2 })
  expect(overlayRange(defaultOverlay, map('w', 'wedge-share'))).toEqual({ low: 0, high: 1 })
  expect(overlayRange({ ...defaultOverlay, low: 5, high: 5 }, map('s', 'std')).high).toBeGreaterThan(5)
})

test('a wedge that can’t be is not taken; what was found comes back', () => {
  const wedge = { tiltAxis: 'y', beamAxis: 'z', tiltMin: -60, tiltMax: 60, edgeSoftness: 0, lowPass: null } as const
  putWedgeReport('t', { wedge, source: 'file', uncertaintyDegrees: null, measuredFraction: 0.67, powerByAngle: [] })
  expect(editWedge('t', { tiltMin: 70 })).toBe(false)
  expect(editWedge('t', { beamAxis: 'y' })).toBe(false)
  expect(editWedge('t', { tiltMax: 48.5 })).toBe(true)
  expect(useWedge.getState().wedges.t).toMatchObject({ source: 'given', wedge: { tiltMin: -60, tiltMax: 48.5 } })
  resetWedge('t')
  expect(useWedge.getState().wedges.t).toMatchObject({ source: 'file', wedge: { tiltMax: 60 } })
})

test('a setting that is emptied is left to the bundle again', () => {
  editSetting('gamma', 2)
  editSetting('steps', 100)
  editSetting('gamma', undefined)
  expect(useRunPlan.getState().settings).toEqual({ steps: 100 })
  toggleMethod('cryogen-1')
  toggleMethod('cryowgen-1')
  expect(useRunPlan.getState().methods).toEqual(['cryowgen-1', 'cryowgen-2'])
})
