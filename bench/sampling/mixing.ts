import type { RequestedSettings } from '../../src/shared/settings.ts'
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
  /** A second of processor time, which other programs on the machine change less. */
  essPerCpuSecond: number
}

/** Chains that are compared: the program's own choice, and what it takes the place of. */
const kinds = {
  /** The automatic settings: Leimkuhler-Matthews noise, Fourier preconditioner. */
  automatic: {},
  /** The same with Euler's step, whose bias grows with the step. */
  fourierEuler: { preconditioner: 'fourier', integrator: 'euler' },
  /** Without a preconditioner, but without step bias either. */
  plain: { preconditioner: 'none' },
  /** Plain SGLD. */
  plainEuler: { preconditioner: 'none', integrator: 'euler' }
} as const satisfies Record<string, RequestedSettings>
export type ChainKind = keyof typeof kinds

/**
 * Effective draws a second on the linear-Gaussian oracle (method.md 8.1) of four kinds of chains. Each one's step is the program's own choice: with Euler's a fifth of
 * what the stiffest direction bears, so that both of those have the same largest bias.
 */
export async function measureMixing({
  size: edge,
  sigma,
  power,
  steps
}: MixingRequest): Promise<Record<ChainKind, Mixing>> {
  const problem = await makeGaussianProblem([edge, edge, edge], { logPower: Float32Array.from(power, Math.log) }, sigma)
  const { bundle, wedge, volume, size } = problem
  const run = async (kind: ChainKind): Promise<Mixing> => {
    const common = { bundle, wedge, volume, size, method: 'cryowgen-2', device: 'cpu', threads: null } as const
    const { settings } = await resolveSettings(
      { ...kinds[kind], mala: false, steps, burnIn: Math.floor(steps / 4), thin: 1, chains: 4, beta: 0, members: 0 },
      bundle,
      common
    )
    let first: { step: number; at: number; cpu: number } | null = null
    const cpuNow = (): number => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    }
    const hooks = {
      signal: new AbortController().signal,
      onProgress: ({ step }: { step: number }) => {
        if (step > 0) first ??= { step, at: performance.now(), cpu: cpuNow() }
      }
    }
    const { diagnostics } = await reconstruct({ ...common, settings }, hooks)
    const begun = first as { step: number; at: number; cpu: number } | null
    const seconds = (performance.now() - (begun?.at ?? 0)) / 1000
    const cpuSeconds = cpuNow() - (begun?.cpu ?? 0)
    const ess = diagnostics.ess ?? NaN
    return { step: settings.step, ess, seconds, essPerSecond: ess / seconds, essPerCpuSecond: ess / cpuSeconds }
  }
  return {
    automatic: await run('automatic'),
    fourierEuler: await run('fourierEuler'),
    plain: await run('plain'),
    plainEuler: await run('plainEuler')
  }
}
