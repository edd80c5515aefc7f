import type { Tensor } from 'onnxruntime-node'
import { WedgeviewError } from '../../shared/errors.ts'
import { absence, accelerators } from './device-support.ts'
import type { Accelerator } from './device-support.ts'
import { lastCrash, onTrial } from './device-trials.ts'
import type { Target } from './lowering.ts'
import { runtimeReason } from './session.ts'
import type { NetworkSession } from './session.ts'
import { timeConvolution } from './session-probe.ts'
import { trialFeeds } from './trial-feeds.ts'

/** Which device a step graph runs on and why, in words for run.json. */
export interface DeviceChoice {
  device: Target
  reason: string
}

/** Opens the graph in question for a device; called again for each that is tried. */
export type OpenOn = (device: Target) => Promise<NetworkSession>

export interface DeviceSources {
  absence(device: Accelerator): string | null
  lastCrash(device: Accelerator): Promise<Date | null>
  onTrial<T>(device: Accelerator, work: () => Promise<T>): Promise<T>
  /** Milliseconds of a convolution small enough for a device that only a processor pretends to be. */
  convolution(device: Target): Promise<number>
  now(): number
}

const systemSources: DeviceSources = {
  absence,
  lastCrash,
  onTrial,
  convolution: timeConvolution,
  now: () => performance.now()
}

/** A device this much slower than the CPU at a convolution is not given the step: its one run might take minutes. */
const hopeless = 4

/** Outputs that differ from the CPU's by more, relative to their largest value, are not trusted. */
export const agreement = 1e-3

/** A first run compiles kernels, so that it is timed apart. */
const timedRuns = 3
/** Runs are not repeated when one lasts this long. */
const enoughMilliseconds = 2000

interface Measured {
  session: NetworkSession
  milliseconds: number
  /** What the first run gave. */
  outputs: Record<string, Float32Array>
}

/**
 * The fastest device for a graph: each that may be there runs it a few times on the same numbers. One that fails, that
 * crashed lately, or whose results are not the CPU's is left out with the reason.
 *
 * @param say told in a few words what is being tried
 */
export async function fastestDevice(
  open: OpenOn,
  say: (words: string) => void = () => undefined,
  sources: DeviceSources = systemSources
): Promise<{ session: NetworkSession; choice: DeviceChoice }> {
  const left: string[] = []
  const candidates: Accelerator[] = []
  for (const device of accelerators) {
    const reason = sources.absence(device) ?? crashWords(await sources.lastCrash(device))
    if (reason === null) candidates.push(device)
    else left.push(`${device}: ${reason}`)
  }
  if (candidates.length === 0)
    return { session: await open('cpu'), choice: { device: 'cpu', reason: `the only device; ${left.join('; ')}` } }

  say('Timing a step on the CPU')
  const cpu = await measure(await open('cpu'), sources)
  let best: { device: Target; measured: Measured } = { device: 'cpu', measured: cpu }
  const times = [`${milliseconds(cpu.milliseconds)} on cpu`]
  for (const device of candidates) {
    say(`Timing a step on ${device}`)
    const tried = await attempt(device, open, cpu, sources)
    if (typeof tried === 'string') {
      left.push(`${device}: ${tried}`)
      continue
    }
    times.unshift(`${milliseconds(tried.milliseconds)} on ${device}`)
    const slower = tried.milliseconds < best.measured.milliseconds ? best.measured : tried
    if (slower === best.measured) best = { device, measured: tried }
    await slower.session.close()
  }
  const reason = [`a step takes ${times.join(', ')}`, ...left].join('; ')
  return { session: best.measured.session, choice: { device: best.device, reason } }
}

/** A device that was asked for by name, held to the CPU's results as well. */
export async function trustedDevice(device: Accelerator, open: OpenOn): Promise<NetworkSession> {
  const session = await open(device)
  const cpu = await open('cpu')
  try {
    const difference = largestDifference(await firstRun(session), await firstRun(cpu))
    if (difference <= agreement) return session
    await session.close()
    throw new WedgeviewError(
      'job',
      'device-inaccurate',
      `${device} computes a step that ${differenceWords(difference)}.`,
      'Use --device cpu, and update the driver of the GPU.'
    )
  } finally {
    await cpu.close()
  }
}

async function attempt(
  device: Accelerator,
  open: OpenOn,
  cpu: Measured,
  sources: DeviceSources
): Promise<Measured | string> {
  try {
    return await sources.onTrial(device, async () => {
      const [here, there] = [await sources.convolution('cpu'), await sources.convolution(device)]
      if (there > hopeless * here)
        return `a convolution takes ${milliseconds(there)}, and ${milliseconds(here)} on the CPU: a device in software`
      const session = await open(device)
      const measured = await measure(session, sources).catch(async (error: unknown) => {
        await session.close()
        throw error
      })
      const difference = largestDifference(measured.outputs, cpu.outputs)
      if (difference <= agreement) return measured
      await session.close()
      return `its step ${differenceWords(difference)}`
    })
  } catch (error) {
    return failureReason(error)
  }
}

/** Why a device could not run a graph, in the runtime's words where they are its. */
export function failureReason(error: unknown): string {
  return runtimeReason(error instanceof WedgeviewError && error.cause !== undefined ? error.cause : error)
}

async function firstRun(session: NetworkSession): Promise<Record<string, Float32Array>> {
  return floats(await session.run(trialFeeds(session.inputs), session.outputNames))
}

async function measure(session: NetworkSession, { now }: DeviceSources): Promise<Measured> {
  const feeds = trialFeeds(session.inputs)
  const timed = async (): Promise<{ results: Record<string, Tensor>; took: number }> => {
    const start = now()
    const results = await session.run(feeds, session.outputNames)
    return { results, took: now() - start }
  }
  const first = await timed()
  const times: number[] = []
  // A software device may need minutes: its first run has said enough.
  if (first.took > enoughMilliseconds) times.push(first.took)
  while (times.length < timedRuns && (times.at(-1) ?? 0) < enoughMilliseconds) times.push((await timed()).took)
  times.sort((a, b) => a - b)
  return { session, milliseconds: times[times.length >> 1], outputs: floats(first.results) }
}

function floats(results: Record<string, Tensor>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

/** The worst output's largest difference over its largest value; infinite where one is not finite. */
export function largestDifference(got: Record<string, Float32Array>, expected: Record<string, Float32Array>): number {
  let worst = 0
  for (const [name, values] of Object.entries(expected)) {
    let difference = 0
    let largest = 0
    for (let i = 0; i < values.length; i++) {
      const d = Math.abs(got[name][i] - values[i])
      // NaN against NaN: the networks don't take these numbers, on no device.
      if (Number.isNaN(d) && !(Number.isNaN(values[i]) && Number.isNaN(got[name][i]))) return Infinity
      if (d > difference) difference = d
      largest = Math.max(largest, Math.abs(values[i]))
    }
    if (difference > 0) worst = Math.max(worst, difference / largest)
  }
  return worst
}

function differenceWords(difference: number): string {
  return Number.isFinite(difference)
    ? `differs from the CPU's by ${difference.toExponential(1)} (${agreement} is allowed)`
    : 'is not finite'
}

function crashWords(crashed: Date | null): string | null {
  if (!crashed) return null
  const when = crashed.toISOString().slice(0, 16).replace('T', ' ')
  return `the process ended while it was tried at ${when} UTC; \`wedgeview doctor\` tries it again`
}

function milliseconds(time: number): string {
  return `${Number(time.toPrecision(3))} ms`
}
