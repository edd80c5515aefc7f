import { create } from 'zustand'
import type { XYZ } from '../../shared/axes.ts'

export interface PaneSize {
  width: number
  height: number
}

interface PanesState {
  /** Measured sizes of the panes' pictures in CSS pixels. */
  sizes: Readonly<Record<string, PaneSize>>
  /** The voxel under the pointer, and the pane it is in. */
  hover: { paneId: string; voxel: XYZ } | null
}

export const usePanes = create<PanesState>()(() => ({ sizes: {}, hover: null }))

export function measurePane(id: string, size: PaneSize): void {
  usePanes.setState((state) => {
    const before = state.sizes[id]
    if (before && before.width === size.width && before.height === size.height) return state
    return { sizes: { ...state.sizes, [id]: size } }
  })
}

export function hoverVoxel(hover: PanesState['hover']): void {
  usePanes.setState((state) => (state.hover === null && hover === null ? state : { hover }))
}
