import type { OpenVolume } from '../../shared/volumes.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { activatePane, activePane, closePane, setVolume, splitLayout, useLayout } from '../stores/layout.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { showVolume, useVolumes } from '../stores/volumes.ts'
import { volumeModel } from '../volume3d/volumeModel.ts'
import { currentFamily, type Family } from './families.ts'
import { useFamilyBench } from './familyStore.ts'

/** The pane that members are shown in: the active one, unless it keeps the pinned member; then the first other. */
function showingPane(): { pane: PaneOf<'slice' | 'volume'>; base: OpenVolume } | null {
  const active = activePane(useLayout.getState())
  const inSpace = active?.kind === 'volume' ? volumeModel(active.id) : null
  if (active?.kind === 'volume' && inSpace) return { pane: active, base: inSpace.base }
  const model = activePaneModel()
  const { pin } = useFamilyBench.getState()
  if (!model || model.pane.id !== pin?.paneId) return model
  const other = useLayout.getState().panes.find(({ id, kind }) => kind === 'slice' && id !== pin.paneId)
  if (other) activatePane(other.id)
  return activePaneModel()
}

/** Shows a member: in the active pane where that has a volume of its own, else wherever the window's volume is shown. */
export function showMember(volumeId: string): void {
  const pane = showingPane()?.pane
  const isOwn = pane && (pane.volumeId !== null || (pane.kind === 'slice' && pane.method !== null))
  if (isOwn) setVolume(pane.id, volumeId)
  else showVolume(volumeId)
}

/** The member that is on screen now, by its place in the family; null where none is. */
export function shownMember(family: Family | null): number | null {
  const base = showingPane()?.base
  const at = family?.members.findIndex(({ id }) => id === base?.id) ?? -1
  return at < 0 ? null : at
}

/** Goes on to another member, round and round. */
export function stepMember(by: 1 | -1): void {
  const family = currentFamily()
  if (!family || family.members.length === 0) return
  const count = family.members.length
  const at = shownMember(family)
  const next = at === null ? (by > 0 ? 0 : count - 1) : (at + by + count) % count
  showMember(family.members[next].id)
}

/** Keeps a member in view, in a pane beside; the same member again, or null, lets go. */
export function pinMember(volumeId: string | null): void {
  const { pin } = useFamilyBench.getState()
  const isOpen = pin !== null && useLayout.getState().panes.some(({ id }) => id === pin.paneId)
  if (volumeId === null || (isOpen && pin.volumeId === volumeId)) {
    if (isOpen) closePane(pin.paneId)
    useFamilyBench.setState({ pin: null })
    return
  }
  if (isOpen) {
    setVolume(pin.paneId, volumeId)
    useFamilyBench.setState({ pin: { ...pin, volumeId } })
    return
  }
  const pane = showingPane()?.pane
  if (!pane || !useVolumes.getState().volumes[volumeId]) return
  splitLayout(pane.id, 'right')
  const paneId = useLayout.getState().activePane
  if (paneId === pane.id) return
  setVolume(paneId, volumeId)
  activatePane(pane.id)
  useFamilyBench.setState({ pin: { volumeId, paneId } })
}

/** Keeps the member that is on screen in view, or lets go of the one that is kept. */
export function togglePin(): void {
  const { pin } = useFamilyBench.getState()
  const family = currentFamily()
  const at = shownMember(family)
  if (pin && useLayout.getState().panes.some(({ id }) => id === pin.paneId)) pinMember(null)
  else if (family && at !== null) pinMember(family.members[at].id)
}
