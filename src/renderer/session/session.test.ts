import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import type { Job } from '../../shared/jobs.ts'
import { renamed } from '../../shared/session/rename.ts'
import { arbitraryState } from '../../shared/session/testing/arbitrary-session.ts'
import { emptyState } from '../../shared/session/empty-state.ts'
import { figureSpecSchema } from '../../shared/figure.ts'
import { specOf, takeSpec, useFigure } from '../figure/figureStore.ts'
import { keepFigure } from '../figure/keepFigure.ts'
import type { SessionState } from '../../shared/session/state.ts'
import { followContrasts } from '../panes/linkContrasts.ts'
import { followViews } from '../panes/linkViews.ts'
import { slicePane } from '../stores/paneKinds.ts'
import { putJob } from '../stores/jobs.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { defaultOverlay } from '../stores/overlay.ts'
import { testVolume } from '../stores/testVolume.ts'
import { addView, useView } from '../stores/view.ts'
import { putVolume, showVolume, useVolumes } from '../stores/volumes.ts'
import { editWedge, putWedgeReport, useWedge } from '../stores/wedge.ts'
import { readState } from './readState.ts'
import { sessionDocument, worthSaving } from './sessionDocument.ts'
import { missingId, useSessionFile } from './sessionStore.ts'
import { writeState } from './writeState.ts'
import { defaultWedge } from '../../shared/wedge.ts'

const inOne: OpenVolume['region'] = { tomogram: 'one', box: { x: [10, 30], y: [20, 40], z: [5, 15] } }

function jobOf(id: string, path: string): Job {
  return {
    id,
    request: {
      volumePath: path,
      bundlePath: '/b',
      method: 'cryowgen-2',
      outPath: `/data/one.wedgeview/${id}`,
      wedge: defaultWedge,
      wedgeSource: 'given',
      roi: null,
      settings: {},
      device: 'cpu',
      threads: null
    },
    state: 'done',
    progress: null,
    failure: null,
    volumes: ['m', 's'],
    run: null,
    runId: id
  }
}

beforeEach(() => {
  useVolumes.setState({ volumes: {}, order: [], tomogram: null, base: {}, files: [] })
  useView.setState({ views: {} })
  useWedge.setState({ wedges: {}, failures: {} })
  useSessionFile.setState({ path: null, unsaved: false, savedAs: null, opening: false, lost: null })
  const one = testVolume('one')
  const two = testVolume('two')
  const region = inOne
  const info = (name: string) => ({ ...one.info, path: `/data/one.wedgeview/run-1/${name}.mrc` })
  for (const volume of [
    one,
    two,
    testVolume('m', { region, role: 'mean', runId: 'run-1', info: info('mean') }),
    testVolume('s', { region, role: 'std', runId: 'run-1', info: info('std') })
  ])
    putVolume(volume)
  addView('one', one)
  addView('two', two)
  putJob(jobOf('run-1', one.info.path))
  showVolume('one')
})

const window = { tomograms: ['one', 'two'], maps: ['m', 's'], runs: ['run-1'] }

test('whatever a session says, the stores say after it was opened, and the next session is the same', () => {
  fc.assert(
    fc.property(arbitraryState(window), (state) => {
      writeState(state)
      const read = readState()
      // Views of both tomograms are there whether or not the session has them.
      expect({ ...read, views: { ...read.views, ...state.views } }).toEqual({ ...state, views: read.views })
      for (const [key, view] of Object.entries(state.views)) expect(read.views[key]).toEqual(view)
      const document = sessionDocument('')
      const names = new Map(document.volumes.map(({ key }) => [key, key]))
      expect(renamed(document.state, { volume: (key) => names.get(key) ?? null, run: (key) => key })).toEqual(
        document.state
      )
      expect(document.runs.map(({ path }) => path)).toEqual(['/data/one.wedgeview/run-1'])
    }),
    { numRuns: 60 }
  )
})

test('maps go by their run’s folder and their file’s name, parts and probabilities by how they are made', () => {
  const part = { kind: 'part', part: 'measured', from: 'm', revision: 0, meanGrey: 1 } as const
  putVolume(testVolume('p', { region: inOne, role: 'measured-part', runId: 'run-1', derived: part }))
  const probability = {
    kind: 'probability',
    estimate: 'gaussian',
    threshold: 4,
    from: 'm',
    revision: 0,
    members: null
  } as const
  putVolume(testVolume('q', { region: inOne, role: 'probability', runId: 'run-1', derived: probability }))
  writeState({
    ...emptyState,
    shown: { tomogram: 'one', base: { one: 'p' } },
    overlays: { one: { ...defaultOverlay, contours: [], volumeId: 'q' } }
  })
  const { volumes, state } = sessionDocument('')
  expect(volumes).toEqual([
    { key: 'f1', kind: 'tomogram', file: 'f1' },
    { key: 'f2', kind: 'tomogram', file: 'f2' },
    { key: 'r1/mean', kind: 'map', run: 'r1', map: 'mean' },
    { key: 'r1/mean/measured', kind: 'part', of: 'r1/mean', part: 'measured' },
    { key: 'r1/P', kind: 'probability', run: 'r1', threshold: 4, estimate: 'gaussian' }
  ])
  expect(state.shown.base).toEqual({ f1: 'r1/mean/measured' })
  expect(state.overlays.f1.volumeId).toBe('r1/P')
})

test('what was not found when a session was opened is in it when it is saved again', () => {
  const named = sessionDocument('')
  const gone = { key: 'f9', path: '/away/nine.mrc', lastSeen: null, identity: null, truncated: 'refuse' } as const
  const run = { key: 'r9', path: '/away/run', lastSeen: null, file: 'f9', method: 'cryogen-1' } as const
  const session = {
    files: [...named.files, gone],
    runs: [...named.runs, run],
    volumes: [
      ...named.volumes,
      { key: 'f9', kind: 'tomogram', file: 'f9' },
      { key: 'x', kind: 'map', run: 'r9', map: 'map' }
    ]
  } as const
  useSessionFile.setState({
    lost: {
      session: { files: [...session.files], runs: [...session.runs], volumes: [...session.volumes] },
      volumeIds: new Map([['f1', 'one']]),
      runIds: new Map([['r1', 'run-1']]),
      fileIds: new Map([
        ['f1', 'one'],
        ['f2', 'two']
      ])
    }
  })
  writeState({
    ...emptyState,
    layout: {
      ...emptyState.layout,
      panes: emptyState.layout.panes.map((pane) =>
        pane.kind === 'slice' ? { ...pane, volumeId: missingId('x') } : pane
      )
    },
    filters: { [missingId('f9')]: { slab: null, sigma: 2, band: null } }
  })
  const saved = sessionDocument('')
  expect(saved.files.at(-1)).toMatchObject({ key: 'lost/f9', path: '/away/nine.mrc' })
  expect(saved.runs.at(-1)).toMatchObject({ key: 'lost/r9', file: 'lost/f9' })
  expect(saved.volumes.at(-1)).toEqual({ key: 'lost/f9', kind: 'tomogram', file: 'lost/f9' })
  expect(saved.volumes).toContainEqual({ key: 'lost/x', kind: 'map', run: 'lost/r9', map: 'map' })
  expect(saved.state.layout.panes[0]).toMatchObject({ volumeId: 'lost/x' })
  expect(saved.state.filters).toEqual({ 'lost/f9': { slab: null, sigma: 2, band: null } })
})

test('a box, a crosshair and a zoom of another volume are brought within this one', () => {
  writeState({
    ...emptyState,
    regions: { one: { x: [-5, 400], y: [200, 300], z: [0, 10] }, two: { x: [500, 600], y: [0, 1], z: [0, 1] } },
    views: {
      one: {
        cursor: { x: 900, y: -4, z: 2.6 },
        centre: { x: 900, y: 3, z: -1 },
        scale: 1e9,
        fit: { x: [500, 600], y: [0, 9], z: [0, 9] },
        framed: null
      },
      gone: { cursor: { x: 0, y: 0, z: 0 }, centre: { x: 0, y: 0, z: 0 }, scale: 1, fit: null, framed: null }
    }
  })
  const state = readState()
  expect(state.regions).toEqual({ one: { x: [0, 94], y: [200, 206], z: [0, 10] } })
  expect(state.views.one).toMatchObject({
    cursor: { x: 93, y: 0 },
    centre: { x: 94, y: 3, z: 0 },
    scale: 128,
    fit: { x: [0, 94], y: [0, 206], z: [0, 36] }
  })
  expect(state.views.gone).toBeUndefined()
})

test('a wedge that a person set is kept, also when the engine’s own comes later; one that was found is not', () => {
  putWedgeReport('one', {
    wedge: defaultWedge,
    source: 'estimated',
    uncertaintyDegrees: 1,
    measuredFraction: 0.6,
    powerByAngle: []
  })
  expect(readState().wedges).toEqual({})
  editWedge('one', { tiltMin: -48 })
  const given = { ...defaultWedge, tiltMin: -48 }
  expect(readState().wedges).toEqual({ one: given })
  writeState({ ...emptyState, wedges: { two: given } })
  putWedgeReport('two', {
    wedge: defaultWedge,
    source: 'estimated',
    uncertaintyDegrees: 1,
    measuredFraction: 0.6,
    powerByAngle: []
  })
  expect(useWedge.getState().wedges.two).toMatchObject({
    source: 'given',
    wedge: { tiltMin: -48 },
    report: { source: 'estimated' }
  })
})

test('moving about is not worth a question, arranging is', () => {
  const before = worthSaving(sessionDocument(''))
  const { views, layout, ...rest } = readState()
  const moved = { ...views.one, cursor: { x: 1, y: 2, z: 3 }, scale: 4, fit: null }
  writeState({ ...rest, layout: { ...layout, leftOpen: false }, views: { ...views, one: moved } })
  expect(worthSaving(sessionDocument(''))).toBe(before)
  writeState({ ...rest, layout, views, regions: { one: { x: [0, 5], y: [0, 5], z: [0, 5] } } })
  expect(worthSaving(sessionDocument(''))).not.toBe(before)
})

test('a figure edited by hand is kept with its volumes by their keys; files that it names keep their paths', () => {
  keepFigure()
  const panel = (volume: string) => ({
    kind: 'slice',
    volume,
    plane: 'xy',
    index: 0,
    contrast: { low: 0, high: 1 }
  })
  const spec = figureSpecSchema.parse({ formatVersion: 1, panels: [panel('m'), panel('/data/other.mrc')], dpi: 450 })
  takeSpec(spec)
  const { state } = sessionDocument('')
  expect(state.documents.figure).toMatchObject({
    dpi: 450,
    panels: [{ volume: 'r1/mean' }, { volume: '/data/other.mrc' }]
  })
  writeState({ ...emptyState, documents: {} })
  expect(useFigure.getState().entries).toEqual([])
  const toIds = { volume: (key: string) => (key === 'r1/mean' ? 'm' : null), run: () => null }
  writeState(renamed({ ...emptyState, documents: state.documents }, toIds))
  expect(specOf(useFigure.getState())).toEqual(spec)
  // What is no figure is not taken for one, and what nobody here knows is kept for who does.
  writeState({ ...emptyState, documents: { figure: { panels: 3 }, later: { a: 1 } } })
  expect(useFigure.getState().entries).toEqual([])
  expect(readState().documents).toEqual({ later: { a: 1 } })
})

test('linked panes of two tomograms don’t carry over to each other what a session gives each', () => {
  const stops = [followContrasts(), followViews()]
  try {
    const pane = (id: string, volumeId: string) => ({ ...slicePane(id, { volumeId }), comparison: null })
    const display = { low: 1, high: 2, gamma: 1, invert: false, colourMap: 'grey', auto: false } as const
    const view = { centre: { x: 1, y: 1, z: 1 }, scale: 2, fit: null, framed: null }
    const state = (shift: number): SessionState => ({
      ...emptyState,
      layout: {
        ...emptyState.layout,
        panes: [pane('a', 'one'), pane('b', 'two')],
        tree: { id: 's', direction: 'row', shares: null, children: [{ pane: 'a' }, { pane: 'b' }] }
      },
      contrast: {
        linked: true,
        displays: { 'grey:one': { ...display, low: shift }, 'grey:two': { ...display, high: 50 + shift } }
      },
      views: {
        one: { ...view, cursor: { x: shift, y: 2, z: 3 } },
        two: { ...view, cursor: { x: 40, y: 20 + shift, z: 9 }, scale: 5 }
      }
    })
    for (const shift of [0, 1]) {
      writeState(state(shift))
      const { contrast, views } = readState()
      expect(contrast).toEqual(state(shift).contrast)
      expect([views.one.cursor, views.two.cursor]).toEqual([
        state(shift).views.one.cursor,
        state(shift).views.two.cursor
      ])
      expect([views.one.scale, views.two.scale]).toEqual([2, 5])
    }
  } finally {
    stops.forEach((stop) => stop())
  }
})
