import { layoutPlaces, neighbourOf } from '../geometry/layoutPlaces.ts'
import { activatePane, activePane, swapInLayout, useLayout } from '../stores/layout.ts'
import type { Side } from '../stores/layoutTree.ts'

/** The pane beside the active one, as they lie now. */
function beside(side: Side): { active: string; other: string } | null {
  const state = useLayout.getState()
  const active = activePane(state)?.id
  const panes = document.querySelector('.panes')
  if (!active || !panes) return null
  const room = { width: panes.clientWidth, height: panes.clientHeight }
  const other = neighbourOf(layoutPlaces(state.tree, room).panes, active, side)
  return other === null ? null : { active, other }
}

/** Puts the keyboard into the pane beside. */
export function focusBeside(side: Side): void {
  const found = beside(side)
  if (!found) return
  activatePane(found.other)
  focusPane(found.other)
}

function focusPane(id: string): void {
  const pane = document.querySelector(`[data-pane="${CSS.escape(id)}"]`)
  const target = pane?.querySelector<HTMLElement>('[data-picture]') ?? pane?.querySelector<HTMLElement>('input, button')
  target?.focus()
}

/** Splits or closes a pane; the keyboard goes to the pane that is the active one then. */
export function rearrange(change: () => void): void {
  change()
  const active = activePane(useLayout.getState())?.id
  // Once it is in the page.
  if (active) requestAnimationFrame(() => focusPane(active))
}

export function moveBeside(side: Side): void {
  const found = beside(side)
  if (found) swapInLayout(found.active, found.other)
}
