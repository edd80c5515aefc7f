import { create } from 'zustand'
import type { Plane } from '../../shared/axes.ts'
import { paneOfKind, slicePane, type Pane, type PaneKind, type PaneOf } from './paneKinds.ts'

export type { Pane } from './paneKinds.ts'

export type Preset = 'single' | 'planes' | 'compare'

interface LayoutState {
  preset: Preset
  panes: readonly Pane[]
  /** The pane that keys act on: the last one pointed at or focused. */
  activePane: string
  leftOpen: boolean
  rightOpen: boolean
}

const planesPanes: readonly Pane[] = [
  slicePane('xz', { plane: 'xz' }),
  slicePane('xy'),
  slicePane('yz', { plane: 'yz', transposed: true })
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
  useLayout.setState({ preset: 'single', panes: [slicePane('single', { plane })], activePane: 'single' })
}

/** Side by side: one pane a volume, linked in position, zoom and contrast. */
export function showCompare(volumes: readonly { volumeId: string; overlay: boolean }[], plane: Plane): void {
  const panes = volumes.map(({ volumeId, overlay }, index) =>
    slicePane(`compare-${index + 1}`, { plane, volumeId, overlay })
  )
  useLayout.setState({ preset: 'compare', panes, activePane: panes[0]?.id ?? '' })
}

/** Edits a pane of a kind; one that is of another kind by now stays as it is. */
export function editPane<Kind extends PaneKind>(
  kind: Kind,
  id: string,
  edit: Partial<Omit<PaneOf<Kind>, 'id' | 'kind'>>
): void {
  useLayout.setState((state) => ({
    panes: state.panes.map((pane) => (pane.id === id && pane.kind === kind ? { ...pane, ...edit } : pane))
  }))
}

/** All panes of a comparison show the same plane. */
export function setPlane(paneId: string, plane: Plane): void {
  useLayout.setState((state) => ({
    panes: state.panes.map((pane) =>
      pane.kind !== 'position' && (state.preset === 'compare' || pane.id === paneId) ? { ...pane, plane } : pane
    )
  }))
}

/** Looks in another way at what the pane shows. */
export function setKind(paneId: string, kind: Exclude<PaneKind, 'position'>): void {
  useLayout.setState((state) => ({
    panes: state.panes.map((pane) => (pane.id === paneId ? paneOfKind(pane, kind) : pane))
  }))
}

export function activatePane(id: string): void {
  if (useLayout.getState().activePane !== id) useLayout.setState({ activePane: id })
}

export function activePane(state: LayoutState): Pane | undefined {
  return state.panes.find((pane) => pane.id === state.activePane) ?? state.panes[0]
}

/** The active pane where it shows a plane of a volume, else the first that does. */
export function activePlane(state: LayoutState): Plane {
  const planes = [activePane(state), ...state.panes].flatMap((pane) =>
    pane && pane.kind !== 'position' ? [pane.plane] : []
  )
  return planes[0] ?? 'xy'
}
