import { figureSpecSchema } from '../figure.ts'
import { renamedVolumes } from '../figure-names.ts'
import type { SessionPane, SessionState } from './state.ts'

/** What volumes and runs are called on the other side. Null: it is nothing there. */
export interface Names {
  volume(id: string): string | null
  run(id: string): string | null
}

/**
 * The same state with other names for volumes and runs: a process's ids in place of a session's keys, or the other way round. What has no
 * name there is left out; a pane whose volume has none shows what the list shows.
 */
export function renamed(state: SessionState, names: Names): SessionState {
  const volume = (id: string | null): string | null => (id === null ? null : names.volume(id))
  const byVolume = <Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> =>
    mapKeys(entries, (key) => scoped(key, names))
  const pane = (one: SessionPane): SessionPane => {
    if (one.kind === 'position' || one.kind === 'awaiting') return one
    const own = { ...one, volumeId: volume(one.volumeId) }
    if (own.kind !== 'slice' || own.comparison === null) return own
    return { ...own, comparison: { ...own.comparison, volumeId: volume(own.comparison.volumeId) } }
  }
  const base = Object.entries(state.shown.base).flatMap(([tomogram, shown]) => {
    const [of, to] = [names.volume(tomogram), names.volume(shown)]
    return of === null || to === null ? [] : [[of, to]]
  })
  const pin = state.family.pin && { ...state.family.pin, volumeId: volume(state.family.pin.volumeId) }
  return {
    ...state,
    shown: { tomogram: volume(state.shown.tomogram), base: Object.fromEntries(base) },
    layout: { ...state.layout, panes: state.layout.panes.map(pane) },
    views: byVolume(state.views),
    contrast: { ...state.contrast, displays: byVolume(state.contrast.displays) },
    filters: byVolume(state.filters),
    overlays: mapValues(byVolume(state.overlays), (overlay) => ({ ...overlay, volumeId: volume(overlay.volumeId) })),
    regions: byVolume(state.regions),
    wedges: byVolume(state.wedges),
    parts: byVolume(state.parts),
    family: {
      ...state.family,
      pin: pin && pin.volumeId !== null ? { ...pin, volumeId: pin.volumeId } : null,
      preview: mapKeys(state.family.preview, (run) => names.run(run))
    },
    volume3d: {
      ...state.volume3d,
      looks: mapValues(state.volume3d.looks, (look) => ({ ...look, tintId: volume(look.tintId) }))
    },
    spectra: mapValues(state.spectra, (choice) => ({ ...choice, source: spectrumSource(choice.source, names) })),
    measurements: byVolume(state.measurements),
    documents: Object.fromEntries(
      Object.entries(state.documents).map(([name, document]) => [
        name,
        name === 'figure' ? renamedFigure(document, names) : renamedDeep(document, names)
      ])
    )
  }
}

const shared = 'grey:'

/** `grey:f1@B` with the name of f1 in it. */
function scoped(key: string, names: Names): string | null {
  const prefix = key.startsWith(shared) ? shared : ''
  const [, id, scope] = /^([^#@]*)(.*)$/.exec(key.slice(prefix.length)) ?? ['', key, '']
  const name = names.volume(id)
  return name === null ? null : `${prefix}${name}${scope}`
}

const ofMembers = 'deviations:'

function spectrumSource(source: string | null, names: Names): string | null {
  if (source === null) return null
  if (!source.startsWith(ofMembers)) return names.volume(source)
  const run = names.run(source.slice(ofMembers.length))
  return run === null ? null : `${ofMembers}${run}`
}

/** A figure's panels may name files, too, which keep their names. What is no figure stays as it is: whoever reads it refuses it. */
function renamedFigure(document: unknown, names: Names): unknown {
  const spec = figureSpecSchema.safeParse(document).data
  return spec ? renamedVolumes(spec, (name) => names.volume(name) ?? name) : document
}

/** Fields that name a volume in documents with schemas of their own. */
const volumeFields = /^(volume|volumeId|tomogram|tintId|other|base)$/
const runFields = /^(run|runId)$/

function renamedDeep(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((inner: unknown) => renamedDeep(inner, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]: [string, unknown]) => {
      if (typeof inner !== 'string') return [field, renamedDeep(inner, names)]
      if (volumeFields.test(field)) return [field, names.volume(inner) ?? inner]
      if (runFields.test(field)) return [field, names.run(inner) ?? inner]
      return [field, inner]
    })
  )
}

function mapKeys<Value>(
  entries: Readonly<Record<string, Value>>,
  rename: (key: string) => string | null
): Record<string, Value> {
  const kept: Record<string, Value> = {}
  for (const [key, value] of Object.entries(entries)) {
    const name = rename(key)
    if (name !== null) kept[name] = value
  }
  return kept
}

function mapValues<Value, Other>(
  entries: Readonly<Record<string, Value>>,
  change: (value: Value) => Other
): Record<string, Other> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(value)]))
}
