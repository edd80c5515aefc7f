import { WedgeviewError } from '../../shared/errors.ts'
import { compiled, userCompileCache } from './compile-cache.ts'
import type { CompiledGraph } from './compile-cache.ts'
import { compileKey, compilerVersion } from './compile-key.ts'
import { fastestDevice, trustedDevice } from './device.ts'
import type { DeviceChoice, OpenOn } from './device.ts'
import type { Target } from './lowering.ts'
import { evaluateOnCpu, openSession } from './session.ts'
import type { NetworkSession, SessionSettings } from './session.ts'
import { composeStep } from './step-graph.ts'
import type { StepGraphSpec } from './step-graph.ts'

/** A step graph ready to run. */
export interface OpenedStep {
  session: NetworkSession
  /** Why it runs where it runs; null where the device was asked for by name. */
  choice: DeviceChoice | null
}

/** What was found out about a device in this process holds for the same graph. */
const known = new Map<string, DeviceChoice>()

/**
 * Composes a step graph for its device, or takes it from the cache, and opens it; 'auto' finds the fastest device first.
 *
 * @param admit told the bytes of the largest tensor before anything is opened; throws where that is too much
 * @throws what composeStep, openSession and `admit` throw; {WedgeviewError} job / device-inaccurate; input / device-gone where the device that
 *   the run was begun on can't be used any more
 */
export async function openStep(
  spec: StepGraphSpec,
  settings: SessionSettings,
  admit: (largestTensorBytes: number) => void
): Promise<OpenedStep> {
  const { threads, device, say, decided } = settings
  const { folder } = spec.networks
  const open: OpenOn = async (target) => {
    const { model, largestTensorBytes } = await compileStep(spec, target, threads)
    admit(largestTensorBytes)
    return openSession(model, { device: target, threads }, folder)
  }
  if (device === 'cpu') return { session: await open('cpu'), choice: null }
  if (device === 'auto' && decided) return { session: await openDecided(open, decided), choice: decided }
  // The whole form counts: with another batch or filter another device may win.
  const subject = await compileKey(spec, 'cpu', `${device} ${threads ?? 'all'}`)
  const choice = known.get(subject)
  if (choice) return { session: await open(choice.device), choice: device === 'auto' ? choice : null }
  if (device === 'auto') {
    const fastest = await fastestDevice(open, say)
    known.set(subject, fastest.choice)
    return fastest
  }
  say?.(`Comparing a step on ${device} with the CPU's`)
  const session = await trustedDevice(device, open)
  known.set(subject, { device, reason: 'asked for' })
  return { session, choice: null }
}

/** The device that a run was begun on: results to the bit are only promised there, so no other one stands in for it. */
async function openDecided(open: OpenOn, { device }: DeviceChoice): Promise<NetworkSession> {
  try {
    return await open(device)
  } catch (error) {
    if (!(error instanceof WedgeviewError) || error.code !== 'device-unavailable') throw error
    throw new WedgeviewError(
      'input',
      'device-gone',
      `The run was begun on ${device}, which can’t be used now. ${error.message}`,
      `Results are the same to the bit on the same device only. Make ${device} available again (\`wedgeview doctor\` says what is ` +
        'missing) and resume, or start a new run in another folder.',
      { cause: error }
    )
  }
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
