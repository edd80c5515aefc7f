import { create } from 'zustand'
import type { Plane } from '../../shared/axes.ts'
import { drawsInHardware } from './graphics.ts'
import {
  movePane,
  panesOf,
  removePane,
  splitPane,
  swapPanes,
  withShares,
  type LayoutNode,
  type Side
} from './layoutTree.ts'
import {
  isLooking,
  paneOfKind,
  slicePane,
  type LinkGroup,
  type LookingKind,
  type Pane,
  type PaneKind,
  type PaneOf
} from './paneKinds.ts'

export type { Pane } from './paneKinds.ts'

/** The arrangement that was chosen last; panes may have been split, closed and moved since. */
export type Preset = 'single' | 'planes' | 'compare' | 'methods' | 'family'

export interface Arrangement {
  preset: Preset
  panes: readonly Pane[]
  tree: LayoutNode
  /** The pane that keys act on: the last one pointed at or focused. */
  activePane: string
}

interface LayoutState extends Arrangement {
  leftOpen: boolean
  rightOpen: boolean
}

const fourth: Pane = drawsInHardware()
  ? { kind: 'volume', id: 'position', plane: 'xy', volumeId: null, link: 'A' }
  : { kind: 'position', id: 'position' }

/** 3dmod's XYZ window: XY below left, XZ above it with the same x, YZ beside it with the same y; 3-D where there is a graphics card. */
const planes: Arrangement = {
  preset: 'planes',
  panes: [
    slicePane('xz', { plane: 'xz' }),
    fourth,
    slicePane('xy'),
    slicePane('yz', { plane: 'yz', transposed: true })
  ],
  tree: {
    id: 'planes',
    direction: 'column',
    shares: null,
    aligned: true,
    children: [
      { id: 'planes-above', direction: 'row', shares: null, children: [{ pane: 'xz' }, { pane: 'position' }] },
      { id: 'planes-below', direction: 'row', shares: null, children: [{ pane: 'xy' }, { pane: 'yz' }] }
    ]
  },
  activePane: 'xy'
}

export const useLayout = create<LayoutState>()(() => ({ ...planes, leftOpen: true, rightOpen: true }))

export function showArrangement(arrangement: Arrangement): void {
  useLayout.setState(arrangement)
}

export function showPlanes(): void {
  showArrangement(planes)
}

export function showSingle(plane: Plane): void {
  const pane = slicePane('single', { plane })
  showArrangement({ preset: 'single', panes: [pane], tree: { pane: pane.id }, activePane: pane.id })
}

/** Edits a pane of a kind; one that is of another kind by now stays as it is. */
export function editPane<Kind extends PaneKind>(
  kind: Kind,
  id: string,
  edit: Partial<Omit<PaneOf<Kind>, 'id' | 'kind'>>
): void {
  change(id, (pane) => (pane.kind === kind ? { ...pane, ...edit } : pane))
}

/** A volume of its own for a pane, in place of what a method made. */
export function setVolume(id: string, volumeId: string | null): void {
  change(id, (pane) =>
    pane.kind === 'slice' ? { ...pane, volumeId, method: null } : isLooking(pane) ? { ...pane, volumeId } : pane
  )
}

export function setLink(id: string, link: LinkGroup | null): void {
  change(id, (pane) => (isLooking(pane) ? { ...pane, link } : pane))
}

/** Whether a pane shows what is chosen in the list of volumes. */
export function followsList({ panes }: Pick<Arrangement, 'panes'>): boolean {
  return panes.some((pane) => isLooking(pane) && pane.volumeId === null && !(pane.kind === 'slice' && pane.method))
}

/** Panes that stand side by side to be compared show the same plane. */
export function sharesPlane(preset: Preset): boolean {
  return preset === 'compare' || preset === 'methods' || preset === 'family'
}

export function setPlane(paneId: string, plane: Plane): void {
  useLayout.setState((state) => {
    const changed = state.panes.find(({ id }) => id === paneId)
    const follows = (pane: PaneOf<LookingKind>): boolean =>
      pane.id === paneId ||
      (sharesPlane(state.preset) && isLooking(changed) && changed.link !== null && pane.link === changed.link)
    return {
      panes: state.panes.map((pane) => {
        if (!isLooking(pane) || !follows(pane) || pane.plane === plane) return pane
        return pane.kind === 'slice' ? { ...pane, plane, transposed: false } : { ...pane, plane }
      })
    }
  })
}

/** Shows something else in the pane. */
export function setKind(paneId: string, kind: LookingKind | 'position'): void {
  change(paneId, (pane) => paneOfKind(pane, kind))
}

/** Puts a pane that shows the same beside a pane, and makes it the active one. */
export function splitLayout(paneId: string, side: Side): void {
  useLayout.setState((state) => {
    const pane = state.panes.find(({ id }) => id === paneId)
    if (!pane) return state
    const id = freshPaneId(state.panes)
    const copy: Pane = isLooking(pane) ? { ...pane, id } : slicePane(id)
    return inOrder({
      panes: [...state.panes, copy],
      tree: splitPane(state.tree, paneId, side, id),
      activePane: id
    })
  })
}

/** Closes a pane; the last one stays. */
export function closePane(paneId: string): void {
  useLayout.setState((state) => {
    const tree = removePane(state.tree, paneId)
    if (!tree || !state.panes.some(({ id }) => id === paneId)) return state
    const panes = state.panes.filter(({ id }) => id !== paneId)
    const next = panes.find((pane) => pane.kind === 'slice') ?? panes[0]
    return { panes, tree, activePane: state.activePane === paneId ? next.id : state.activePane }
  })
}

export function swapInLayout(one: string, other: string): void {
  useLayout.setState((state) => inOrder({ panes: state.panes, tree: swapPanes(state.tree, one, other) }))
}

export function moveInLayout(pane: string, beside: string, side: Side): void {
  useLayout.setState((state) => inOrder({ panes: state.panes, tree: movePane(state.tree, pane, beside, side) }))
}

/** Null: as at first. */
export function setShares(split: string, shares: readonly number[] | null): void {
  useLayout.setState((state) => ({ tree: withShares(state.tree, split, shares) }))
}

export function activatePane(id: string): void {
  if (useLayout.getState().activePane !== id) useLayout.setState({ activePane: id })
}

export function activePane(state: Arrangement): Pane | undefined {
  return state.panes.find((pane) => pane.id === state.activePane) ?? state.panes[0]
}

/** The plane of the active pane, or of the first that shows one. */
export function activePlane(state: Arrangement): Plane {
  return [activePane(state), ...state.panes].find(isLooking)?.plane ?? 'xy'
}

function change(id: string, edit: (pane: Pane) => Pane): void {
  useLayout.setState((state) => ({ panes: state.panes.map((pane) => (pane.id === id ? edit(pane) : pane)) }))
}

/** Panes in reading order: so they are focused one after the other, and figures are lettered. */
function inOrder<State extends Pick<Arrangement, 'panes' | 'tree'>>(state: State): State {
  const order = panesOf(state.tree)
  return { ...state, panes: [...state.panes].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)) }
}

function freshPaneId(panes: readonly Pane[]): string {
  const taken = new Set(panes.map(({ id }) => id))
  let number = 1
  while (taken.has(`pane-${number}`)) number++
  return `pane-${number}`
}
