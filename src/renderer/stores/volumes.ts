import { create } from 'zustand'
import type { Failure } from '../../shared/errors.ts'
import type { OpenVolume, PyramidStatus } from '../../shared/volumes.ts'

/** A file on its way in, or one that could not be opened. */
export interface FileEntry {
  path: string
  name: string
  failure: Failure | null
}

export type FailedFile = FileEntry & { failure: Failure }

interface VolumesState {
  volumes: Readonly<Record<string, OpenVolume>>
  /** Ids in the order they came. */
  order: readonly string[]
  /** The tomogram that is looked at. */
  tomogram: string | null
  /** For each tomogram the volume that panes without one of their own show: itself, or a map of a run. */
  base: Readonly<Record<string, string>>
  files: readonly FileEntry[]
}

export const useVolumes = create<VolumesState>()(() => ({
  volumes: {},
  order: [],
  tomogram: null,
  base: {},
  files: []
}))

/** The tomogram a volume belongs to; itself when it is one. */
export function tomogramOf(volume: OpenVolume): string {
  return volume.region?.tomogram ?? volume.id
}

const greyRoles: ReadonlySet<string> = new Set([
  'map',
  'mean',
  'barycentre',
  'member',
  'measured-part',
  'filled-in-part'
])

/** Maps whose values are grey values of the tomogram, and so may share its contrast. */
export function isGrey(volume: OpenVolume): boolean {
  return volume.role === null || greyRoles.has(volume.role)
}

export function putVolume(volume: OpenVolume): void {
  useVolumes.setState((state) => ({
    volumes: { ...state.volumes, [volume.id]: volume },
    order: state.order.includes(volume.id) ? state.order : [...state.order, volume.id]
  }))
}

export function putPyramid(id: string, pyramid: PyramidStatus): void {
  const volume = useVolumes.getState().volumes[id]
  if (volume) putVolume({ ...volume, pyramid })
}

export function removeVolume(id: string): void {
  useVolumes.setState((state) => {
    const volumes = Object.fromEntries(Object.entries(state.volumes).filter(([key]) => key !== id))
    const order = state.order.filter((key) => key !== id)
    const base = Object.fromEntries(
      Object.entries(state.base)
        .filter(([tomogram]) => tomogram !== id)
        .map(([tomogram, shown]) => [tomogram, shown === id ? tomogram : shown])
    )
    const tomogram =
      state.tomogram === id ? (order.find((key) => volumes[key].region === null) ?? null) : state.tomogram
    return { volumes, order, base, tomogram }
  })
}

/** Looks at a volume: its tomogram becomes the one looked at, itself the base layer. */
export function showVolume(id: string): void {
  useVolumes.setState((state) => {
    const volume = state.volumes[id]
    if (!volume) return state
    const tomogram = tomogramOf(volume)
    return { tomogram, base: { ...state.base, [tomogram]: id } }
  })
}

export function fileOpening(path: string): void {
  const name = path.split(/[\\/]/).at(-1) || path
  useVolumes.setState((state) => ({
    files: [...state.files.filter((file) => file.path !== path), { path, name, failure: null }]
  }))
}

export function fileOpened(path: string): void {
  useVolumes.setState((state) => ({ files: state.files.filter((file) => file.path !== path) }))
}

export function fileFailed(path: string, failure: Failure): void {
  useVolumes.setState((state) => ({
    files: state.files.map((file) => (file.path === path ? { ...file, failure } : file))
  }))
}

/** The tomogram looked at, or null. */
export function currentTomogram(state: VolumesState): OpenVolume | null {
  return state.tomogram === null ? null : (state.volumes[state.tomogram] ?? null)
}

/** The base layer of the tomogram looked at, or null. */
export function currentBase(state: VolumesState): OpenVolume | null {
  if (state.tomogram === null) return null
  return state.volumes[state.base[state.tomogram] ?? state.tomogram] ?? state.volumes[state.tomogram] ?? null
}
