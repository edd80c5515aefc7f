import { productionTools, type RunnerTools } from '../tools.ts'

/** Nothing of a region's size is held, and maps are put together two or three sections at a time. */
export const streamingTools: RunnerTools = { ...productionTools, holdsInMemory: () => false, slabBytes: 200_000 }
