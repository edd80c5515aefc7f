import type { ZYX } from '../../../shared/axes.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import type { Warning } from '../../../shared/runs.ts'
import type { ChosenSetting, RequestedSettings } from '../../../shared/settings.ts'
import type { LoadedBundle } from '../../bundle/load.ts'
import { largestTensorBytes } from '../../graph/session.ts'
import { networkSize } from '../box.ts'
import { paddedSize } from '../padding.ts'
import type { Problem } from '../problem.ts'
import { narrowestRamp } from './axis.ts'
import { layTiles, voxelsOf } from './geometry.ts'
import type { Block } from './geometry.ts'
import { chooseHalo } from './halo.ts'
import type { RegionVoxels } from './region-voxels.ts'
import { slabBytes } from './slabs.ts'
import { boxMemory, memoryAtHand } from './box-memory.ts'
import type { BoxMemory } from './box-memory.ts'
import type { TilePlan } from './plan-schema.ts'

/** What a region is cut by. */
export interface PlanRequest extends Pick<
  Problem,
  'bundle' | 'wedge' | 'size' | 'method' | 'device' | 'threads' | 'sampler'
> {
  settings: RequestedSettings
  volume: RegionVoxels
  /** Heeded between network runs. */
  signal?: AbortSignal
  /** Bytes that the run may take; what the machine has to spare unless given. */
  memoryBytes?: number
}

export interface PlannedRegion {
  plan: TilePlan
  chosen: ChosenSetting[]
  warnings: Warning[]
}

/** A region that is computed as one box. */
export function oneBox(whole: ZYX): TilePlan {
  return { whole, edge: whole, halo: [0, 0, 0], multiple: [1, 1, 1], predicted: null }
}

/** Regions up to this many voxels are computed as one box without asking what that takes. */
const smallVoxels = 2 ** 18

/**
 * Decides whether a region is computed as one box, and in what tiles otherwise (method.md section 6): as asked for by `tile`, as
 * networks of one fixed size demand, or as the memory at hand allows. The halo is measured, see chooseHalo.
 *
 * @throws {WedgeviewError} input / tile-too-small where a tile would be all halo, region-too-large where a map is beyond
 *   what one allocation holds and is not read from a file; what preparing the networks throws
 */
export async function planRegion(request: PlanRequest): Promise<PlannedRegion> {
  const { bundle, size } = request
  const grid = gridOf(bundle, size)
  if (request.volume instanceof Float32Array) assertMapPossible(size)
  const asked = { ...bundle.manifest.methods[request.method], ...request.settings }.tile ?? null
  if (voxelsOf(grid.whole) === voxelsOf(grid.largest) && (asked === null || fits(grid.whole, asked))) {
    if (voxelsOf(grid.whole) <= smallVoxels || grid.fixed) return { plan: oneBox(grid.whole), chosen: [], warnings: [] }
    const memory = await boxMemory(request, grid.multiple)
    const budget = budgetOf(request)
    const isHeld = 4 * voxelsOf(grid.whole) <= largestTensorBytes
    if (isHeld && !memory) return { plan: oneBox(grid.whole), chosen: [], warnings: [] }
    if (memory && memory.bytes(grid.whole) <= budget && memory.largestTensorBytes(grid.whole) <= largestTensorBytes)
      return {
        plan: { ...oneBox(grid.whole), predicted: predictedOf(memory, grid.whole) },
        chosen: [],
        warnings: []
      }
    return inTiles(request, grid, null, memory, budget)
  }
  return inTiles(request, grid, asked, grid.fixed ? null : await boxMemory(request, grid.multiple), budgetOf(request))
}

interface Grid {
  /** The region, padded. */
  whole: ZYX
  /** The largest box that the networks take of it. */
  largest: ZYX
  multiple: ZYX
  fixed: boolean
}

function gridOf(bundle: LoadedBundle, region: ZYX): Grid {
  const { fixed, size, multipleOf } = bundle.manifest.patch
  const stride = bundle.manifest.latent === 'volume' ? 1 : bundle.manifest.latent.stride
  if (!fixed) {
    const whole = networkSize(bundle, region)
    // networkSize pads to this number; along an axis of one voxel it is the padded size itself.
    const [multiple] = networkSize(bundle, [1, 1, 1])
    return { whole, largest: whole, multiple: [multiple, multiple, multiple], fixed }
  }
  const multiple = Math.max(stride, multipleOf)
  const beyond = (axis: 0 | 1 | 2): number => Math.max(0, region[axis] - size[axis])
  const [z, y, x] = paddedSize([beyond(0), beyond(1), beyond(2)], multiple)
  return {
    whole: [size[0] + z, size[1] + y, size[2] + x],
    largest: [size[0], size[1], size[2]],
    multiple: [multiple, multiple, multiple],
    fixed
  }
}

function fits(whole: ZYX, edge: number): boolean {
  return whole.every((n) => n <= edge)
}

/**
 * What is left for sampling once the maps of the region are there, twice: those of the tiles, and put together; or, where they stay on
 * the disk, some sections of them.
 */
function budgetOf({ volume, size, method, settings, memoryBytes }: PlanRequest): number {
  if (!(volume instanceof Float32Array)) return Math.max(0, (memoryBytes ?? memoryAtHand()) - slabBytes)
  const rHat = method === 'cryowgen-2' ? 1 : 0
  const maps = 2 * 4 * (5 + rHat + (settings.members ?? 8)) * voxelsOf(size)
  return Math.max(0, (memoryBytes ?? memoryAtHand()) - maps)
}

async function inTiles(
  request: PlanRequest,
  grid: Grid,
  asked: number | null,
  memory: BoxMemory | null,
  budget: number
): Promise<PlannedRegion> {
  const { whole, multiple, fixed, largest } = grid
  const halo = await chooseHalo(request, { whole, multiple, fixedBox: fixed ? largest : null, asked })
  const smallest = whole.map((n, axis) => {
    const needed = 2 * halo.halo[axis] + 2 * narrowestRamp + multiple[axis]
    return Math.min(n, multiple[axis] * Math.ceil(needed / multiple[axis]))
  })
  const least = Math.max(...smallest)
  const boxOf = (edge: number): ZYX => {
    const [z, y, x] = paddedSize([edge, edge, edge], multiple[0])
    return [Math.min(z, whole[0]), Math.min(y, whole[1]), Math.min(x, whole[2])]
  }
  const { edge, reason, warnings } = fixed
    ? { edge: largest, reason: 'the only size that the bundle’s networks take', warnings: [] }
    : asked !== null
      ? { edge: boxOf(asked), reason: 'as asked for, a multiple of what the networks take', warnings: [] }
      : largestThatFits(boxOf, { multiple: multiple[0], least, most: Math.max(...whole), memory, budget })
  if (edge.some((n, axis) => n < smallest[axis])) throw tooSmall(edge, halo.halo, least)
  const plan: TilePlan = { whole, edge, halo: halo.halo, multiple, predicted: memory && predictedOf(memory, edge) }
  const tiles = layTiles(request.size, whole, edge, halo.halo, multiple).tiles.length
  return {
    plan,
    chosen: [
      ...(asked === null ? [{ setting: 'tile', value: Math.max(...edge), reason }] : []),
      { setting: 'halo', value: [...halo.halo].reverse(), reason: halo.reason },
      { setting: 'tiles', value: tiles, reason: `the region in boxes of ${[...edge].reverse().join(' x ')} voxels` }
    ],
    warnings: [...warnings, ...halo.warnings]
  }
}

function largestThatFits(
  boxOf: (edge: number) => ZYX,
  {
    multiple,
    least,
    most,
    memory,
    budget
  }: { multiple: number; least: number; most: number; memory: BoxMemory | null; budget: number }
): { edge: ZYX; reason: string; warnings: Warning[] } {
  // Networks that could not be looked at get a box of which sixteen would fit into one allocation.
  const allowed = (box: ZYX): boolean =>
    memory === null
      ? 16 * 4 * voxelsOf(box) <= largestTensorBytes
      : memory.bytes(box) <= budget && memory.largestTensorBytes(box) <= largestTensorBytes
  for (let edge = most - multiple; edge >= least; edge -= multiple) {
    const box = boxOf(edge)
    if (allowed(box))
      return {
        edge: box,
        reason: `the largest that fits into ${gibibytes(budget)} of memory, as predicted`,
        warnings: []
      }
  }
  return {
    edge: boxOf(least),
    reason: 'the smallest that is not all halo',
    warnings: [
      {
        code: 'memory-tight',
        message: `Even the smallest tile may need more than the ${gibibytes(budget)} of memory at hand. Fewer --chains or --members need less.`
      }
    ]
  }
}

function predictedOf(memory: BoxMemory, box: ZYX): NonNullable<TilePlan['predicted']> {
  return { bytes: Math.round(memory.bytes(box)), largestTensorBytes: Math.round(memory.largestTensorBytes(box)) }
}

function tooSmall(edge: ZYX, halo: ZYX, least: number): WedgeviewError {
  return new WedgeviewError(
    'input',
    'tile-too-small',
    `Tiles of ${[...edge].reverse().join(' x ')} voxels are all halo: ${[...halo].reverse().join(', ')} voxels (x, y, z) at ` +
      'each shared face are not used, since what lies beyond would change them.',
    `Give --tile ${least} or more, or a region that fits into one box.`
  )
}

/** @throws {WedgeviewError} input / region-too-large */
function assertMapPossible(size: ZYX): void {
  const bytes = 4 * voxelsOf(size)
  if (bytes <= largestTensorBytes) return
  throw new WedgeviewError(
    'input',
    'region-too-large',
    `A map of ${[...size].reverse().join(' x ')} voxels takes ${gibibytes(bytes)}; ${gibibytes(largestTensorBytes)} is the most ` +
      'that one can hold.',
    'Reconstruct it in several regions of interest.'
  )
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}

/** The box of the tile in the middle of a region; null where the region is one box. */
export function centralTile(region: ZYX, { whole, edge, halo, multiple }: TilePlan): Block | null {
  const { tiles } = layTiles(region, whole, edge, halo, multiple)
  if (tiles.length === 1) return null
  const distance = ({ box }: { box: Block }): number =>
    region.reduce((sum, n, axis) => sum + (box.origin[axis] + box.size[axis] / 2 - n / 2) ** 2, 0)
  return tiles.reduce((nearest, tile) => (distance(tile) < distance(nearest) ? tile : nearest)).box
}
