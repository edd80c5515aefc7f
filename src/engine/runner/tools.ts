import { loadBundle, type LoadedBundle } from '../bundle/load.ts'
import type { ZYX } from '../../shared/axes.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { Progress } from '../../shared/jobs.ts'
import type { RunRecord, Warning } from '../../shared/runs.ts'
import type { ChosenSetting, Device, RequestedSettings, Settings } from '../../shared/settings.ts'
import type { Wedge } from '../../shared/wedge.ts'

export interface FamilyMaps {
  mean: Float32Array
  variance: Float32Array
  wedgeVariance: Float32Array
  measuredVariance: Float32Array
  members: number
}
export interface Reconstruction {
  map: Float32Array | null
  family: {
    mean: Float32Array
    variance: Float32Array
    wedgeVariance: Float32Array
    measuredVariance: Float32Array
    probability: Float32Array | null
    members: Float32Array[]
  } | null
  misfitPerMeasuredVoxel: number
  diagnostics: RunRecord['diagnostics']
  trace: unknown
  warnings: Warning[]
  partial: boolean
  device: string
}
export interface Problem {
  bundle: LoadedBundle
  wedge: Wedge
  volume: Float32Array
  size: ZYX
  method: MethodId
  settings: Settings
  device: Device
  threads: number | null
}
export interface RunnerTools {
  loadBundle(path: string): Promise<LoadedBundle>
  resolveSettings(
    requested: RequestedSettings,
    bundle: LoadedBundle,
    facts: { method: MethodId; volume: Float32Array; size: ZYX; wedge: Wedge }
  ): Promise<{ settings: Settings; chosen: ChosenSetting[] }>
  reconstruct(
    problem: Problem,
    hooks: { signal: AbortSignal; onProgress(p: Progress): void; onPartial?(m: FamilyMaps): void }
  ): Promise<Reconstruction>
}
const absent = (): never => {
  throw new Error('not yet')
}
export const productionTools: RunnerTools = { loadBundle, resolveSettings: absent, reconstruct: absent }
