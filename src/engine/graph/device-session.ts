import { compiled, userCompileCache } from './compile-cache.ts'
import type { CompiledGraph } from './compile-cache.ts'
import { compileKey, compilerVersion } from './compile-key.ts'
import { openWhereDecided } from './decided-session.ts'
import type { OpenedGraph } from './decided-session.ts'
import type { Target } from './lowering.ts'
import { evaluateOnCpu, openSession } from './session.ts'
import type { SessionSettings } from './session.ts'
import { composeStep } from './step-graph.ts'
import type { StepGraphSpec } from './step-graph.ts'

/**
 * Composes a step graph for its device, or takes it from the cache, and opens it; 'auto' finds the fastest device first.
 *
 * @param admit told the bytes of the largest tensor before anything is opened; throws where that is too much
 * @throws what composeStep, openSession, openWhereDecided and `admit` throw
 */
export async function openStep(
  spec: StepGraphSpec,
  settings: SessionSettings,
  admit: (largestTensorBytes: number) => void
): Promise<OpenedGraph> {
  const { threads } = settings
  const { folder } = spec.networks
  const open = async (target: Target): Promise<OpenedGraph['session']> => {
    const { model, largestTensorBytes } = await compileStep(spec, target, threads)
    admit(largestTensorBytes)
    return openSession(model, { device: target, threads }, folder)
  }
  if (settings.device === 'cpu') return { session: await open('cpu'), choice: null }
  // The whole form counts: with another batch or filter another device may win.
  return openWhereDecided({ subject: await compileKey(spec, 'cpu', 'any'), open }, settings)
}

async function compileStep(spec: StepGraphSpec, target: Target, threads: number | null): Promise<CompiledGraph> {
  const build = async (): Promise<CompiledGraph> => {
    const evaluate = evaluateOnCpu(threads, spec.networks.folder)
    const { graph, largestTensorBytes } = await composeStep(spec, evaluate, target)
    return { model: graph.encode(), largestTensorBytes }
  }
  if (compilerVersion === null) return build()
  return compiled(userCompileCache(), await compileKey(spec, target, compilerVersion), build)
}
