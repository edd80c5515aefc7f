import fc from 'fast-check'
import { emptyState } from '../empty-state.ts'
import { sessionFormat, sessionVersion, type SessionFile } from '../session-file.ts'
import type { SessionPane, SessionState } from '../state.ts'

/** Random sessions for tests of what goes through a file: everything that a person can set, on volumes and runs of given names. */
interface Named {
  tomograms: readonly string[]
  maps: readonly string[]
  runs: readonly string[]
}

const real = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => value + 0)
const positive = fc.double({ noNaN: true, min: 1e-3, max: 1e3 })
const share = fc.double({ noNaN: true, min: 0, max: 1 })
const point = fc.record({ x: share, y: share, z: share })
const range = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 5, max: 9 }))
const box = fc.record({ x: range, y: range, z: range })
const voxel = fc.integer({ min: 0, max: 9 })
const plane = fc.constantFrom('xy' as const, 'xz' as const, 'yz' as const)
const link = fc.constantFrom('A' as const, 'B' as const, 'C' as const, 'D' as const)
const method = fc.constantFrom('cryogen-1' as const, 'cryogen-2' as const, 'cryowgen-1' as const, 'cryowgen-2' as const)
const colours = fc.constantFrom('grey' as const, 'viridis' as const, 'magma' as const, 'blue-red' as const)
const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text !== '__proto__')
const rotation = fc.tuple(real, real, real, real)
const camera = fc.record({ rotation, target: point, height: positive, perspective: fc.boolean() })
const flags = fc.record({ position: fc.boolean(), zoom: fc.boolean(), contrast: fc.boolean() })

function entries<Value>(keys: fc.Arbitrary<string>, value: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> {
  return fc
    .uniqueArray(fc.tuple(keys, value), { maxLength: 4, selector: ([key]) => key })
    .map((pairs) => Object.fromEntries(pairs))
}

export function arbitraryState({ tomograms, maps, runs }: Named): fc.Arbitrary<SessionState> {
  const volume = fc.constantFrom(...tomograms, ...maps)
  const tomogram = fc.constantFrom(...tomograms)
  const run = fc.constantFrom(...runs)
  const scope = fc.constantFrom('', '#pane-1', '@B')
  const scoped = fc.tuple(tomogram, scope).map(([of, at]) => of + at)
  const display = fc.tuple(fc.constantFrom('', 'grey:'), scoped).map(([prefix, key]) => prefix + key)
  const comparison = fc.record({
    mode: fc.constantFrom('swipe' as const, 'checkerboard' as const, 'flicker' as const, 'difference' as const),
    volumeId: fc.option(volume),
    swipe: share,
    cell: fc.integer({ min: 1, max: 200 }),
    rate: fc.double({ noNaN: true, min: 0.2, max: 5 }),
    playing: fc.boolean(),
    range: fc.option(positive),
    deviations: positive
  })
  const looking = { plane, volumeId: fc.option(volume), link: fc.option(link) }
  const slice = fc.record({
    kind: fc.constant('slice' as const),
    id: fc.constant(''),
    ...looking,
    method: fc.option(method),
    transposed: fc.boolean(),
    overlay: fc.boolean(),
    comparison: fc.option(comparison)
  })
  const other = (kind: 'spectrum' | 'curves' | 'volume') =>
    fc.record({ kind: fc.constant(kind), id: fc.constant(''), ...looking })
  const pane = fc.oneof(slice, other('spectrum'), other('curves'), other('volume'))
  const panes = fc
    .array(pane, { minLength: 1, maxLength: 5 })
    .map((list): SessionPane[] => list.map((one, i) => ({ ...one, id: `pane-${i + 1}` })))
  const preset = fc.constantFrom('single' as const, 'planes' as const, 'compare' as const, 'family' as const)
  const layout = fc.record({ preset, panes, leftOpen: fc.boolean(), rightOpen: fc.boolean() }).map((made) => ({
    ...made,
    tree:
      made.panes.length === 1
        ? { pane: 'pane-1' }
        : { id: 's', direction: 'row' as const, shares: null, children: made.panes.map(({ id }) => ({ pane: id })) },
    activePane: 'pane-1'
  }))
  const overlay = fc.record({
    volumeId: fc.option(volume),
    visible: fc.boolean(),
    colourMap: colours,
    low: fc.option(real),
    high: fc.option(real),
    threshold: fc.option(real),
    opacity: share,
    opacityByValue: fc.boolean(),
    contours: fc.array(real, { maxLength: 5 }),
    style: fc.constantFrom('colours' as const, 'value-suppressing' as const),
    treeRows: fc.integer({ min: 1, max: 5 }),
    valueColours: colours
  })
  const clip = fc.tuple(share, share)
  const look = fc.record({
    mode: fc.constantFrom('maximum' as const, 'direct' as const, 'surface' as const, 'crossing' as const),
    denseIsDark: fc.option(fc.boolean()),
    level: fc.option(real),
    opacity: fc.array(fc.record({ share, opacity: share }), { minLength: 1, maxLength: 4 }),
    colourMap: colours,
    tintId: fc.option(volume),
    background: fc.constantFrom('window' as const, 'black' as const, 'white' as const),
    depthCue: share,
    clip: fc.record({ x: clip, y: clip, z: clip }),
    cutFront: share,
    slices: fc.record({ x: fc.boolean(), y: fc.boolean(), z: fc.boolean() }),
    regionOnly: fc.boolean(),
    detail: fc.constantFrom('automatic' as const, 'full' as const),
    cone: fc.boolean()
  })
  const line = fc.record({ id: fc.integer({ min: 1, max: 99 }), from: point, to: point })
  const band = fc.record({ unit: fc.constant('nm' as const), low: fc.option(positive), high: fc.option(positive) })
  return fc.record({
    shown: fc.record({ tomogram, base: entries(tomogram, volume) }),
    layout,
    links: fc.record({ A: flags, B: flags, C: flags, D: flags }),
    views: entries(
      scoped,
      fc.record({
        cursor: fc.record({ x: voxel, y: voxel, z: voxel }),
        centre: point,
        scale: fc.double({ noNaN: true, min: 0.01, max: 128 }),
        fit: fc.option(box),
        framed: box
      })
    ),
    glyphs: fc.record({ crosshair: fc.boolean(), scaleBar: fc.boolean(), smooth: fc.boolean(), beam: fc.boolean() }),
    contrast: fc.record({
      linked: fc.boolean(),
      displays: entries(
        display,
        fc.record({
          low: real,
          high: real,
          gamma: positive,
          invert: fc.boolean(),
          colourMap: colours,
          auto: fc.boolean()
        })
      )
    }),
    filters: entries(
      tomogram,
      fc.record({
        slab: fc.option(
          fc.record({
            kind: fc.constantFrom('mean' as const, 'max' as const),
            slices: fc.integer({ min: 1, max: 100 })
          })
        ),
        sigma: fc.double({ noNaN: true, min: 0, max: 50 }),
        band: fc.option(band)
      })
    ),
    overlays: entries(tomogram, overlay),
    regions: entries(tomogram, box),
    wedges: entries(
      tomogram,
      fc.record({
        tiltAxis: fc.constant('y' as const),
        beamAxis: fc.constant('z' as const),
        tiltMin: fc.integer({ min: -90, max: -1 }),
        tiltMax: fc.integer({ min: 1, max: 90 }),
        edgeSoftness: fc.integer({ min: 0, max: 4 }),
        lowPass: fc.option(positive)
      })
    ),
    parts: entries(tomogram, fc.constantFrom('all' as const, 'measured' as const, 'filled-in' as const)),
    plan: fc.record({
      methods: fc.uniqueArray(method),
      settings: fc.record({ gamma: positive, steps: fc.integer({ min: 1, max: 999 }) }, { requiredKeys: [] }),
      device: fc.constantFrom('auto' as const, 'cpu' as const)
    }),
    family: fc.record({
      open: fc.boolean(),
      membersPerSecond: fc.constantFrom(0.5, 1, 4, 15),
      pin: fc.option(fc.record({ volumeId: volume, paneId: fc.constant('pane-1') })),
      preview: entries(run, positive),
      continueOnRest: fc.boolean()
    }),
    volume3d: fc.record({
      looks: entries(fc.constantFrom('pane-1', 'pane-2'), look),
      cameras: entries(fc.constantFrom('pane-1', 'pane-2'), camera),
      saved: entries(name, camera)
    }),
    spectra: entries(
      fc.constantFrom('pane-1', 'pane-2'),
      fc.record({
        plane: fc.option(plane),
        source: fc.option(
          fc.oneof(
            volume,
            run.map((id) => `deviations:${id}`)
          )
        )
      })
    ),
    measurements: entries(tomogram, fc.array(line, { minLength: 1, maxLength: 4 })),
    documents: fc.constant({})
  })
}

/** A session file on f1, f2, the run r1 of f1, and two of its maps. */
export function sessionFileOf(state: SessionState = emptyState): SessionFile {
  return {
    format: sessionFormat,
    version: sessionVersion,
    program: '1.2.3',
    savedAt: '2026-11-20T12:00:00.000Z',
    files: ['f1', 'f2'].map((key) => ({
      key,
      path: `${key}.mrc`,
      lastSeen: null,
      identity: null,
      truncated: 'refuse'
    })),
    runs: [{ key: 'r1', path: 'f1.wedgeview/cryowgen-2-1', lastSeen: null, file: 'f1', method: 'cryowgen-2' }],
    volumes: [
      { key: 'f1', kind: 'tomogram', file: 'f1' },
      { key: 'f2', kind: 'tomogram', file: 'f2' },
      { key: 'r1/mean', kind: 'map', run: 'r1', map: 'mean' },
      { key: 'r1/std', kind: 'map', run: 'r1', map: 'std' }
    ],
    bundle: null,
    state
  }
}
