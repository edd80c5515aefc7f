import { beforeEach, expect, test } from 'vitest'
import { History } from './history.ts'
import { sources } from './sources.ts'
import { useContrast, editDisplay } from '../stores/contrast.ts'
import { editOverlay, useOverlay } from '../stores/overlay.ts'
import { setRegion, useRegion } from '../stores/region.ts'
import { editSetting, useRunPlan } from '../stores/runPlan.ts'
import {
  addView,
  applyFit,
  fitBox,
  moveCursor,
  panTo,
  removeView,
  stepCursor,
  useView,
  zoomBy
} from '../stores/view.ts'
import { putVolume, removeVolume, showVolume, useVolumes } from '../stores/volumes.ts'
import { editWedge, putWedgeReport, useWedge } from '../stores/wedge.ts'
import { testVolume } from '../stores/testVolume.ts'

/** A history whose clock, hand and drags are the test's. */
function byHand() {
  const hand = { person: true, gesture: 0, now: 0 }
  const history = new History(sources, {
    person: () => hand.person,
    gesture: () => hand.gesture,
    now: () => hand.now
  })
  history.start()
  return {
    history,
    /** What a person does, a while after what was before. */
    act: (change: () => void, { after = 5000, gesture = 0 } = {}) => {
      hand.now += after
      hand.gesture = gesture
      change()
      hand.gesture = 0
    },
    /** What the program does by itself. */
    byItself: (change: () => void, after = 5000) => {
      hand.now += after
      hand.person = false
      change()
      hand.person = true
    }
  }
}

const view = () => useView.getState().views.t
const tomogram = testVolume('t')

beforeEach(() => {
  useVolumes.setState(useVolumes.getInitialState(), true)
  useView.setState(useView.getInitialState(), true)
  useContrast.setState(useContrast.getInitialState(), true)
  useRunPlan.setState(useRunPlan.getInitialState(), true)
  useWedge.setState(useWedge.getInitialState(), true)
  useRegion.setState(useRegion.getInitialState(), true)
  useOverlay.setState(useOverlay.getInitialState(), true)
  putVolume(tomogram)
  addView('t', tomogram)
  showVolume('t')
})

test('steps over several stores are taken back and done again in their order', () => {
  const { history, act } = byHand()
  const low = () => useContrast.getState().displays['grey:t']?.low
  act(() => stepCursor('t', 'z', 1))
  act(() => editDisplay(tomogram, tomogram, { low: 30 }))
  act(() => setRegion('t', { x: [1, 5], y: [2, 6], z: [3, 7] }))
  act(() => editSetting('gamma', 2))
  expect(history.next).toEqual({ undo: 'run settings', redo: null })
  expect(history.undo()).toBe('run settings')
  expect(useRunPlan.getState().settings).toEqual({})
  expect(history.undo()).toBe('region')
  expect(useRegion.getState().boxes).toEqual({})
  expect(low()).toBe(30)
  expect(history.undo()).toBe('contrast')
  expect(low()).toBeUndefined()
  expect(history.undo()).toBe('move')
  expect(view().cursor.z).toBe(18)
  expect(history.undo()).toBeNull()
  for (const topic of ['move', 'contrast', 'region', 'run settings']) expect(history.redo()).toBe(topic)
  expect(history.redo()).toBeNull()
  expect(view().cursor.z).toBe(19)
  expect(low()).toBe(30)
  expect(useContrast.getState().displays['grey:t']).toMatchObject({ high: 110, auto: false })
  expect(useRegion.getState().boxes.t).toEqual({ x: [1, 5], y: [2, 6], z: [3, 7] })
  expect(useRunPlan.getState().settings).toEqual({ gamma: 2 })
})

test('a drag is one step however long it lasts; two clicks are two', () => {
  const { history, act } = byHand()
  for (let i = 0; i < 20; i++) act(() => panTo('t', { x: 40 + i, y: 100, z: 18 }), { gesture: 1, after: 400 })
  act(() => moveCursor('t', { x: 1 }), { gesture: 2, after: 10 })
  act(() => moveCursor('t', { x: 2 }), { gesture: 3, after: 10 })
  history.undo()
  expect(view().cursor.x).toBe(1)
  history.undo()
  expect(view().cursor.x).toBe(47)
  history.undo()
  expect(view().centre.x).toBe(47)
  expect(history.next.undo).toBeNull()
})

test('a run of the wheel is one step, a pause ends it; switches never merge', () => {
  const { history, act } = byHand()
  for (let i = 0; i < 10; i++) act(() => stepCursor('t', 'z', 1), { after: 100 })
  act(() => stepCursor('t', 'z', 1))
  expect(view().cursor.z).toBe(29)
  history.undo()
  expect(view().cursor.z).toBe(28)
  history.undo()
  expect(view().cursor.z).toBe(18)

  act(() => editDisplay(tomogram, tomogram, { invert: true }), { after: 50 })
  act(() => editDisplay(tomogram, tomogram, { invert: false }), { after: 50 })
  history.undo()
  expect(useContrast.getState().displays['grey:t'].invert).toBe(true)
  history.undo()
  expect(useContrast.getState().displays['grey:t']).toBeUndefined()
})

test('what the program does by itself stays, and keeps what can be done again; what follows from a step goes with it', () => {
  const { history, act, byItself } = byHand()
  act(() => zoomBy('t', 2))
  act(() => fitBox('t', { x: [0, 10], y: [0, 10], z: [0, 10] }))
  byItself(() => applyFit('t', 7), 1)
  history.undo()
  expect(view()).toMatchObject({ scale: 2, fit: null })
  byItself(() =>
    putWedgeReport('t', {
      wedge: { tiltAxis: 'y', beamAxis: 'z', tiltMin: -60, tiltMax: 60, edgeSoftness: 0, lowPass: null },
      source: 'file',
      uncertaintyDegrees: null,
      measuredFraction: 0.67,
      powerByAngle: []
    })
  )
  expect(history.redo()).toBe('zoom')
  expect(view()).toMatchObject({ scale: 7, centre: { x: 5, y: 5, z: 5 } })
  act(() => editWedge('t', { tiltMin: -50 }))
  history.undo()
  expect(useWedge.getState().wedges.t).toMatchObject({ source: 'file', wedge: { tiltMin: -60 } })
  history.undo()
  history.undo()
  expect(useWedge.getState().wedges.t.report).not.toBeNull()
})

test('a change after taking back forgets what was taken back', () => {
  const { history, act } = byHand()
  act(() => stepCursor('t', 'z', 1))
  history.undo()
  act(() => stepCursor('t', 'x', 1))
  expect(history.next.redo).toBeNull()
  expect(history.redo()).toBeNull()
})

test('data are not taken back: steps about a closed tomogram are passed over, a closed map is not drawn again', () => {
  const { history, act, byItself } = byHand()
  const map = testVolume('s', { role: 'std', region: { tomogram: 't', box: { x: [0, 9], y: [0, 9], z: [0, 9] } } })
  putVolume(map)
  act(() => setRegion('t', { x: [1, 5], y: [2, 6], z: [3, 7] }))
  act(() => editOverlay('t', { volumeId: 's' }))
  act(() => editOverlay('t', { volumeId: null }))
  act(() => stepCursor('t', 'z', 1))
  byItself(() => {
    removeVolume('s')
    removeVolume('t')
    removeView('t')
  })
  expect(history.undo()).toBe('overlay')
  expect(useView.getState().views).toEqual({})
  expect(useOverlay.getState().overlays.t?.volumeId ?? null).toBeNull()
  expect(useVolumes.getState().order).toEqual([])
})

test('a step that ends where it began is none', () => {
  const { history, act } = byHand()
  act(() => moveCursor('t', { x: 60 }), { gesture: 1 })
  act(() => moveCursor('t', { x: 47 }), { gesture: 1 })
  expect(history.next.undo).toBeNull()
})
