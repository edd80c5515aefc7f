import type { StoreApi } from 'zustand'
import { useBundles } from '../stores/bundles.ts'
import { useContrast } from '../stores/contrast.ts'
import { useFilters } from '../stores/filters.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import { useOverlay } from '../stores/overlay.ts'
import { useRegion } from '../stores/region.ts'
import { useRunPlan } from '../stores/runPlan.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useWedge } from '../stores/wedge.ts'
import { useBeamGlyph } from '../directions/beamGlyphStore.ts'
import { useSpectrumChoice } from '../directions/spectrumChoice.ts'
import { useParts } from '../uncertainty/parts.ts'
import { useVolumeView } from '../stores/volumeView.ts'
import { useMeasure } from '../measure/measurements.ts'
import type { Source } from './history.ts'
import { leavesOf, partsOf, withLeaves, type Shape, type Sides } from './leaves.ts'

interface Covered<State extends object> {
  name: string
  store: Pick<StoreApi<State>, 'getState' | 'setState' | 'subscribe'>
  /** Which fields are settings, and how deep theirs lie. */
  shape(state: State): Shape
  topic(path: string): string
  /** A value that may be put back; undefined where it must not be, because what it speaks of is gone. */
  mend?(path: string, value: unknown): unknown
}

function source<State extends object>({ name, store, shape, topic, mend }: Covered<State>): Source {
  return {
    name,
    topic,
    read: () => leavesOf(store.getState(), shape(store.getState())),
    write: (leaves) => {
      const kept = new Map<string, Sides>()
      for (const [path, { to, from }] of leaves) {
        const value = mend && typeof to !== 'symbol' ? mend(path, to) : to
        if (value !== undefined) kept.set(path, { to: value, from })
      }
      store.setState((state) => {
        const changed: Partial<State> = {}
        return Object.assign(changed, withLeaves(state, kept))
      })
    },
    subscribe: (listener) => store.subscribe(listener)
  }
}

/** Every field of a store but those named, each as one setting unless it is said how deep it goes. */
function fieldsBut(except: readonly string[], deep: Shape = {}): (state: object) => Shape {
  return (state) => {
    const fields = Object.keys(state).filter((field) => !except.includes(field))
    return Object.fromEntries(fields.map((field) => [field, deep[field] ?? 0]))
  }
}

const isOpen = (id: unknown): boolean => typeof id === 'string' && id in useVolumes.getState().volumes

/** References to volumes that were closed since become "whatever is looked at". */
function withoutClosed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutClosed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const gone = /volume(Id)?$/i.test(key) && typeof inner === 'string' && !isOpen(inner)
      return [key, gone ? null : withoutClosed(inner)]
    })
  )
}

const viewTopics: Readonly<Record<string, string>> = { cursor: 'move', centre: 'view', scale: 'zoom', fit: 'zoom' }

/**
 * What a person sets in the window: how things are looked at, and what is to be run. Files, runs and what the engine found out are
 * data, and never taken back; nor are panels, dialogs and the theme.
 */
export const sources: readonly Source[] = [
  source({
    name: 'view',
    store: useView,
    shape: fieldsBut(['tool'], { views: 2 }),
    topic: (path) => viewTopics[partsOf(path)[2] ?? ''] ?? 'what is shown'
  }),
  source({ name: 'contrast', store: useContrast, shape: fieldsBut([], { displays: 2 }), topic: () => 'contrast' }),
  source({ name: 'filters', store: useFilters, shape: fieldsBut([], { filters: 1 }), topic: () => 'filter' }),
  source({
    name: 'overlay',
    store: useOverlay,
    shape: fieldsBut([], { overlays: 2 }),
    topic: () => 'overlay',
    mend: (path, value) => (partsOf(path).at(-1) === 'volumeId' && value !== null && !isOpen(value) ? undefined : value)
  }),
  source({
    name: 'layout',
    store: useLayout,
    shape: fieldsBut(['activePane', 'leftOpen', 'rightOpen']),
    topic: () => 'layout',
    mend: (_path, value) => withoutClosed(value)
  }),
  source({
    name: 'volumes',
    store: useVolumes,
    shape: () => ({ tomogram: 0, base: 1 }),
    topic: () => 'volume shown',
    mend: (_path, value) => (isOpen(value) ? value : undefined)
  }),
  source({ name: 'region', store: useRegion, shape: () => ({ boxes: 1 }), topic: () => 'region' }),
  source({
    name: 'wedge',
    store: useWedge,
    shape: () => ({ wedges: 2 }),
    topic: () => 'missing wedge'
  }),
  source({
    name: 'run plan',
    store: useRunPlan,
    shape: () => ({ methods: 0, settings: 1, device: 0 }),
    topic: () => 'run settings'
  }),
  source({
    name: 'bundle',
    store: useBundles,
    shape: () => ({ chosen: 0 }),
    topic: () => 'bundle',
    mend: (_path, value) => (useBundles.getState().bundles.some(({ path }) => path === value) ? value : undefined)
  }),
  source({ name: 'links', store: useLinks, shape: () => ({ groups: 2 }), topic: () => 'links' }),
  source({ name: 'parts', store: useParts, shape: () => ({ parts: 1 }), topic: () => 'part shown' }),
  source({ name: 'spectrum', store: useSpectrumChoice, shape: () => ({ choices: 2 }), topic: () => 'spectrum' }),
  source({ name: 'beam glyph', store: useBeamGlyph, shape: () => ({ shown: 0 }), topic: () => 'what is shown' }),
  source({
    name: '3-D',
    store: useVolumeView,
    shape: () => ({ looks: 2, cameras: 1 }),
    topic: (path) => (partsOf(path)[0] === 'cameras' ? '3-D view' : '3-D drawing')
  }),
  source({ name: 'measure', store: useMeasure, shape: () => ({ lines: 1 }), topic: () => 'measurement' })
]
