import type { ChosenSetting, RequestedSettings, Settings } from '../../shared/settings.ts'
import { loadBundle, type LoadedBundle } from '../bundle/load.ts'
import type { Hooks, Problem, Reconstruction } from '../sampling/problem.ts'

/** What the runner is made of; tests of the process and of the run folder bring a reconstruction whose answer they know. */
export interface RunnerTools {
  loadBundle(path: string): Promise<LoadedBundle>
  resolveSettings(
    requested: RequestedSettings,
    bundle: LoadedBundle,
    facts: Pick<Problem, 'method' | 'volume' | 'size' | 'wedge'>
  ): Promise<{ settings: Settings; chosen: ChosenSetting[] }>
  reconstruct(problem: Problem, hooks: Hooks): Promise<Reconstruction>
}

const absent = (): never => {
  throw new Error('not yet')
}
export const productionTools: RunnerTools = { loadBundle, resolveSettings: absent, reconstruct: absent }
