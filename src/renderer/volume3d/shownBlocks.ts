import type { LoadedBlock } from './loadBlock.ts'

/** The voxels that each 3-D pane has on screen, for whoever draws the same again: figures, movies. */
export const shownBlocks = new Map<string, LoadedBlock>()
