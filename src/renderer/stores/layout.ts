import { create } from 'zustand'
import type { Plane } from '../../shared/axes.ts'

export type Preset = 'single' | 'planes' | 'compare'

/** One pane of the workspace. */
export interface Pane {
  id: string
  plane: Plane
  /** The base volume, or null: whatever volume is looked at. */
  volumeId: string | null
  /** Drawn with its row axis to the right (YZ beside XY). */
  transposed: boolean
  overlay: boolean
}

interface LayoutState {
  preset: Preset
  panes: readonly Pane[]
  /** The pane that keys act on: the last one pointed at or focused. */
  activePane: string
  leftOpen: boolean
  rightOpen: boolean
}

const planesPanes: readonly Pane[] = [
  { id: 'xz', plane: 'xz', volumeId: null, transposed: false, overlay: true },
  { id: 'xy', plane: 'xy', volumeId: null, transposed: false, overlay: true },
  { id: 'yz', plane: 'yz', volumeId: null, transposed: true, overlay: true }
]

export const useLayout = create<LayoutState>()(() => ({
  preset: 'planes',
  panes: planesPanes,
  activePane: 'xy',
  leftOpen: true,
  rightOpen: true
}))

export function showPlanes(): void {
  useLayout.setState({ preset: 'planes', panes: planesPanes, activePane: 'xy' })
}

export function showSingle(plane: Plane): void {
  const pane: Pane = { id: 'single', plane, volumeId: null, transposed: false, overlay: true }
  useLayout.setState({ preset: 'single', panes: [pane], activePane: 'single' })
}

/** Side by side: one pane a volume, linked in position, zoom and contrast. */
export function showCompare(volumes: readonly { volumeId: string; overlay: boolean }[], plane: Plane): void {
  const panes = volumes.map(({ volumeId, overlay }, index): Pane => ({
    id: `compare-${index + 1}`,
    plane,
    volumeId,
    transposed: false,
    overlay
  }))
  useLayout.setState({ preset: 'compare', panes, activePane: panes[0]?.id ?? '' })
}

export function editPane(id: string, edit: Partial<Omit<Pane, 'id'>>): void {
  useLayout.setState((state) => ({
    panes: state.panes.map((pane) => (pane.id === id ? { ...pane, ...edit } : pane))
  }))
}

/** All panes of a comparison show the same plane. */
export function setPlane(paneId: string, plane: Plane): void {
  useLayout.setState((state) => ({
    panes: state.panes.map((pane) => (state.preset === 'compare' || pane.id === paneId ? { ...pane, plane } : pane))
  }))
}

export function activatePane(id: string): void {
  if (useLayout.getState().activePane !== id) useLayout.setState({ activePane: id })
}

export function activePane(state: LayoutState): Pane | undefined {
  return state.panes.find((pane) => pane.id === state.activePane) ?? state.panes[0]
}
