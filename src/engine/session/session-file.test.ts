import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WedgeviewError } from '../../shared/errors.ts'
import { emptyState } from '../../shared/session/empty-state.ts'
import { readSession } from '../../shared/session/read-session.ts'
import { renamed } from '../../shared/session/rename.ts'
import { arbitraryState, sessionFileOf } from '../../shared/session/testing/arbitrary-session.ts'

const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')

const ids: Readonly<Record<string, string>> = {
  'volume-7': 'f1',
  'volume-2': 'f2',
  'volume-11': 'r1/mean',
  'volume-12': 'r1/std',
  'found-3': 'r1'
}
const keys = Object.fromEntries(Object.entries(ids).map(([id, key]) => [key, id]))
const toKeys = { volume: (id: string) => ids[id] ?? null, run: (id: string) => ids[id] ?? null }
const toIds = { volume: (key: string) => keys[key] ?? null, run: (key: string) => keys[key] ?? null }

const window = { tomograms: ['volume-7', 'volume-2'], maps: ['volume-11', 'volume-12'], runs: ['found-3'] }

test('whatever is arranged comes back from a file as it was', () => {
  fc.assert(
    fc.property(arbitraryState(window), (state) => {
      const written = JSON.stringify(sessionFileOf(renamed(state, toKeys)))
      expect(written).not.toMatch(/volume-\d|found-\d/)
      expect(renamed(readSession(written, 's.wedgeview').state, toIds)).toEqual(state)
    }),
    { numRuns: 150 }
  )
})

test('what has no name on the other side is left out, and a pane then shows what the list shows', () => {
  const state = renamed(
    {
      ...emptyState,
      views: {
        'volume-9#pane-1': {
          cursor: { x: 0, y: 0, z: 0 },
          centre: { x: 0, y: 0, z: 0 },
          scale: 1,
          fit: null,
          framed: null
        }
      },
      shown: { tomogram: 'volume-9', base: { 'volume-7': 'volume-9', 'volume-2': 'volume-2' } },
      layout: {
        ...emptyState.layout,
        panes: emptyState.layout.panes.map((pane) => (pane.kind === 'slice' ? { ...pane, volumeId: 'volume-9' } : pane))
      },
      family: { ...emptyState.family, pin: { volumeId: 'volume-9', paneId: 'single' }, preview: { gone: 2 } },
      documents: { movie: { volume: 'volume-7', path: [{ volumeId: 'volume-99' }], title: 'volume-7' } }
    },
    toKeys
  )
  expect(state.views).toEqual({})
  expect(state.shown).toEqual({ tomogram: null, base: { f2: 'f2' } })
  expect(state.layout.panes[0]).toMatchObject({ volumeId: null })
  expect(state.family).toMatchObject({ pin: null, preview: {} })
  // A title is a title, whatever it says.
  expect(state.documents).toEqual({ movie: { volume: 'f1', path: [{ volumeId: 'volume-99' }], title: 'volume-7' } })
})

test('version 1 becomes version 2: places in a list become keys, a row of panes a layout', () => {
  const { files, volumes, runs, state } = readSession(fixture('version-1.wedgeview'), 'old.wedgeview')
  expect(files.map(({ key, path }) => [key, path])).toEqual([
    ['f1', 'tomo_01.mrc'],
    ['f2', '../raw/tomo_02.rec']
  ])
  expect(volumes).toEqual([
    { key: 'f1', kind: 'tomogram', file: 'f1' },
    { key: 'f2', kind: 'tomogram', file: 'f2' }
  ])
  expect(runs).toEqual([])
  expect(state.shown.tomogram).toBe('f1')
  expect(state.layout).toMatchObject({
    preset: 'compare',
    panes: [
      { kind: 'slice', plane: 'xy', volumeId: null },
      { kind: 'slice', plane: 'xz', volumeId: 'f2' }
    ],
    tree: { direction: 'row', children: [{ pane: 'pane-1' }, { pane: 'pane-2' }] }
  })
  expect(state.views).toEqual({
    f1: { cursor: { x: 12, y: 40, z: 7 }, centre: { x: 20.5, y: 41, z: 7.5 }, scale: 3.5, fit: null, framed: null }
  })
  expect(state.contrast.displays).toEqual({
    'grey:f1': { low: -12.5, high: 30, gamma: 1.2, invert: true, colourMap: 'viridis', auto: false }
  })
  expect(state.regions).toEqual({ f1: { x: [4, 36], y: [10, 60], z: [0, 16] } })
  expect(state.wedges.f1).toEqual({
    tiltAxis: 'y',
    beamAxis: 'z',
    tiltMin: -48,
    tiltMax: 60,
    edgeSoftness: 0,
    lowPass: null
  })
  // What version 1 did not have is as in a new window.
  expect(state.plan).toEqual(emptyState.plan)
})

test('the least of version 1, with places that are not in its list', () => {
  const { state } = readSession(fixture('version-1-least.wedgeview'), 'old.wedgeview')
  expect(state.shown.tomogram).toBe('f1')
  expect(state.layout).toMatchObject({
    preset: 'single',
    panes: [{ plane: 'yz', volumeId: null }],
    tree: { pane: 'pane-1' }
  })
  expect(state.views).toEqual({})
})

function refusal(text: string): { code: string; message: string } {
  try {
    readSession(text, 'x.wedgeview')
  } catch (error) {
    if (error instanceof WedgeviewError) return error
  }
  throw new Error('it was not refused')
}

test('what is no session, a later one, or a damaged one is refused in words', () => {
  const whole = JSON.stringify(sessionFileOf())
  for (const foreign of [
    '',
    'MAP ',
    '{}',
    '[1]',
    'null',
    '{"format":"wedgeview-session"}',
    '{"format":"other","version":2}'
  ])
    expect(refusal(foreign).code, foreign).toBe('session-foreign')
  const newer = refusal(JSON.stringify({ ...sessionFileOf(), version: 3, program: '2.0.0' }))
  expect(newer.code).toBe('session-newer')
  expect(newer.message).toContain('Wedgeview 2.0.0')
  expect(refusal(whole.slice(0, whole.length / 2))).toMatchObject({ code: 'session-damaged' })
  const wrong = sessionFileOf({ ...emptyState, glyphs: { ...emptyState.glyphs, crosshair: true } })
  const damaged = refusal(JSON.stringify(wrong).replace('"crosshair":true', '"crosshair":"yes"'))
  expect(damaged.code).toBe('session-damaged')
  expect(damaged.message).toContain('state › glyphs › crosshair')
})

test('a layout that does not hold each pane once is refused: the window could not draw it', () => {
  const { layout } = emptyState
  const trees = [
    { pane: 'other' },
    { id: 's', direction: 'row', shares: null, children: [{ pane: 'single' }, { pane: 'single' }] },
    { id: 's', direction: 'row', shares: null, children: [] },
    { id: 's', direction: 'row', shares: [0.5, 0.5], children: [{ pane: 'single' }] }
  ]
  for (const tree of trees) {
    const text = JSON.stringify({ ...sessionFileOf(), state: { ...emptyState, layout: { ...layout, tree } } })
    expect(refusal(text).code).toBe('session-damaged')
  }
  const deep = `${'{"id":"s","direction":"row","shares":null,"children":['.repeat(20_000)}{"pane":"single"}${']}'.repeat(20_000)}`
  const nested = JSON.stringify({ ...sessionFileOf(), state: { ...emptyState, layout: { ...layout, tree: 0 } } })
  expect(refusal(nested.replace('"tree":0', `"tree":${deep}`)).code).toBe('session-damaged')
})
