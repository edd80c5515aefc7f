import { WedgeviewError } from '../../shared/errors.ts'
import { compilerVersion } from './compile-key.ts'
import { fastestDevice, failureReason, trustedDevice } from './device.ts'
import type { DeviceChoice, OpenOn } from './device.ts'
import { decisionKey, forgetDecision, keepDecision, recallDecision, userDecisions } from './device-decisions.ts'
import type { DecisionStore } from './device-decisions.ts'
import { accelerators } from './device-support.ts'
import type { Accelerator } from './device-support.ts'
import { lastCrash, onTrial } from './device-trials.ts'
import { machineIdentity } from './machine-identity.ts'
import type { NetworkSession, SessionSettings } from './session.ts'
import { timeConvolution } from './session-probe.ts'
import { trialFeeds } from './trial-feeds.ts'

/** A graph whose device is to be decided. */
export interface Candidate {
  /** Identifies the graph with its box and batch; the same whatever it is compiled for. */
  subject: string
  /** Compiles it for a device and opens it there. */
  open: OpenOn
}

/** A graph ready to run. */
export interface OpenedGraph {
  session: NetworkSession
  /** Why it runs where it runs; null where the device was asked for by name. */
  choice: DeviceChoice | null
}

/** What tests put their own in the place of. */
export interface DecisionSources {
  store: DecisionStore | null
  /** Identifies a subject on this machine as it is now. */
  keyOf(subject: string): Promise<string>
  fastest: typeof fastestDevice
  trusted: typeof trustedDevice
  /** Whether a device runs anything at all. */
  works(device: Accelerator): Promise<boolean>
  onTrial<T>(device: Accelerator, work: () => Promise<T>): Promise<T>
  /** What was decided in this process. */
  known: Map<string, DeviceChoice>
}

const knownHere = new Map<string, DeviceChoice>()

function systemSources(): DecisionSources {
  return {
    store: userDecisions(),
    keyOf: currentKey,
    fastest: fastestDevice,
    trusted: trustedDevice,
    works: (device) =>
      timeConvolution(device).then(
        () => true,
        () => false
      ),
    onTrial,
    known: knownHere
  }
}

async function currentKey(subject: string): Promise<string> {
  const crashed: string[] = []
  for (const device of accelerators) if (await lastCrash(device)) crashed.push(device)
  return decisionKey({ subject, compiler: compilerVersion ?? 'sources', machine: machineIdentity(), crashed })
}

/**
 * Opens a graph where it shall run. 'auto' is decided once for a graph on this machine: by the run that this one goes on with, by an
 * earlier process, or by timing the devices now.
 *
 * @throws what `open` throws; {WedgeviewError} job / device-inaccurate; input / device-gone where the device that the run was begun on
 *   can't be used any more
 */
export async function openWhereDecided(
  { subject, open }: Candidate,
  { device, threads, decided, say }: SessionSettings,
  sources: DecisionSources = systemSources()
): Promise<OpenedGraph> {
  if (device === 'cpu') return { session: await open('cpu'), choice: null }
  if (device === 'auto' && decided) return { session: await openBegun(open, decided), choice: decided }
  const key = await sources.keyOf(`${subject} ${device} ${threads ?? 'all'}`)
  const before = await recalled(key, open, sources)
  if (before) return device === 'auto' ? before : { ...before, choice: null }
  if (device === 'auto') return held(key, await sources.fastest(open, say), open, sources)
  say?.(`Comparing a step on ${device} with the CPU's`)
  const session = await sources.trusted(device, open)
  await keep(key, { device, reason: 'asked for' }, sources)
  return { session, choice: null }
}

/**
 * Opens a network beside the step on the step's device, or on the CPU where it can't run there or computes something else, which is no
 * reason to refuse the run.
 *
 * @returns with the choice of the CPU and its reason; null where it runs on the device
 * @throws what `open` throws where the device itself can't be used, or the CPU can't run it either
 */
export async function openBeside(
  { subject, open }: Candidate,
  { device, threads }: { device: Accelerator; threads: number | null },
  sources: DecisionSources = systemSources()
): Promise<OpenedGraph> {
  const key = await sources.keyOf(`${subject} beside ${device} ${threads ?? 'all'}`)
  const before = await recalled(key, open, sources)
  if (before) return { ...before, choice: before.session.device === device ? null : before.choice }
  try {
    const session = await sources.onTrial(device, () => sources.trusted(device, open))
    await keep(key, { device, reason: 'the device of the run' }, sources)
    return { session, choice: null }
  } catch (error) {
    if (!(await sources.works(device))) throw error
    const session = await open('cpu')
    const choice: DeviceChoice = { device: 'cpu', reason: `${device}: ${failureReason(error)}` }
    await keep(key, choice, sources)
    return { session, choice }
  }
}

/** The graph on the device that was decided on before; null where there was none, or where it fails there now. */
async function recalled(
  key: string,
  open: OpenOn,
  { known, store, onTrial: trial }: DecisionSources
): Promise<{ session: NetworkSession; choice: DeviceChoice } | null> {
  const here = known.get(key)
  if (here) return { session: await open(here.device), choice: here }
  const found = store && (await recallDecision(store, key))
  if (!store || !found) return null
  const { device, reason } = found
  const choice: DeviceChoice = { device, reason }
  try {
    // A driver that has begun to crash since leaves its note, and the process after this one decides anew.
    const session = device === 'cpu' ? await open(device) : await trial(device, () => runOnce(open, device))
    known.set(key, choice)
    return { session, choice }
  } catch (error) {
    if (device === 'cpu') throw error
    await forgetDecision(store, key)
    return null
  }
}

async function runOnce(open: OpenOn, device: Accelerator): Promise<NetworkSession> {
  const session = await open(device)
  try {
    await session.run(trialFeeds(session.inputs), session.outputNames)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

/** Two processes may decide at once: the first one's decision holds for both. */
async function held(
  key: string,
  decidedNow: { session: NetworkSession; choice: DeviceChoice },
  open: OpenOn,
  sources: DecisionSources
): Promise<OpenedGraph> {
  const choice = await keep(key, decidedNow.choice, sources)
  if (choice.device === decidedNow.choice.device) return { session: decidedNow.session, choice }
  await decidedNow.session.close()
  return { session: await open(choice.device), choice }
}

async function keep(key: string, choice: DeviceChoice, { known, store }: DecisionSources): Promise<DeviceChoice> {
  const holds = store ? await keepDecision(store, key, choice) : choice
  known.set(key, holds)
  return holds
}

/** The device that a run was begun on: results to the bit are only promised there, so no other one stands in for it. */
async function openBegun(open: OpenOn, { device }: DeviceChoice): Promise<NetworkSession> {
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
