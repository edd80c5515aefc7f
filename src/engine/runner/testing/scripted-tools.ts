import { manifestSchema } from '../../bundle/manifest.ts'
import type { RunnerTools } from '../tools.ts'

/** What a scripted reconstruction does, passed as the bundle's path: `?steps=4&blockMilliseconds=200&…`. */
export interface Script {
  steps: number
  /** Each step holds its thread for this long, as a network run does. */
  blockMilliseconds: number
  /** Ignores the cancel signal. */
  deaf: boolean
  /** The process kills itself in this step; 0 = never. */
  dieAtStep: number
}

export function scriptPath(script: Partial<Script>): string {
  return `/script?${JSON.stringify({ steps: 3, blockMilliseconds: 0, deaf: false, dieAtStep: 0, ...script })}`
}

function scriptOf(bundlePath: string): Script {
  return JSON.parse(bundlePath.slice(bundlePath.indexOf('?') + 1)) as Script
}

export function blockThread(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

const scripts = new WeakMap<object, Script>()

/**
 * A reconstruction whose answer is known, in place of networks: the map is the input itself; the family's mean is the input,
 * its wedge variance 3 and measured variance 1 in normalised units, and its members the input plus their number.
 * Only for tests of the process, the queue and the run folder.
 */
export const scriptedTools: RunnerTools = {
  loadBundle(path) {
    const manifest = manifestSchema.parse({
      formatVersion: 1,
      name: 'scripted',
      version: '1.0.0',
      license: 'none',
      description: 'for tests',
      training: { method: 'other', data: 'none', date: 'never' },
      voxelSizeAngstrom: null,
      contrast: 'light-on-dark',
      normalization: { kind: 'zscore', scope: 'tomogram' },
      patch: { size: [8, 8, 8] },
      latent: 'volume',
      methods: { 'cryowgen-2': {} },
      files: {}
    })
    const bundle = { path, manifest, sha256: '0'.repeat(64), encoder: null, decoder: null, prior: null }
    scripts.set(bundle, scriptOf(path))
    return Promise.resolve(bundle)
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
        members: 2,
        threshold: null,
        tile: null,
        seed: 7,
        ...requested
      },
      chosen: [{ setting: 'seed', value: 7, reason: 'the script says so' }]
    })
  },

  async reconstruct({ bundle, volume, method, settings }, { signal, onProgress, onPartial }) {
    const script = scripts.get(bundle)
    if (!script) throw new Error('The bundle has no script.')
    const constant = (value: number): Float32Array => new Float32Array(volume.length).fill(value)
    const isFamily = method.startsWith('cryowgen')
    let step = 0
    while (step < script.steps && (script.deaf || !signal.aborted)) {
      step++
      blockThread(script.blockMilliseconds)
      if (step === script.dieAtStep) process.kill(process.pid, 'SIGKILL')
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
      if (isFamily)
        onPartial?.({
          mean: volume,
          variance: constant(4),
          wedgeVariance: constant(3),
          measuredVariance: constant(1),
          members: step
        })
      await new Promise((resolve) => setImmediate(resolve))
    }
    return {
      map: isFamily ? null : volume,
      family: isFamily
        ? {
            mean: volume,
            variance: constant(4),
            wedgeVariance: constant(3),
            measuredVariance: constant(1),
            probability:
              settings.threshold === null ? null : volume.map((value) => (value > (settings.threshold ?? 0) ? 1 : 0)),
            members: Array.from({ length: settings.members }, (_, i) => volume.map((value) => value + i + 1))
          }
        : null,
      misfitPerMeasuredVoxel: 1,
      diagnostics: { ess: null, rHat: null, acceptance: null, objective: null, weightEss: null },
      trace: { stepMilliseconds: script.blockMilliseconds },
      warnings: [],
      partial: step < script.steps,
      device: 'script'
    }
  }
}
