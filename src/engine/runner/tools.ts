import { loadBundle } from '../bundle/load.ts'
import { resolveSettings } from '../sampling/index.ts'
import { planRegion } from '../sampling/tiles/plan.ts'
import { reconstructRegion } from '../sampling/tiles/region.ts'

/** What the runner is made of; tests of the process and of the run folder bring a reconstruction whose answer they know. */
export interface RunnerTools {
  loadBundle: typeof loadBundle
  planRegion: typeof planRegion
  resolveSettings: typeof resolveSettings
  reconstruct: typeof reconstructRegion
}

export const productionTools: RunnerTools = { loadBundle, planRegion, resolveSettings, reconstruct: reconstructRegion }
