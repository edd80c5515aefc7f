import { loadBundle } from '../bundle/load.ts'
import { largestTensorBytes } from '../graph/session.ts'
import { resolveSettings } from '../sampling/index.ts'
import { memoryAtHand } from '../sampling/tiles/box-memory.ts'
import { planRegion } from '../sampling/tiles/plan.ts'
import { reconstructRegion } from '../sampling/tiles/region.ts'
import { slabBytes } from '../sampling/tiles/slabs.ts'

/** What the runner is made of; tests of the process and of the run folder bring a reconstruction whose answer they know. */
export interface RunnerTools {
  loadBundle: typeof loadBundle
  planRegion: typeof planRegion
  resolveSettings: typeof resolveSettings
  reconstruct: typeof reconstructRegion
  /** Whether a region's maps, so many of so many bytes each, are put together in memory; else they stay on the disk. */
  holdsInMemory(mapBytes: number, maps: number): boolean
  /** What the sections that are put together at a time may take. */
  readonly slabBytes: number
}

export const productionTools: RunnerTools = {
  loadBundle,
  planRegion,
  resolveSettings,
  reconstruct: reconstructRegion,
  // All maps are there twice, those of the tiles and put together; half of the memory at hand is for the tile that is sampled.
  holdsInMemory: (mapBytes, maps) => mapBytes <= largestTensorBytes && 2 * maps * mapBytes <= memoryAtHand() / 2,
  slabBytes
}
