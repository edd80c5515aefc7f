import { afterEach, beforeEach, expect, test } from 'vitest'
import { displayOf, editDisplay, useContrast } from '../stores/contrast.ts'
import { showArrangement, useLayout } from '../stores/layout.ts'
import { contrastScope, editLinks, useLinks } from '../stores/links.ts'
import { slicePane, type PaneOf } from '../stores/paneKinds.ts'
import { testVolume } from '../stores/testVolume.ts'
import { addView, useView } from '../stores/view.ts'
import { putVolume, useVolumes } from '../stores/volumes.ts'
import { followContrasts } from './linkContrasts.ts'

const one = testVolume('one', { contrast: { low: 100, high: 200 } })
const other = testVolume('other', { contrast: { low: -2, high: 2 } })
let stop = () => {}

function show(...panes: PaneOf<'slice'>[]): void {
  const children = panes.map(({ id }) => ({ pane: id }))
  const tree = { id: 'row', direction: 'row', shares: null, children } as const
  showArrangement({ preset: 'compare', panes, tree, activePane: panes[0].id })
}

const shown = (volume: typeof one, pane: PaneOf<'slice'>) => {
  const { low, high, invert, gamma, auto } = displayOf(useContrast.getState(), volume, volume, contrastScope(pane))
  return { low, high, invert, gamma, auto }
}

beforeEach(() => {
  for (const store of [useVolumes, useView, useLayout, useLinks, useContrast])
    (store as typeof useVolumes).setState(store.getInitialState() as never, true)
  for (const volume of [one, other]) {
    putVolume(volume)
    addView(volume.id, volume)
  }
  stop = followContrasts()
})
afterEach(() => stop())

test('another tomogram beside it follows in shares of its own limits, and back', () => {
  const panes = [slicePane('a', { volumeId: 'one' }), slicePane('b', { volumeId: 'other' })]
  show(...panes)
  editDisplay(one, one, { low: 125, high: 150, gamma: 1.5 })
  expect(shown(other, panes[1])).toEqual({ low: -1, high: 0, invert: false, gamma: 1.5, auto: false })
  editDisplay(other, other, { low: -2, high: 0, invert: true })
  expect(shown(one, panes[0])).toEqual({ low: 100, high: 150, invert: true, gamma: 1.5, auto: false })
  editDisplay(one, one, { auto: true })
  expect(shown(other, panes[1])).toMatchObject({ low: -2, high: 2, auto: true })
})

test('a tomogram that is not on screen, in another group, alone, or with contrast not linked keeps its own', () => {
  const untouched = { low: -2, high: 2, invert: false, gamma: 1, auto: true }
  const a = slicePane('a', { volumeId: 'one' })
  const cases: [PaneOf<'slice'>[], PaneOf<'slice'>][] = [
    [[a], slicePane('b', { volumeId: 'other' })],
    [[a, slicePane('b', { volumeId: 'other', link: 'B' })], slicePane('b', { volumeId: 'other', link: 'B' })],
    [[a, slicePane('b', { volumeId: 'other', link: null })], slicePane('b', { volumeId: 'other', link: null })]
  ]
  for (const [panes, looked] of cases) {
    show(...panes)
    editDisplay(one, one, { low: 125, high: 150 })
    expect(shown(other, looked)).toEqual(untouched)
  }
  const b = slicePane('b', { volumeId: 'other' })
  show(a, b)
  editLinks('A', { contrast: false })
  editDisplay(one, one, { low: 110, high: 150 }, contrastScope(a))
  expect(shown(other, b)).toEqual(untouched)
})
