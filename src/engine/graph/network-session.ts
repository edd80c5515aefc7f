import { compiled, userCompileCache } from './compile-cache.ts'
import type { CompiledGraph } from './compile-cache.ts'
import { compilerVersion, networkKey } from './compile-key.ts'
import { openBeside, openWhereDecided } from './decided-session.ts'
import type { Candidate, OpenedGraph } from './decided-session.ts'
import { largestBytes, lowerFor, specialiseNetwork, withStaticInputs } from './lowering.ts'
import type { Target } from './lowering.ts'
import type { Network } from './networks.ts'
import { evaluateOnCpu, openSession } from './session.ts'
import type { SessionSettings } from './session.ts'

/** A network that runs by itself, outside of the step graph: the encoder, and split Gibbs' denoiser. */
export interface NetworkSpec {
  network: Network
  /** Shape of its volume or latent, (B, c, D, H, W). */
  shape: readonly number[]
  /** Folder that external weights are relative to. */
  folder: string
}

/** How often a network will run on a box of this size: whether compiling it for the CPU is worth its time. */
export type Use = 'once' | 'often'

/**
 * Opens the network that a run is made of, without gradient: split Gibbs' denoiser. 'auto' times the devices on it.
 *
 * @param admit told the bytes of the largest tensor before anything is opened; throws where that is too much
 * @throws {WedgeviewError} as openSession; input / device-gone
 */
export async function openNetwork(
  spec: NetworkSpec,
  settings: SessionSettings,
  admit: (largestTensorBytes: number) => void
): Promise<OpenedGraph> {
  const { device, threads } = settings
  const candidate = await candidateOf(spec, threads, 'often', admit)
  if (device === 'auto' || device === 'cpu') return openWhereDecided(candidate, settings)
  return openBeside(candidate, { device, threads })
}

/**
 * Opens a network on the device of the step that it belongs to: the encoder. Where it can't run there it runs on the CPU, and the choice
 * says why.
 *
 * @throws {WedgeviewError} input / device-unavailable where the device itself can't be used; job / network-failed
 */
export async function openNetworkBeside(
  spec: NetworkSpec,
  device: Target,
  threads: number | null
): Promise<OpenedGraph> {
  const candidate = await candidateOf(spec, threads, 'once', () => undefined)
  if (device === 'cpu') return { session: await candidate.open('cpu'), choice: null }
  return openBeside(candidate, { device, threads })
}

async function candidateOf(
  spec: NetworkSpec,
  threads: number | null,
  use: Use,
  admit: (largestTensorBytes: number) => void
): Promise<Candidate> {
  return {
    subject: await networkKey(spec, 'cpu', 'any'),
    open: async (target) => {
      const { model, largestTensorBytes } = await compileNetwork(spec, target, threads, use)
      admit(largestTensorBytes)
      return openSession(model, { device: target, threads }, spec.folder)
    }
  }
}

async function compileNetwork(
  spec: NetworkSpec,
  target: Target,
  threads: number | null,
  use: Use
): Promise<CompiledGraph> {
  const { network, shape, folder } = spec
  // Compiling takes longer than what one run on the CPU gains by it.
  if (target === 'cpu' && use === 'once')
    return {
      model: withStaticInputs(network, shape).encode(),
      largestTensorBytes: 4 * shape.reduce((a, b) => a * b, 1)
    }
  const build = async (): Promise<CompiledGraph> => {
    const evaluate = evaluateOnCpu(threads, folder)
    const graph = await specialiseNetwork(network, shape, evaluate)
    const shapes = await lowerFor(target, graph, evaluate)
    return { model: graph.encode(), largestTensorBytes: largestBytes(shapes) }
  }
  if (compilerVersion === null) return build()
  return compiled(userCompileCache(), await networkKey(spec, target, compilerVersion), build)
}
