import { paneModel } from '../slices/paneModel.ts'
import { compareModes, firstComparison, flip, useFlicker, type Comparison } from '../stores/comparison.ts'
import { editPane, useLayout } from '../stores/layout.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { isGrey, tomogramOf, useVolumes } from '../stores/volumes.ts'

function slicePaneOf(paneId: string): PaneOf<'slice'> | null {
  const pane = useLayout.getState().panes.find(({ id }) => id === paneId)
  return pane?.kind === 'slice' ? pane : null
}

export function editComparison(paneId: string, edit: Partial<Comparison>): void {
  const pane = slicePaneOf(paneId)
  if (pane) editPane('slice', paneId, { comparison: { ...(pane.comparison ?? firstComparison), ...edit } })
}

/** Compares what the pane shows with the likeliest other volume: the tomogram, or its latest reconstruction. */
export function beginComparison(paneId: string): void {
  const model = paneModel(paneId)
  if (!model) return
  const { volumes, order } = useVolumes.getState()
  const others = order
    .map((id) => volumes[id])
    .filter((volume) => volume.id !== model.base.id && isGrey(volume) && volume.role !== 'member' && !volume.derived)
  const related = others.filter((volume) => tomogramOf(volume) === model.tomogram.id)
  const other =
    model.base.role === null ? related.at(-1) : (related.find(({ role }) => role === null) ?? related.at(-1))
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  editComparison(paneId, { volumeId: (other ?? others.at(-1))?.id ?? null, playing: !reduced })
}

export function endComparison(paneId: string): void {
  editPane('slice', paneId, { comparison: null })
}

export function toggleComparison(paneId: string): void {
  if (slicePaneOf(paneId)?.comparison) endComparison(paneId)
  else beginComparison(paneId)
}

/** B takes the place of A. */
export function swapCompared(paneId: string): void {
  const model = paneModel(paneId)
  const pane = slicePaneOf(paneId)
  if (!model || !pane?.comparison?.volumeId) return
  editPane('slice', paneId, {
    method: null,
    volumeId: pane.comparison.volumeId,
    comparison: { ...pane.comparison, volumeId: model.base.id }
  })
}

/** The next way of comparing that is possible. */
export function nextMode(paneId: string): void {
  const model = paneModel(paneId)
  if (!model?.comparison) return
  const { settings, spread } = model.comparison
  const possible = compareModes.filter(({ mode }) => mode !== 'deviation' || spread)
  const at = possible.findIndex(({ mode }) => mode === settings.mode)
  editComparison(paneId, { mode: possible[(at + 1) % possible.length].mode })
}

/** Shows one of the two and stops flickering. */
export function showInFlicker(paneId: string, other: boolean): void {
  if ((useFlicker.getState().showsOther[paneId] ?? false) !== other) flip(paneId)
  editComparison(paneId, { playing: false })
}

export function flickerOnce(paneId: string): void {
  showInFlicker(paneId, !(useFlicker.getState().showsOther[paneId] ?? false))
}
