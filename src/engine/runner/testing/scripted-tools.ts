import type { Settings } from '../../../shared/settings.ts'
import type { FamilyMaps } from '../../posterior/family.ts'
import { oneBox } from '../../sampling/tiles/plan.ts'
import type { RunState } from '../../sampling/problem.ts'
import { loadBundle } from '../../bundle/load.ts'
import type { RunnerTools } from '../tools.ts'
import { readScript } from './scripted-bundle.ts'

export function blockThread(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

/**
 * A reconstruction whose answer is known, in place of networks: the map is the input itself; the family's mean is the input,
 * its wedge variance 3 and measured variance 1 in normalised units, and its members the input plus their number.
 * Only for tests of the process, the queue and the run folder.
 */
export const scriptedTools: RunnerTools = {
  loadBundle,
  holdsInMemory: () => true,
  slabBytes: 2 ** 20,

  planRegion({ size }) {
    return Promise.resolve({ plan: oneBox(size), chosen: [], warnings: [] })
  },

  resolveSettings(requested) {
    return Promise.resolve({
      settings: {
        sigma: 1,
        lambda: 1,
        beta: 1,
        gamma: 1,
        step: 1,
        steps: 3,
        burnIn: 0,
        thin: 1,
        chains: 1,
        candidates: 1,
        preconditioner: 'none',
        mala: false,
        integrator: 'euler',
        decay: 0,
        decayDelay: 1,
        members: 2,
        threshold: null,
        tile: null,
        seed: 7,
        ...requested
      },
      chosen: [{ setting: 'seed', value: 7, reason: 'the script says so' }]
    })
  },

  async reconstruct({ bundle, volume, method, settings }, _plan, { signal, onProgress, onPartial, checkpoint }) {
    if (!(volume instanceof Float32Array)) throw new TypeError('A script knows no regions on the disk.')
    const script = readScript(bundle.path)
    const isFamily = method.startsWith('cryowgen')
    const before = (await checkpoint?.load())?.state as unknown as { step: number } | undefined
    let step = before?.step ?? 0
    while (step < script.steps && (script.deaf || !signal.aborted)) {
      step++
      blockThread(script.blockMilliseconds)
      if (step === script.dieAtStep && !before) process.kill(process.pid, 'SIGKILL')
      onProgress({
        phase: 'Sampling',
        fraction: step / script.steps,
        step,
        steps: script.steps,
        secondsLeft: null,
        potential: null,
        misfitPerMeasuredVoxel: 1,
        acceptance: null,
        members: step
      })
      if (script.keepsState) await checkpoint?.save({ tile: 0, state: { method, step } as unknown as RunState })
      if (isFamily) onPartial?.(familyOf(volume, settings, step))
      await new Promise((resolve) => setImmediate(resolve))
    }
    return {
      map: isFamily ? null : volume,
      family: isFamily ? familyOf(volume, settings, step) : null,
      barycentre: method === 'cryowgen-1' ? volume : null,
      misfitPerMeasuredVoxel: 1,
      diagnostics: { ess: null, rHat: null, acceptance: null, objective: null, weightEss: null },
      trace: { potential: [], misfit: [] },
      warnings: [],
      partial: step < script.steps,
      device: 'script',
      settings,
      chosen: [],
      tiles: 1
    }
  }
}

function familyOf(volume: Float32Array, settings: Settings, draws: number): FamilyMaps {
  const { threshold, members, chains } = settings
  const constant = (value: number): Float32Array => new Float32Array(volume.length).fill(value)
  return {
    mean: volume,
    variance: constant(4),
    wedgeVariance: constant(3),
    measuredVariance: constant(1),
    probability: threshold === null ? null : volume.map((value) => (value > threshold ? 1 : 0)),
    rHat: chains > 1 ? constant(1.25) : null,
    members: Array.from({ length: members }, (_, i) => volume.map((value) => value + i + 1)),
    draws
  }
}
