import { z } from 'zod'
import type { Directions } from '../../shared/directions.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Progress, ReconstructRequest } from '../../shared/jobs.ts'
import type { RunRecord } from '../../shared/runs.ts'
import { mapOpener, mapWriter, type MapLabel } from '../posterior/map-file.ts'
import { assertRunFolderPossible, outExists, writeRunFolder, type RunContents } from '../posterior/run-folder.ts'
import { familyDirections } from '../directions/family-directions.ts'
import type { RunMap } from '../posterior/run-maps.ts'
import type { RegionReconstruction } from '../sampling/tiles/region.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import type { Volume } from '../volume/volume.ts'
import { cancelledError } from './cancelled.ts'
import { assertSameInput } from './continued/origin.ts'
import { assertFiniteMisfit, finiteProgress } from './finite.ts'
import { greyMaps, greyMapsInTurns, greyPartial } from './grey-result.ts'
import { fileSha256 } from './input.ts'
import { outputBytes, outputMaps } from './output-size.ts'
import { prepareRun, problemOf, type PreparedRun } from './prepare.ts'
import type { PartialMaps } from './partial-pieces.ts'
import { recordOf } from './record.ts'
import { FolderCheckpoint } from './state/checkpoint.ts'
import { assertSameIdentity, identityOf } from './state/identity.ts'
import { hasProgress, UnfinishedRun } from './state/unfinished.ts'
import { productionTools, type RunnerTools } from './tools.ts'
import { programVersion } from './versions.ts'

export interface FinishedRun {
  readonly runPath: string
  readonly record: RunRecord
}

export interface RunHooks {
  readonly signal: AbortSignal
  /** Asked once the signal is aborted: whether what is there shall be written as a partial run. */
  keepPartial(): boolean
  /** Asked once the signal is aborted: whether nobody asked for that, but whoever waited for the run is gone. Then it can be resumed. */
  isOrphaned(): boolean
  onProgress(progress: Progress): void
  onPartial(partial: PartialMaps): void
  /** Called while a cancelled job writes what it keeps. */
  onStopping(): void
  /** The run's state was kept: it would go on from here. */
  onSaved(): void
  onLog(level: 'warning', message: string): void
  /** How often the state is kept at most; every two seconds unless given. */
  readonly stateEverySeconds?: number
}

/**
 * One reconstruction, from the file to the run folder. The folder appears complete or not at all: while the run is being computed
 * OUT holds `state/` and nothing else.
 *
 * @param stagingPath folder beside `request.outPath` that is filled at the end, then renamed
 * @throws {WedgeviewError} usage (out-exists, nothing-to-resume, run-in-progress, state-unreadable), input (resume-differs, roi-outside,
 *   no-contrast, whatever the volume and the bundle are refused for), job (disk-full, …), cancelled
 */
export async function runReconstruction(
  request: ReconstructRequest,
  stagingPath: string,
  hooks: RunHooks,
  tools: RunnerTools = productionTools
): Promise<FinishedRun> {
  const { signal } = hooks
  let own: UnfinishedRun | null = null
  let prepared: PreparedRun | null = null
  try {
    hooks.onProgress(phase('Reading the tomogram', 0))
    const before = request.resume ? await UnfinishedRun.open(request.outPath, signal) : null
    if (!before) await assertRunFolderPossible(request.outPath, 0)
    prepared = await prepareRun(request, tools, signal, before?.job.decisions)
    const inputSha256 = await fileSha256(request.volumePath, signal)
    own = before ? await resumed(before, prepared, inputSha256) : await begun(prepared, inputSha256)
    const starts = before ? await keptStarts(own) : prepared.starts
    return await perform({ ...prepared, starts }, own, inputSha256, stagingPath, hooks, tools)
  } catch (error) {
    // An abort ends reads and steps with errors of many kinds; to the user each of them means the same.
    const told = signal.aborted && !(error instanceof WedgeviewError) ? cancelledError() : error
    if (own && !(await isWorthKeeping(own, hooks, told))) await own.discard()
    throw told
  } finally {
    await prepared?.close()
  }
}

async function begun(prepared: PreparedRun, inputSha256: string): Promise<UnfinishedRun> {
  const { request, settings, input, decisions, origin, starts } = prepared
  if (origin) assertSameInput(origin, inputSha256)
  const bytes = outputBytes(request.method, settings, input.volume.length)
  // Tiles overlap where they are blended, and lie beside the maps that are made of them.
  const isHeld = input.volume instanceof Float32Array
  await assertRunFolderPossible(request.outPath, isHeld ? bytes : 2.3 * bytes)
  try {
    const run = await UnfinishedRun.begin(request.outPath, {
      stateVersion: 2,
      request: { ...request, resume: undefined },
      identity: identityNow(prepared, inputSha256),
      decisions,
      startedAt: new Date().toISOString(),
      resumed: 0
    })
    // The run gone on from may be gone by the time this one is resumed.
    if (starts.length > 0) await run.save(startsFile, starts)
    return run
  } catch (error) {
    // Made by another process since it was looked for.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw outExists(request.outPath)
    throw error
  }
}

const startsFile = 'starts.state'

async function keptStarts(run: UnfinishedRun): Promise<Float32Array[]> {
  return z.array(z.instanceof(Float32Array)).parse((await run.load(startsFile)) ?? [])
}

async function resumed(before: UnfinishedRun, prepared: PreparedRun, inputSha256: string): Promise<UnfinishedRun> {
  assertSameIdentity(before.job.identity, identityNow(prepared, inputSha256), before.outPath)
  await before.takeOver()
  return before
}

function identityNow({ request, input, bundle }: PreparedRun, sha256: string): ReturnType<typeof identityOf> {
  return identityOf(request, {
    input: { path: request.volumePath, sha256 },
    bundle: { name: bundle.manifest.name, sha256: bundle.sha256 },
    roi: input.roi
  })
}

/** Failures after which the same run may well succeed: the machine's, not the run's. */
const passing = ['disk-full', 'run-not-written', 'network-failed', 'device-unavailable', 'device-gone']

async function isWorthKeeping(run: UnfinishedRun, hooks: RunHooks, error: unknown): Promise<boolean> {
  if (!(await hasProgress(run.outPath))) return false
  if (hooks.signal.aborted) return hooks.isOrphaned()
  return error instanceof WedgeviewError && passing.includes(error.code)
}

async function perform(
  prepared: PreparedRun,
  run: UnfinishedRun,
  inputSha256: string,
  stagingPath: string,
  hooks: RunHooks,
  tools: RunnerTools
): Promise<FinishedRun> {
  const { request } = prepared
  const { signal } = hooks
  const samplingFrom = performance.now()
  let secondsBefore = 0
  const seconds = (): number => secondsBefore + (performance.now() - samplingFrom) / 1000
  const checkpoint = new FolderCheckpoint(
    run,
    { onSaved: hooks.onSaved, onLog: hooks.onLog, seconds },
    hooks.stateEverySeconds
  )
  secondsBefore = await checkpoint.secondsBefore()
  const result = await tools.reconstruct(problemOf(prepared), prepared.plan, {
    signal,
    checkpoint,
    // A run that is resumed must not choose another device: it would not give the same numbers.
    onDevice: (device) => run.decide({ device }),
    onProgress: (progress) => hooks.onProgress(finiteProgress(progress)),
    onPartial: (family) => hooks.onPartial(greyPartial(prepared.input, family))
  })
  const samplingSeconds = seconds()
  const label = {
    version: programVersion,
    method: request.method,
    gamma: prepared.settings.gamma,
    seed: prepared.settings.seed
  }
  const maps = mapsOf(prepared, result, label, tools.slabBytes)
  const isEmpty = Array.isArray(maps) && maps.length === 0
  if (signal.aborted && !(hooks.keepPartial() && !isEmpty)) throw cancelledError()
  assertFiniteMisfit(result.misfitPerMeasuredVoxel)
  hooks.onProgress(phase('Writing the run folder', 1))
  const directionalVariance = 'turns' in maps ? null : await directionalVarianceOf(prepared, maps, result.tiles)
  const { startedAt, resumed: resumedTimes } = run.job
  const record = recordOf(prepared, result, inputSha256, new Date(startedAt), seconds())
  await writeRunFolder(
    request.outPath,
    stagingPath,
    {
      record,
      diagnostics: { ...diagnosticsOf(result), directionalVariance, samplingSeconds, resumedTimes },
      maps
    },
    mapWriter(prepared.input.info, prepared.input.roi, label),
    () => {
      if (!signal.aborted) return
      if (!hooks.keepPartial()) throw cancelledError()
      hooks.onStopping()
    }
  )
  return { runPath: request.outPath, record }
}

function mapsOf(
  { input, request, settings }: PreparedRun,
  result: RegionReconstruction,
  label: MapLabel,
  slabBytes: number
): RunContents['maps'] {
  const { slabs } = result
  if (!slabs) return greyMaps(input, result)
  return {
    turns: greyMapsInTurns(input, slabs, outputMaps(request.method, settings), slabBytes),
    sectionVoxels: slabs.size[1] * slabs.size[2],
    open: mapOpener(input.info, input.roi, label)
  }
}

function diagnosticsOf({ diagnostics, trace }: RegionReconstruction): Record<string, unknown> {
  return { ...diagnostics, trace }
}

/** Variance of the members around their mean by direction around the tilt axis, in squares of grey values; null without members. */
async function directionalVarianceOf(
  { input, request }: PreparedRun,
  maps: readonly RunMap[],
  tiles: number
): Promise<Directions | null> {
  const [depth, height, width] = input.size
  const info = { ...input.info, size: { x: width, y: height, z: depth } }
  const of = (role: RunMap['role']): Volume[] =>
    maps.filter((map) => map.role === role).map(({ values }) => memoryVolume(values, info))
  const [mean] = of('mean')
  const members = of('member')
  return mean && members.length > 0 ? familyDirections({ mean, members, tiles }, request.wedge) : null
}

function phase(text: string, fraction: number): Progress {
  return {
    phase: text,
    fraction,
    step: 0,
    steps: 0,
    secondsLeft: null,
    potential: null,
    misfitPerMeasuredVoxel: null,
    acceptance: null,
    members: 0
  }
}
