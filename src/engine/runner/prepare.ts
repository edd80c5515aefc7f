import { boxSize, type Box } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { ReconstructRequest } from '../../shared/jobs.ts'
import { methods, type MethodId } from '../../shared/methods.ts'
import type { Warning } from '../../shared/runs.ts'
import type { ChosenSetting, Settings } from '../../shared/settings.ts'
import type { TiltSource, Wedge } from '../../shared/wedge.ts'
import type { LoadedBundle } from '../bundle/load.ts'
import { manifestWedge } from '../bundle/manifest.ts'
import { letOthersRun } from '../sampling/problem.ts'
import type { TilePlan } from '../sampling/tiles/plan-schema.ts'
import { centralTile } from '../sampling/tiles/plan.ts'
import type { RegionProblem } from '../sampling/tiles/region.ts'
import { boxOf } from '../sampling/tiles/region-voxels.ts'
import { noiseOfHalves } from './half-maps.ts'
import { openInput, readNormalised, readerOfNormalised, type NormalisedInput } from './input.ts'
import { toNormalisedValue } from './normalisation.ts'
import { outputMaps } from './output-size.ts'
import { assertContinues, continuedFrom, openOrigin, type Origin } from './continued/origin.ts'
import { continuedSettings, mostStarts } from './continued/settings.ts'
import type { Decisions } from './state/unfinished.ts'
import type { RunnerTools } from './tools.ts'

/** Input, bundle and settings, ready to be sampled. */
export interface PreparedRun {
  readonly request: ReconstructRequest
  readonly input: NormalisedInput
  readonly bundle: LoadedBundle
  /** As the sampler takes them: the threshold is in normalised units. */
  readonly settings: Settings
  /** The threshold as asked for, in grey values. */
  readonly threshold: number | null
  readonly chosen: readonly ChosenSetting[]
  /** How the region is cut into tiles. */
  readonly plan: TilePlan
  readonly warnings: readonly Warning[]
  /** What would have to be decided again if this run were killed. */
  readonly decisions: Decisions
  /** The run whose chains this one goes on from, while it is begun. */
  readonly origin: Origin | null
  /** Where its chains start, normalised; empty where they start dispersed around zbar. */
  readonly starts: readonly Float32Array[]
  /** Closes the tomogram, which stays open where its voxels are read as they are needed. */
  close(): Promise<void>
}

/**
 * Everything before sampling: cheap refusals first, then the reads, then what has to be decided.
 *
 * @param decided what was decided already, by a run that was stopped; then nothing is decided anew
 * @throws {WedgeviewError} what the volume, the region, the bundle or the settings are refused for
 */
export async function prepareRun(
  request: ReconstructRequest,
  tools: RunnerTools,
  signal: AbortSignal,
  decided?: Decisions
): Promise<PreparedRun> {
  const { volume, roi } = await openInput(request.volumePath, request.roi, signal)
  try {
    const bundle = await tools.loadBundle(request.bundlePath)
    assertOffered(bundle, request.method)
    const origin = await originOf(request, roi, bundle, decided)
    const known = decided?.normalisation ?? origin?.normalisation ?? null
    const read = isHeld(request, roi, bundle, tools) ? readNormalised : readerOfNormalised
    const input = await read(volume, roi, bundle.manifest.normalization, signal, known)
    const begun = decided ? null : await decide(request, input, bundle, origin, tools, signal)
    const decisions = decided ?? begun?.decisions
    if (!decisions) throw new Error('Nothing was decided.')
    signal.throwIfAborted()
    const { settings, chosen, plan, threshold } = decisions
    const warnings = [...warningsOf(request, input, bundle), ...decisions.warnings]
    const starts = begun?.starts ?? []
    const isInMemory = input.volume instanceof Float32Array
    if (isInMemory) await volume.close()
    const close = (): Promise<void> => (isInMemory ? Promise.resolve() : volume.close())
    return { request, input, bundle, settings, threshold, chosen, plan, warnings, decisions, origin, starts, close }
  } catch (error) {
    await volume.close()
    throw error
  }
}

/** Whether the region and its maps are held in memory. Both ways give the same maps to the bit. */
function isHeld(
  { method, settings }: ReconstructRequest,
  roi: Box,
  { manifest }: LoadedBundle,
  tools: RunnerTools
): boolean {
  const { x, y, z } = boxSize(roi)
  const { members = 8, threshold = null, chains = 4 } = { ...manifest.methods[method], ...settings }
  return tools.holdsInMemory(4 * x * y * z, outputMaps(method, { members, threshold, chains }))
}

/** The run that this one goes on from; a run that was begun has its starts already. */
async function originOf(
  request: ReconstructRequest,
  roi: Box,
  bundle: LoadedBundle,
  decided: Decisions | undefined
): Promise<Origin | null> {
  if (!request.continueFrom || decided) return null
  const origin = await openOrigin(request.continueFrom.runPath)
  assertContinues(origin, { roi, wedge: request.wedge, bundleSha256: bundle.sha256 })
  return origin
}

interface Begun {
  decisions: Decisions
  starts: Float32Array[]
}

async function decide(
  request: ReconstructRequest,
  input: NormalisedInput,
  bundle: LoadedBundle,
  origin: Origin | null,
  tools: RunnerTools,
  signal: AbortSignal
): Promise<Begun> {
  const { method, wedge, device, threads, sampler } = request
  // Starts are volumes of the region: where that is not held, neither are they.
  const starts =
    origin && input.volume instanceof Float32Array ? await startsFrom(origin, request, bundle, input.roi) : []
  const continued = origin && continuedSettings(origin, request.settings, starts.length)
  const wanted = continued?.settings ?? request.settings
  const threshold = wanted.threshold ?? null
  const asked = {
    ...wanted,
    threshold: threshold === null ? null : toNormalisedValue(threshold, input.normalisation)
  }
  const halves = request.halfMaps ? await noiseOfHalves(request.halfMaps, input, wedge, signal) : undefined
  const facts = { method, wedge, device, threads, sampler, noise: halves }
  const { volume, size } = input
  const {
    plan,
    chosen: cut,
    warnings
  } = await tools.planRegion({ ...facts, bundle, settings: asked, volume, size, signal })
  await letOthersRun()
  signal.throwIfAborted()
  // Where networks have to be tried for a choice, one tile is what fits into memory.
  const tile = centralTile(size, plan)
  const tried = tile
    ? { volume: await boxOf(volume, size, tile), size: tile.size }
    : { volume: await boxOf(volume, size, { origin: [0, 0, 0], size }), size }
  const { settings, chosen } = await tools.resolveSettings(asked, bundle, { ...facts, ...tried })
  return {
    decisions: {
      settings,
      chosen: [...(continued?.chosen ?? []), ...chosen, ...cut],
      plan,
      warnings: [...warnings],
      normalisation: input.normalisation,
      threshold,
      ...(origin && { continuedFrom: continuedFrom(origin, starts.length) })
    },
    starts
  }
}

/** Members are volumes: they are places of chains where the latent is the volume. Split Gibbs draws without a start. */
async function startsFrom(
  origin: Origin,
  { settings, sampler }: ReconstructRequest,
  { manifest }: LoadedBundle,
  roi: Box
): Promise<Float32Array[]> {
  if (manifest.latent !== 'volume' || sampler === 'split-gibbs') return []
  const spread = Math.sqrt((settings.gamma ?? origin.gamma) / origin.gamma)
  return origin.readStarts(roi, spread, settings.chains ?? mostStarts)
}

function assertOffered({ manifest }: LoadedBundle, method: MethodId): void {
  if (manifest.methods[method]) return
  throw new WedgeviewError(
    'input',
    'method-unsupported',
    `The bundle ${manifest.name} does not offer ${methods[method].name}.`,
    `It offers ${Object.keys(manifest.methods).join(', ')}.`
  )
}

export function problemOf({ request, input, bundle, settings, chosen, decisions, starts }: PreparedRun): RegionProblem {
  const { wedge, method, device, threads, sampler } = request
  return {
    bundle,
    wedge,
    volume: input.volume,
    size: input.size,
    method,
    settings,
    chosen,
    device,
    deviceChoice: decisions.device ?? null,
    threads,
    sampler,
    ...(starts.length > 0 && { starts })
  }
}

/** Beyond this relative difference a network sees structures at a scale it was not trained on; bundle.md. */
const voxelSizeTolerance = 0.25
const tiltToleranceDegrees = 1

function warningsOf(request: ReconstructRequest, input: NormalisedInput, bundle: LoadedBundle): Warning[] {
  const warnings = [...input.warnings]
  const trained = bundle.manifest.voxelSizeAngstrom
  const voxel = input.info.voxelSizeAngstrom
  if (trained !== null && voxel && relativeDifference(voxel.x, trained) > voxelSizeTolerance)
    warnings.push({
      code: 'voxel-size-differs',
      message:
        `The tomogram's voxel is ${rounded(voxel.x)} Å, the bundle was made for ${rounded(trained)} Å. ` +
        'Resample the tomogram to the bundle’s voxel size.'
    })
  const trainedWedge = manifestWedge(bundle.manifest)
  const difference = trainedWedge && wedgeDifference(request.wedge, trainedWedge)
  if (difference)
    warnings.push({
      code: 'wedge-differs',
      message: `The wedge in use (${wedgeText(request.wedge)}) is not the bundle's (${difference}); the one in use was applied.`
    })
  const doubt = wedgeDoubt(request.wedgeSource)
  if (doubt) warnings.push({ code: `wedge-${request.wedgeSource}`, message: `${doubt}: ${wedgeText(request.wedge)}.` })
  return warnings
}

function wedgeDifference(used: Wedge, trained: Wedge): string | null {
  const same =
    used.tiltAxis === trained.tiltAxis &&
    used.beamAxis === trained.beamAxis &&
    Math.abs(used.tiltMin - trained.tiltMin) <= tiltToleranceDegrees &&
    Math.abs(used.tiltMax - trained.tiltMax) <= tiltToleranceDegrees
  return same ? null : wedgeText(trained)
}

function wedgeDoubt(source: TiltSource): string | null {
  if (source === 'default') return 'The tilt range is not known and was assumed'
  if (source === 'estimated') return 'The tilt range was estimated from the power spectrum'
  return null
}

function wedgeText({ tiltAxis, beamAxis, tiltMin, tiltMax }: Wedge): string {
  return `${rounded(tiltMin)} to ${rounded(tiltMax)} degrees, tilt axis ${tiltAxis}, beam ${beamAxis}`
}

function relativeDifference(a: number, b: number): number {
  return Math.abs(a - b) / b
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100)
}
