import { activePane, setKind, splitLayout, useLayout } from '../stores/layout.ts'

/** Puts a pane of spectra or curves beside the active one; where one is on screen already, it becomes the active one. */
export function showBeside(kind: 'spectrum' | 'curves'): void {
  const state = useLayout.getState()
  const there = state.panes.find((pane) => pane.kind === kind)
  if (there) {
    useLayout.setState({ activePane: there.id })
    return
  }
  const pane = activePane(state)
  if (!pane) return
  splitLayout(pane.id, 'right')
  setKind(useLayout.getState().activePane, kind)
}
