import type { Job } from '../../shared/jobs.ts'
import { renamed } from '../../shared/session/rename.ts'
import {
  sessionFormat,
  sessionVersion,
  type SessionFile,
  type SessionVolume
} from '../../shared/session/session-file.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { chosenBundle, useBundles } from '../stores/bundles.ts'
import { useJobs } from '../stores/jobs.ts'
import { useSession } from '../stores/session.ts'
import { useVolumes } from '../stores/volumes.ts'
import { readState } from './readState.ts'
import { missingKey, useSessionFile, type Lost } from './sessionStore.ts'

/** What is open and how it is looked at, as a session; paths are absolute. */
export function sessionDocument(savedAt: string): SessionFile {
  const tables = new Tables()
  const state = renamed(readState(), { volume: (id) => tables.volume(id), run: (id) => tables.run(id) })
  const bundle = chosenBundle(useBundles.getState())
  return {
    format: sessionFormat,
    version: sessionVersion,
    program: useSession.getState().info?.version ?? '',
    savedAt,
    files: tables.files,
    runs: tables.runs,
    volumes: tables.volumes,
    bundle: bundle && { path: bundle.path, lastSeen: null, name: bundle.name, sha256: bundle.sha256 },
    state
  }
}

/** The name of a map's file in its run folder, without the ending. */
export function mapName({ info }: OpenVolume): string {
  return (info.path.split(/[\\/]/).at(-1) ?? info.path).replace(/\.mrc$/i, '')
}

/** Marks what an opened session named and was not there, so that its keys meet no others. */
const lostPrefix = 'lost/'
const lostKey = (key: string): string => (key.startsWith(lostPrefix) ? key : lostPrefix + key)

/** Gives volumes and runs keys as they are named, and lists what the keys stand for. All tomograms and their runs are listed, maps as needed. */
class Tables {
  readonly files: SessionFile['files'] = []
  readonly runs: SessionFile['runs'] = []
  readonly volumes: SessionVolume[] = []
  readonly #open = useVolumes.getState().volumes
  readonly #keys = new Map<string, string>()
  readonly #runKeys = new Map<string, string>()
  readonly #lost: Lost | null = useSessionFile.getState().lost

  constructor() {
    const { order } = useVolumes.getState()
    const tomograms = order
      .map((id) => this.#open[id])
      .filter(({ region, info }) => region === null && info.format !== 'memory')
    const fileKeys = new Map<string, string>()
    for (const { id, info } of tomograms) {
      const key = `f${this.files.length + 1}`
      this.files.push({
        key,
        path: info.path,
        lastSeen: null,
        identity: null,
        truncated: info.partial ? 'read' : 'refuse'
      })
      this.volumes.push({ key, kind: 'tomogram', file: key })
      this.#keys.set(id, key)
      fileKeys.set(info.path, key)
    }
    for (const job of jobsInOrder()) {
      const file = fileKeys.get(job.request.volumePath)
      if (file === undefined || job.state === 'failed') continue
      const key = `r${this.runs.length + 1}`
      this.runs.push({ key, path: job.request.outPath, lastSeen: null, file, method: job.request.method })
      this.#runKeys.set(job.id, key)
    }
    this.#listLost()
  }

  /** Null: it can't be named in a session, or is closed. */
  volume(id: string): string | null {
    const known = this.#keys.get(id)
    if (known !== undefined) return known
    const missing = missingKey(id)
    const made = missing === null ? this.#describe(this.#open[id]) : this.#lostVolume(missing)
    if (!made) return null
    this.#keys.set(id, made.key)
    this.volumes.push(made)
    return made.key
  }

  run(id: string): string | null {
    return this.#runKeys.get(id) ?? null
  }

  #describe(volume: OpenVolume | undefined): SessionVolume | null {
    const { derived, runId } = volume ?? {}
    if (!volume) return null
    if (derived?.kind === 'part') {
      const of = this.volume(derived.from)
      return of === null ? null : { key: `${of}/${derived.part}`, kind: 'part', of, part: derived.part }
    }
    if (derived?.kind === 'resampled') {
      const [of, onto] = [this.volume(derived.of), this.volume(derived.onto)]
      return of === null || onto === null ? null : { key: `${of}/on/${onto}`, kind: 'resampled', of, onto }
    }
    const run = runId ? this.run(runId) : null
    if (run === null) return null
    if (derived?.kind === 'probability') {
      const { threshold, estimate } = derived
      return { key: `${run}/P`, kind: 'probability', run, threshold, estimate }
    }
    return { key: `${run}/${mapName(volume)}`, kind: 'map', run, map: mapName(volume) }
  }

  /** Files and runs that were not found are listed again, whether or not something names them. */
  #listLost(): void {
    const { session, fileIds, runIds } = this.#lost ?? {}
    for (const file of session?.files ?? [])
      if (!fileIds?.has(file.key)) this.files.push({ ...file, key: lostKey(file.key) })
    for (const run of session?.runs ?? [])
      if (!runIds?.has(run.key)) this.runs.push({ ...run, key: lostKey(run.key), file: this.#fileKey(run.file) })
  }

  #fileKey(key: string): string {
    const id = this.#lost?.fileIds.get(key)
    return (id !== undefined && this.#keys.get(id)) || lostKey(key)
  }

  #runKey(key: string): string {
    const id = this.#lost?.runIds.get(key)
    return (id !== undefined && this.run(id)) || lostKey(key)
  }

  #lostVolume(key: string): SessionVolume | null {
    const volume = this.#lost?.session.volumes.find((other) => other.key === key)
    if (!volume) return null
    const own = lostKey(key)
    const ofVolume = (of: string): string | null => this.volume(this.#lost?.volumeIds.get(of) ?? `missing:${of}`)
    switch (volume.kind) {
      case 'tomogram':
        return { ...volume, key: own, file: this.#fileKey(volume.file) }
      case 'map':
      case 'probability':
        return { ...volume, key: own, run: this.#runKey(volume.run) }
      case 'part': {
        const of = ofVolume(volume.of)
        return of === null ? null : { ...volume, key: own, of }
      }
      case 'resampled': {
        const [of, onto] = [ofVolume(volume.of), ofVolume(volume.onto)]
        return of === null || onto === null ? null : { ...volume, key: own, of, onto }
      }
    }
  }
}

function jobsInOrder(): Job[] {
  const { jobs, order } = useJobs.getState()
  return order.map((id) => jobs[id])
}

/**
 * What of a session is worth a question when it would be lost: what was opened, made, measured and set. Where one looks at the moment (crosshair,
 * zoom, camera, active pane, open panels) is not; nor are runs, which keep themselves.
 */
export function worthSaving({ files, volumes, bundle, state }: SessionFile): string {
  const { layout, volume3d, family, shown, contrast, filters, overlays, regions, wedges, parts, plan } = state
  return JSON.stringify({
    files: files.map(({ path }) => path),
    volumes,
    bundle: bundle?.sha256,
    base: shown.base,
    layout: { preset: layout.preset, panes: layout.panes, tree: layout.tree },
    links: state.links,
    glyphs: state.glyphs,
    ...{ contrast, filters, overlays, regions, wedges, parts, plan },
    preview: family.preview,
    volume3d: { looks: volume3d.looks, saved: volume3d.saved },
    spectra: state.spectra,
    measurements: state.measurements,
    documents: state.documents
  })
}
