import type { ZYX } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Progress } from '../../shared/jobs.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { RunRecord, Warning } from '../../shared/runs.ts'
import type { ChosenSetting, Device, Settings } from '../../shared/settings.ts'
import type { Wedge } from '../../shared/wedge.ts'
import type { LoadedBundle } from '../bundle/load.ts'
import type { DeviceChoice } from '../graph/device.ts'
import type { FamilyMaps } from '../posterior/family.ts'
import type { GroupDiagnostics } from '../posterior/probes.ts'
import type { SamplerState } from './langevin/sampler.ts'
import type { AscentState } from './optimise/ascent.ts'
import type { LbfgsState } from './optimise/lbfgs.ts'
import type { GibbsState } from './split-gibbs.ts'
import type { WeightedState } from './weighted.ts'

/** One reconstruction, everything in normalised units. */
export interface Problem {
  bundle: LoadedBundle
  wedge: Wedge
  /** Normalised region, (z, y, x), x fastest, all finite. */
  volume: Float32Array
  size: ZYX
  /** Where a tile lies in its padded region, in voxels; absent where the volume is the whole. */
  place?: { origin: ZYX; whole: ZYX }
  method: MethodId
  settings: Settings
  /** What `resolveSettings` chose by itself; a step among it may be tuned during a Metropolis chain's burn-in. */
  chosen?: readonly ChosenSetting[]
  device: Device
  threads: number | null
  /** How 'auto' was decided by the run that this one goes on with. */
  deviceChoice?: DeviceChoice | null
  /** How CryoWGEN-II draws its family; Langevin chains unless told otherwise. */
  sampler?: 'langevin' | 'split-gibbs'
  /** Where chains start, normalised volumes of the region, in turn; dispersed around zbar unless given. The latent has to be the volume. */
  starts?: readonly Float32Array[]
  /** Where an earlier run of the same problem stopped; the result is then the same to the bit as without the stop. */
  resumeFrom?: RunState
}

export interface Hooks {
  signal: AbortSignal
  onProgress(progress: Progress): void
  /** The family as it stands, at most about once a second. */
  onPartial?(maps: FamilyMaps): void
  /** Told how 'auto' was decided, before the first step. */
  onDevice?(choice: DeviceChoice): Promise<void> | void
  /** Where to keep what a killed run needs to go on. */
  checkpoint?: {
    everySeconds: number
    /** Awaited: the state does not change while it is being written. Plain data, typed arrays included. */
    save(state: RunState): Promise<void>
  }
}

/** A method between two steps, as plain data. CryoGEN-II is one pass and starts again. */
export type RunState =
  | { method: 'cryogen-1'; settings: Settings; search: LbfgsState; trace: Trace }
  | { method: 'cryogen-1'; settings: Settings; ascent: AscentState; trace: Trace }
  | { method: 'split-gibbs'; settings: Settings; draws: GibbsState; trace: Trace }
  | { method: 'cryowgen-1'; settings: Settings; weighted: WeightedState }
  | { method: 'cryowgen-2'; settings: Settings; sampler: SamplerState; trace: Trace }

/** What happened step by step. Potentials are -log q* up to a constant; for CryoGEN-I the objective. */
export interface Trace {
  /** Mean over chains; one value a step, iteration or candidate. */
  potential: number[]
  /** CryoWGEN-II: of every chain, one value a step; null from where the chain diverged. */
  chainPotentials?: (number | null)[][]
  /** By how much of itself the step size makes the variance too large, as far as it can be foreseen: 0.05 is 5 %. */
  expectedBias?: number
  /** Data misfit per measured voxel, should be near 1. */
  misfit: number[]
  /** Share of proposals accepted at each step; only with Metropolis correction. */
  acceptance?: number[]
  /** Step sizes while they were tuned. */
  steps?: number[]
  /** -log of the integral of exp(G / gamma) over kappa, and the ESS of its estimate. */
  freeEnergy?: { value: number; weightEss: number }
  groups?: GroupDiagnostics[]
  /** Chains that were found diverged and left out. */
  diverged?: number[]
}

export interface Reconstruction {
  /** CryoGEN-I and II. */
  map: Float32Array | null
  /** CryoWGEN-I and II. */
  family: FamilyMaps | null
  /** CryoWGEN-I: A(z*) of the soft barycentre z*. */
  barycentre: Float32Array | null
  misfitPerMeasuredVoxel: number
  diagnostics: RunRecord['diagnostics']
  trace: Trace
  warnings: Warning[]
  /** Cancelled, with what there was. */
  partial: boolean
  /** As used. */
  device: string
  /** As used: a tuned step differs from the one asked with. */
  settings: Settings
  /** Further choices made while running. */
  chosen: ChosenSetting[]
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelledError()
}

export function cancelledError(): WedgeviewError {
  return new WedgeviewError('cancelled', 'cancelled', 'The job was cancelled.', 'Start it again when you need it.')
}

/** A network run blocks this thread: between two of them others get their turn, a cancel above all. */
export function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Saves a run's state when it is due, in between steps. */
export function checkpointer(hooks: Hooks): (state: () => RunState) => Promise<void> {
  const { checkpoint } = hooks
  let last = performance.now()
  return async (state) => {
    if (!checkpoint || performance.now() - last < 1000 * checkpoint.everySeconds) return
    await checkpoint.save(state())
    last = performance.now()
  }
}

/** @throws {WedgeviewError} input / state-mismatch where a state was left by a run with other settings */
export function assertSameSettings(state: RunState, method: RunState['method'], settings: Settings): void {
  const same = (a: Settings, b: Settings): boolean =>
    JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())
  if (state.method === method && same(state.settings, settings)) return
  throw new WedgeviewError(
    'input',
    'state-mismatch',
    'The run that was stopped had other settings, so it can’t go on with these.',
    'Resume it with the settings of its folder, or start a new run.'
  )
}
