import { afterEach, beforeEach, expect, test } from 'vitest'
import { showArrangement, useLayout } from '../stores/layout.ts'
import { editLinks, useLinks } from '../stores/links.ts'
import { slicePane, type PaneOf } from '../stores/paneKinds.ts'
import { testVolume } from '../stores/testVolume.ts'
import { addView, moveCursor, panTo, setScale, useView } from '../stores/view.ts'
import { putVolume, showVolume, useVolumes } from '../stores/volumes.ts'
import { adoptViews, followViews, linkPane } from './linkViews.ts'

/** 94 x 206 x 36 voxels of 10 x 10 x 20 Angstrom. */
const one = testVolume('one')
/** The same place in voxels twice as long. */
const binned = testVolume('binned', {
  info: { ...one.info, size: { x: 47, y: 103, z: 18 }, voxelSizeAngstrom: { x: 20, y: 20, z: 40 } }
})
const views = () => useView.getState().views
let stop = () => {}

function show(...panes: PaneOf<'slice'>[]): void {
  const children = panes.map(({ id }) => ({ pane: id }))
  showArrangement({
    preset: 'compare',
    panes,
    tree: { id: 'row', direction: 'row', shares: null, children },
    activePane: panes[0].id
  })
  adoptViews()
}

beforeEach(() => {
  useVolumes.setState(useVolumes.getInitialState(), true)
  useView.setState(useView.getInitialState(), true)
  useLayout.setState(useLayout.getInitialState(), true)
  useLinks.setState(useLinks.getInitialState(), true)
  for (const volume of [one, binned]) {
    putVolume(volume)
    addView(volume.id, volume)
  }
  showVolume('one')
  show(slicePane('a', { volumeId: 'one' }))
  stop = followViews()
})
afterEach(() => stop())

test('another tomogram in a linked pane goes where the others are, and follows in nm', () => {
  moveCursor('one', { x: 31, y: 9, z: 13 })
  setScale('one', 3)
  show(slicePane('a', { volumeId: 'one' }), slicePane('b', { volumeId: 'binned' }))
  expect(views().binned.cursor).toEqual({ x: 15, y: 4, z: 6 })
  expect(views().binned.scale).toBe(6)
  moveCursor('one', { z: 20 })
  panTo('one', { x: 10, y: 40, z: 18 })
  expect(views().binned).toMatchObject({ cursor: { x: 15, y: 4, z: 10 }, centre: { x: 5, y: 20, z: 9 } })
  // It leads, too, and is not sent back by the rounding of the other.
  moveCursor('binned', { z: 3 })
  expect(views().one.cursor.z).toBe(7)
  expect(views().binned.cursor.z).toBe(3)
})

test('a tomogram that is not shown, or in another group, keeps its place', () => {
  const before = views().binned
  moveCursor('one', { z: 1 })
  expect(views().binned).toBe(before)
  show(slicePane('a', { volumeId: 'one' }), slicePane('b', { volumeId: 'binned', link: 'B' }))
  moveCursor('one', { z: 30 })
  expect(views()['binned@B'].cursor).toEqual(before.cursor)
})

test('a pane alone begins where it was; linked again it is where the others are', () => {
  moveCursor('one', { z: 5 })
  const alone = slicePane('b', { volumeId: 'one' })
  show(slicePane('a', { volumeId: 'one' }), alone)
  linkPane(alone, null)
  adoptViews()
  expect(views()['one#b'].cursor.z).toBe(5)
  moveCursor('one', { z: 9 })
  moveCursor('one#b', { z: 30 })
  expect([views().one.cursor.z, views()['one#b'].cursor.z]).toEqual([9, 30])
  linkPane({ ...alone, link: null }, 'A')
  expect(views().one.cursor.z).toBe(9)
})

test('a group may share the position alone', () => {
  show(slicePane('a', { volumeId: 'one' }), slicePane('b', { volumeId: 'one' }))
  editLinks('A', { zoom: false })
  adoptViews()
  moveCursor('one#a', { z: 3 })
  setScale('one#a', 7)
  expect(views()['one#b'].cursor.z).toBe(3)
  expect(views()['one#b'].scale).not.toBe(7)
})
