import { create } from 'zustand'
import type { Box } from '../../shared/axes.ts'

/** Region of interest of each tomogram, in its voxels; absent: the whole volume. */
export const useRegion = create<{ boxes: Readonly<Record<string, Box | null>> }>()(() => ({ boxes: {} }))

export function setRegion(tomogram: string, box: Box | null): void {
  useRegion.setState((state) => ({ boxes: { ...state.boxes, [tomogram]: box } }))
}
