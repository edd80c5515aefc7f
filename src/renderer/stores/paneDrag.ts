import { create } from 'zustand'
import { moveInLayout, swapInLayout } from './layout.ts'
import type { Side } from './layoutTree.ts'

/** Where a dragged pane would go: in place of another, or beside it. */
export interface DropPlace {
  paneId: string
  side: Side | 'swap'
}

/** A pane that is being dragged by its header. */
export const usePaneDrag = create<{ paneId: string | null; over: DropPlace | null }>()(() => ({
  paneId: null,
  over: null
}))

export function dragPane(paneId: string, over: DropPlace | null): void {
  usePaneDrag.setState({ paneId, over })
}

export function dropPane(): void {
  const { paneId, over } = usePaneDrag.getState()
  if (paneId !== null && over) {
    if (over.side === 'swap') swapInLayout(paneId, over.paneId)
    else moveInLayout(paneId, over.paneId, over.side)
  }
  cancelPaneDrag()
}

export function cancelPaneDrag(): void {
  usePaneDrag.setState({ paneId: null, over: null })
}

/** The place under a point of a pane: its outer quarters put beside it, its middle swaps. */
export function dropSide(x: number, y: number, width: number, height: number): Side | 'swap' {
  const edges: readonly [Side, number][] = [
    ['left', x / width],
    ['right', 1 - x / width],
    ['top', y / height],
    ['bottom', 1 - y / height]
  ]
  const [side, share] = edges.reduce((nearest, edge) => (edge[1] < nearest[1] ? edge : nearest))
  return share < 0.25 ? side : 'swap'
}
