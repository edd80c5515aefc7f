import { beforeEach, expect, test } from 'vitest'
import type { Slice } from '../api/sliceCache.ts'
import { otherValue } from '../slices/comparisonModel.ts'
import { paneModel } from '../slices/paneModel.ts'
import { firstComparison } from '../stores/comparison.ts'
import { showArrangement } from '../stores/layout.ts'
import { slicePane } from '../stores/paneKinds.ts'
import { testVolume } from '../stores/testVolume.ts'
import { addView, useView } from '../stores/view.ts'
import { putVolume, useVolumes } from '../stores/volumes.ts'
import { differenceLimit } from './differenceLimit.ts'

const whole = testVolume('t')
const size = { x: 10, y: 10, z: 4 }
const map = testVolume('m', {
  role: 'mean',
  runId: 'run',
  info: { ...whole.info, size },
  region: { tomogram: 't', box: { x: [20, 30], y: [40, 50], z: [0, 4] } }
})
const std = { ...map, id: 's', role: 'std' } as const

function slice(volumeId: string, columns: number, rows: number, value: (x: number, y: number) => number): Slice {
  const values = Float32Array.from({ length: columns * rows }, (_, i) => value(i % columns, Math.floor(i / columns)))
  const binning = { row: 1, column: 1 }
  return { volumeId, revision: 0, plane: 'xy', index: 2, filters: '', columns, rows, values, binning }
}

beforeEach(() => {
  useVolumes.setState(useVolumes.getInitialState(), true)
  useView.setState(useView.getInitialState(), true)
  for (const volume of [whole, map, std]) putVolume(volume)
  addView('t', whole)
})

function model(mode: 'difference' | 'deviation', base: string, other: string) {
  const pane = slicePane('p', { volumeId: base, comparison: { ...firstComparison, mode, volumeId: other } })
  showArrangement({ preset: 'single', panes: [pane], tree: { pane: 'p' }, activePane: 'p' })
  const found = paneModel('p')
  if (!found) throw new Error('no model')
  return found
}

const raw = slice('t', 94, 206, (x, y) => x + y)
// Ten less than the tomogram at the same place; one voxel is far off.
const mean = slice('m', 10, 10, (x, y) => (x === 3 && y === 3 ? 1000 : x + 20 + y + 40 - 10))
const sd = slice('s', 10, 10, (x) => (x === 0 ? 0 : 4))

test('the range of a difference holds 99 % of the voxels that both have, whichever is the smaller', () => {
  expect(differenceLimit(model('difference', 'm', 't'), { a: mean, b: raw, spread: null })).toBe(934)
  const most = slice('m', 10, 10, (x, y) => x + 20 + y + 40 - 10)
  expect(differenceLimit(model('difference', 't', 'm'), { a: raw, b: most, spread: null })).toBe(10)
  // Where the SD is zero there is no number of SDs.
  expect(differenceLimit(model('deviation', 'm', 't'), { a: most, b: raw, spread: sd })).toBe(2.5)
  expect(differenceLimit(model('difference', 'm', 't'), { a: null, b: raw, spread: null })).toBeNull()
})

test('the other value is that of the same place', () => {
  const { comparison } = model('difference', 't', 'm')
  if (!comparison) throw new Error('no comparison')
  expect(otherValue(comparison, mean, { x: 25, y: 47, z: 2 })).toBe(25 + 47 - 10)
  expect(otherValue(comparison, mean, { x: 19, y: 47, z: 2 })).toBeNull()
  expect(otherValue(comparison, mean, { x: 25, y: 47, z: 3 })).toBeNull()
})
