import { loadBundle } from '../bundle/load.ts'
import { reconstruct, resolveSettings } from '../sampling/index.ts'

/** What the runner is made of; tests of the process and of the run folder bring a reconstruction whose answer they know. */
export interface RunnerTools {
  loadBundle: typeof loadBundle
  resolveSettings: typeof resolveSettings
  reconstruct: typeof reconstruct
}

export const productionTools: RunnerTools = { loadBundle, resolveSettings, reconstruct }
