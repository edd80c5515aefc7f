import { beforeEach, expect, test } from 'vitest'
import { figureSpecSchema } from '../../shared/figure.ts'
import { testVolume } from '../stores/testVolume.ts'
import { putVolume, useVolumes } from '../stores/volumes.ts'
import { dropClosedPanels, editPanel, movePanel, removePanel, specOf, takeSpec, useFigure } from './figureStore.ts'

const slice = (volume: string): object => ({
  kind: 'slice',
  volume,
  plane: 'xy',
  index: 0,
  contrast: { low: 0, high: 1 },
  title: volume
})
const spec = figureSpecSchema.parse({
  formatVersion: 1,
  volumes: { hot: { kind: 'preview', of: 'b', gamma: 4 } },
  panels: [slice('a'), slice('b'), slice('hot'), slice('/data/c.mrc')]
})
const titles = (): string[] => useFigure.getState().entries.map(({ panel }) => panel.title)

beforeEach(() => {
  useVolumes.setState({ volumes: {}, order: [] })
  takeSpec(spec)
})

test('a SPEC that is taken comes out as it went in', () => {
  expect(specOf(useFigure.getState())).toEqual(spec)
})

test('panels are moved, edited and removed by their keys', () => {
  const [first, second] = useFigure.getState().entries
  movePanel(first.key, 1)
  expect(titles().slice(0, 2)).toEqual(['b', 'a'])
  movePanel(second.key, -1)
  expect(titles().slice(0, 2)).toEqual(['b', 'a'])
  editPanel(first.key, 'slice', { title: 'new' })
  editPanel(first.key, 'curves', { title: 'never' })
  removePanel(second.key)
  expect(titles()).toEqual(['new', 'hot', '/data/c.mrc'])
})

test('panels of what was closed are left out, those of files stay', () => {
  putVolume(testVolume('a'))
  expect(dropClosedPanels()).toBe(2)
  expect(titles()).toEqual(['a', '/data/c.mrc'])
})
