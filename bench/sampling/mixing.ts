import { reconstruct, resolveSettings } from '../../src/engine/sampling/index.ts'
import { makeGaussianProblem } from '../../src/engine/sampling/oracle/gaussian-problem.ts'

export interface MixingRequest {
  /** Edge of the box. */
  size: number
  sigma: number
  /** Power of the prior at the origin and in the corner of Fourier space. */
  power: [origin: number, corner: number]
  /** Steps of each chain. */
  steps: number
}

/** A chain's speed: its effective sample size, that of the slowest group of probes, and the time of its steps. */
export interface Mixing {
  step: number
  ess: number
  seconds: number
  essPerSecond: number
}

/**
 * Effective draws a second on the linear-Gaussian oracle (method.md 8.1) with the Fourier preconditioner and without. Both steps are the program's own choice: a fifth
 * of what the stiffest direction bears, so that both have the same largest bias.
 */
export async function measureMixing({
  size: edge,
  sigma,
  power,
  steps
}: MixingRequest): Promise<Record<'fourier' | 'none', Mixing>> {
  const problem = await makeGaussianProblem([edge, edge, edge], { logPower: Float32Array.from(power, Math.log) }, sigma)
  const { bundle, wedge, volume, size } = problem
  const run = async (preconditioner: 'fourier' | 'none'): Promise<Mixing> => {
    const common = { bundle, wedge, volume, size, method: 'cryowgen-2', device: 'cpu', threads: null } as const
    const { settings } = await resolveSettings(
      { preconditioner, mala: false, steps, burnIn: Math.floor(steps / 4), thin: 1, chains: 4, beta: 0, members: 0 },
      bundle,
      common
    )
    let first: number | null = null
    const hooks = {
      signal: new AbortController().signal,
      onProgress: ({ step }: { step: number }) => {
        if (step > 0) first ??= performance.now()
      }
    }
    const { diagnostics } = await reconstruct({ ...common, settings }, hooks)
    const seconds = (performance.now() - (first ?? 0)) / 1000
    const ess = diagnostics.ess ?? NaN
    return { step: settings.step, ess, seconds, essPerSecond: ess / seconds }
  }
  return { fourier: await run('fourier'), none: await run('none') }
}
