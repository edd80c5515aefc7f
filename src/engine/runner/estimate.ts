import type { JobEstimate } from '../../shared/api.ts'
import type { Progress, ReconstructRequest } from '../../shared/jobs.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { slabBytes } from '../sampling/tiles/slabs.ts'
import { layTiles } from '../sampling/tiles/geometry.ts'
import { cancelledError } from './cancelled.ts'
import { outputBytes } from './output-size.ts'
import { prepareRun, problemOf, type PreparedRun } from './prepare.ts'
import { productionTools, type RunnerTools } from './tools.ts'

/** A trial ends after this many steps beyond the first, or as soon as one lasted this long. */
const trialSteps = 4
const trialMilliseconds = 1500

/** A step's number and when it was done. */
interface Mark {
  step: number
  at: number
}

/**
 * Time and memory of a job, from running its first steps for real: the same networks, box and settings. Meant for a
 * process of its own, whose peak memory then is this job's.
 *
 * @throws {WedgeviewError} what the job itself would be refused for; cancelled
 */
export async function estimateReconstruction(
  request: ReconstructRequest,
  signal: AbortSignal,
  tools: RunnerTools = productionTools
): Promise<JobEstimate> {
  const startedAt = performance.now()
  const prepared = await prepareRun(request, tools, signal)
  const preparationSeconds = secondsSince(startedAt)
  const trial = await runTrial(prepared, signal, tools).finally(() => prepared.close())
  if (signal.aborted) throw cancelledError()
  const voxels = prepared.input.volume.length
  // The maps of all tiles are there beside those that they are put together to.
  const copies = prepared.plan.edge.every((n, axis) => n === prepared.plan.whole[axis]) ? 1 : 2
  const isHeld = prepared.input.volume instanceof Float32Array
  const maps = isHeld ? copies * outputBytes(request.method, prepared.settings, voxels) : slabBytes
  // Kilobytes on every system, whatever getrusage says there.
  const peak = process.resourceUsage().maxRSS * 1024
  return {
    seconds: preparationSeconds + trial.seconds,
    memoryBytes: peak + maps,
    reason:
      `${trial.reason} Reading and preparing took ${spoken(preparationSeconds)}. ` +
      `Memory: ${mebibytes(peak)} at most during this trial of ${voxels.toLocaleString('en')} voxels, and ${mebibytes(maps)} for ${isHeld ? 'the maps' : 'the sections of maps at a time'} to be written.`
  }
}

interface Trial {
  seconds: number
  reason: string
}

async function runTrial(prepared: PreparedRun, signal: AbortSignal, tools: RunnerTools): Promise<Trial> {
  const enough = new AbortController()
  const asked = prepared.request.device
  // A trial that is over before its first step has decided nothing.
  let device = asked === 'auto' ? 'a device that a warm-up decides on' : asked
  const startedAt = performance.now()
  let first: Mark | null = null
  let last: Mark | null = null
  let steps = 0
  const onProgress = (progress: Progress): void => {
    if (progress.step < 1 || enough.signal.aborted) return
    const mark = { step: progress.step, at: performance.now() }
    steps = progress.steps
    if (!first) first = mark
    else if (mark.step > first.step) {
      last = mark
      if (mark.step - first.step >= trialSteps || mark.at - first.at >= trialMilliseconds) enough.abort()
    }
  }
  try {
    await tools.reconstruct(problemOf(prepared), prepared.plan, {
      signal: AbortSignal.any([signal, enough.signal]),
      onDevice: (choice) => {
        device = `${choice.device}, which \`auto\` chose (${choice.reason})`
      },
      onProgress
    })
  } catch (error) {
    // Ended by the trial itself: what was measured is all that was wanted.
    if (!enough.signal.aborted && !endedAfterTile(error, prepared, signal)) throw error
  }
  const { whole, edge, halo, multiple } = prepared.plan
  const tiles = layTiles(prepared.input.size, whole, edge, halo, multiple).tiles.length
  const begun: Mark | null = first
  const end: Mark | null = last
  if (!enough.signal.aborted || !begun || !end) {
    const seconds = secondsSince(startedAt)
    if (!(prepared.input.volume instanceof Float32Array) && tiles > 1)
      return {
        seconds: tiles * seconds,
        reason: `One of ${tiles} tiles was computed: ${spoken(seconds)} on ${device}.`
      }
    return { seconds, reason: `The whole computation was run once: ${spoken(seconds)} on ${device}.` }
  }
  return extrapolated({ startedAt, begun, end, steps, device, tiles })
}

/** A region whose tiles go to the disk is left after its first one, as there is no place for it. */
function endedAfterTile(error: unknown, { input }: PreparedRun, signal: AbortSignal): boolean {
  const isCancelled = error instanceof WedgeviewError && error.kind === 'cancelled'
  return isCancelled && !signal.aborted && !(input.volume instanceof Float32Array)
}

interface Measured {
  startedAt: number
  begun: Mark
  end: Mark
  /** Of all tiles. */
  steps: number
  device: string
  tiles: number
}

/** Each tile is encoded and its graph compiled before its first step, which was seen once. */
function extrapolated({ startedAt, begun, end, steps, device, tiles }: Measured): Trial {
  const secondsPerStep = (end.at - begun.at) / 1000 / (end.step - begun.step)
  const untilFirst = (begun.at - startedAt) / 1000
  const inTiles = tiles > 1 ? ` in ${tiles} tiles` : ''
  return {
    seconds: tiles * untilFirst + secondsPerStep * (steps - tiles * begun.step),
    reason:
      `A step took ${spoken(secondsPerStep)} on ${device}, measured just now; there are at most ${steps}${inTiles}, and ` +
      `${spoken(untilFirst)} pass until the first${tiles > 1 ? ' of each tile' : ''} is done.`
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}

function spoken(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toPrecision(2)} ms` : `${seconds.toPrecision(2)} s`
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`
}
