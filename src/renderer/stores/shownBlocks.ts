import { create } from 'zustand'
import type { BlockFacts } from '../volume3d/blockFacts.ts'
import type { LoadedBlock } from '../volume3d/loadBlock.ts'

interface ShownBlocks {
  /** By pane. */
  blocks: Readonly<Record<string, LoadedBlock>>
  /** By run: what the first of its grey maps that was shown is like. */
  guides: Readonly<Record<string, BlockFacts>>
}

/** The voxels that each 3-D pane has on screen: for its level, and for whoever draws the same again. */
export const useShownBlocks = create<ShownBlocks>()(() => ({ blocks: {}, guides: {} }))

/** null: the pane shows none any more. */
export function putShownBlock(paneId: string, block: LoadedBlock | null): void {
  useShownBlocks.setState(({ blocks }) => {
    const others = Object.fromEntries(Object.entries(blocks).filter(([id]) => id !== paneId))
    return { blocks: block ? { ...others, [paneId]: block } : others }
  })
}

/** A run's first map decides for the others. */
export function putGuide(runId: string, facts: BlockFacts): void {
  if (!useShownBlocks.getState().guides[runId])
    useShownBlocks.setState(({ guides }) => ({ guides: { ...guides, [runId]: facts } }))
}

const drawn = new Map<string, string>()

/** Notes which volume a pane's picture is of, or was refused for. */
export function putDrawn(paneId: string, volumeId: string): void {
  drawn.set(paneId, volumeId)
}

/** The volume that a 3-D pane's last picture is of. */
export function drawnIn(paneId: string): string | undefined {
  return drawn.get(paneId)
}
