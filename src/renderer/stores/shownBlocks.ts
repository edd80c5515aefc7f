import { create } from 'zustand'
import type { LoadedBlock } from '../volume3d/loadBlock.ts'

/** The voxels that each 3-D pane has on screen, by pane: for its level, and for whoever draws the same again. */
export const useShownBlocks = create<{ blocks: Readonly<Record<string, LoadedBlock>> }>()(() => ({ blocks: {} }))

/** null: the pane shows none any more. */
export function putShownBlock(paneId: string, block: LoadedBlock | null): void {
  useShownBlocks.setState(({ blocks }) => {
    const others = Object.fromEntries(Object.entries(blocks).filter(([id]) => id !== paneId))
    return { blocks: block ? { ...others, [paneId]: block } : others }
  })
}
