import type { Settings } from '../../../shared/settings.ts'
import type { FamilyMaps } from '../../posterior/family.ts'
import { membersOf } from '../langevin/chains.ts'
import type { Problem, Reconstruction } from '../problem.ts'
import { addWeighted, cropBlock, putCore } from './blend.ts'
import { voxelsOf } from './geometry.ts'
import type { Tile, TileLayout } from './geometry.ts'
import { mergeDiagnostics, mergeTraces, mergeWarnings } from './merge-diagnostics.ts'

type Results = readonly (Reconstruction | null)[]
type StitchProblem = Pick<Problem, 'method' | 'sampler' | 'settings'>

/** A tile's result without its halo. */
export function cropToSupport(result: Reconstruction, tile: Tile): Reconstruction {
  const crop = (values: Float32Array): Float32Array => cropBlock(values, tile.box, tile.support)
  return {
    ...result,
    map: result.map && crop(result.map),
    family: result.family && cropFamily(result.family, crop),
    barycentre: result.barycentre && crop(result.barycentre)
  }
}

function cropFamily(family: FamilyMaps, crop: (values: Float32Array) => Float32Array): FamilyMaps {
  return {
    mean: crop(family.mean),
    variance: crop(family.variance),
    wedgeVariance: crop(family.wedgeVariance),
    measuredVariance: crop(family.measuredVariance),
    probability: family.probability && crop(family.probability),
    rHat: family.rHat && crop(family.rHat),
    members: family.members.map(crop),
    draws: family.draws
  }
}

/**
 * One result out of those of its tiles, each cropped to its support (method.md section 6). Means, point estimates, probabilities and R-hat
 * are blended; variances are blended as variances, so that a seam is as wide as its sides; members are cropped, never blended.
 * Wedge and measured variance are those of each tile's own T_M, blended as variances.
 *
 * Where tiles are missing (a cancelled run), voxels that none covers are NaN and there are no members.
 */
export function stitch(problem: StitchProblem, layout: TileLayout, results: Results): Reconstruction {
  const facts = stitchFacts(problem, layout, results)
  return { ...facts, ...stitchMaps(layout, results, stitchingOf(problem, layout, results)) }
}

/** The maps of a result. */
export type MapSet = Pick<Reconstruction, 'map' | 'family' | 'barycentre'>

/** What of all tiles has to be known where only some of them are put together. */
export interface Stitching {
  /** One of the tiles, for which maps there are. */
  like: MapSet
  hasMissing: boolean
  /** Names of each tile's members, by its index; null where members are left out. */
  memberNames: readonly (readonly string[])[] | null
  /** Those that every tile has, in their order. */
  everywhere: readonly string[]
  /** A tile whose chains diverged but one has no R-hat, and then the region has none. */
  hasRHat: boolean
  draws: number
}

export function stitchingOf(problem: StitchProblem, layout: TileLayout, results: Results): Stitching {
  const present = results.filter((result) => result !== null)
  const complete = isComplete(layout, results)
  const memberNames = complete
    ? present.map((result) => memberNamesOf(problem, result, result.family?.members.length ?? 0))
    : null
  return {
    like: present[0],
    hasMissing: present.length < layout.tiles.length,
    memberNames,
    everywhere: memberNames ? memberNames[0].filter((name) => memberNames.every((names) => names.includes(name))) : [],
    hasRHat: present.every(({ family: of }) => of?.rHat),
    draws: Math.min(...present.map(({ family: of }) => of?.draws ?? 0))
  }
}

function isComplete(layout: TileLayout, results: Results): boolean {
  const present = results.filter((result) => result !== null)
  return present.length === layout.tiles.length && present.every(({ partial }) => !partial)
}

/** The maps of a layout out of those of its tiles, by their index; of a whole region or of some of its sections. */
export function stitchMaps(layout: TileLayout, sets: readonly (MapSet | null)[], stitching: Stitching): MapSet {
  const { like, hasMissing, memberNames, everywhere, hasRHat, draws } = stitching
  const blend = (pick: (set: MapSet) => Float32Array | null): Float32Array | null =>
    pick(like) ? blendMaps(layout, hasMissing, (index) => pickOf(sets[index], pick)) : null
  return {
    map: blend(({ map }) => map),
    barycentre: blend(({ barycentre }) => barycentre),
    family: like.family
      ? {
          mean: required(blend(({ family: of }) => of && of.mean)),
          variance: required(blend(({ family: of }) => of && of.variance)),
          wedgeVariance: required(blend(({ family: of }) => of && of.wedgeVariance)),
          measuredVariance: required(blend(({ family: of }) => of && of.measuredVariance)),
          probability: blend(({ family: of }) => of && of.probability),
          rHat: hasRHat ? blend(({ family: of }) => of && of.rHat) : null,
          members: memberNames ? stitchMembers(layout, sets, memberNames, everywhere) : [],
          draws
        }
      : null
  }
}

/** What a region's result says beside its maps. */
export function stitchFacts(
  problem: StitchProblem,
  layout: TileLayout,
  results: Results
): Omit<Reconstruction, keyof MapSet> {
  const present = results.filter((result) => result !== null)
  const [first] = present
  const shares = layout.tiles.map(({ core }, index) => (results[index] ? voxelsOf(core.size) : 0))
  const total = shares.reduce((a, b) => a + b, 0)
  const weights = shares.filter((share) => share > 0).map((share) => share / total)
  const weighted = (values: readonly number[]): number => values.reduce((sum, value, i) => sum + weights[i] * value, 0)
  const inside = layout.tiles.map(({ core }) => voxelsOf(core.size) / voxelsOf(layout.edge))
  return {
    misfitPerMeasuredVoxel: weighted(present.map(({ misfitPerMeasuredVoxel }) => misfitPerMeasuredVoxel)),
    diagnostics: mergeDiagnostics(
      present.map(({ diagnostics }) => diagnostics),
      inside.filter((_, index) => results[index])
    ),
    trace: mergeTraces(
      present.map(({ trace }) => trace),
      weighted
    ),
    warnings: [
      ...mergeWarnings(
        present.map(({ warnings }) => warnings),
        layout.tiles.length
      ),
      ...missing(present.length, layout.tiles.length)
    ],
    partial: !isComplete(layout, results),
    device: first.device,
    settings: settingsOf(problem.settings, layout, present),
    chosen: chosenOf(present)
  }
}

/** What is known of a family while one of its tiles is being sampled; NaN where nothing is. */
export function partialFamily(layout: TileLayout, results: Results, tile: Tile, maps: FamilyMaps): FamilyMaps {
  const now = cropFamily({ ...maps, members: [], probability: null, rHat: null }, (values) =>
    cropBlock(values, tile.box, tile.support)
  )
  const hasMissing = layout.tiles.some(({ index }) => index !== tile.index && !results[index]?.family)
  const blend = (pick: (family: FamilyMaps) => Float32Array): Float32Array =>
    blendMaps(layout, hasMissing, (index) => {
      if (index === tile.index) return pick(now)
      const family = results[index]?.family
      return family ? pick(family) : null
    })
  return {
    mean: blend(({ mean }) => mean),
    variance: blend(({ variance }) => variance),
    wedgeVariance: blend(({ wedgeVariance }) => wedgeVariance),
    measuredVariance: blend(({ measuredVariance }) => measuredVariance),
    probability: null,
    rHat: null,
    members: [],
    draws: maps.draws
  }
}

/** The weighted sum over tiles, in their canonical order; over those that are there where some are not. */
function blendMaps(
  layout: TileLayout,
  hasMissing: boolean,
  valuesOf: (index: number) => Float32Array | null
): Float32Array {
  const { region, tiles } = layout
  const map = new Float32Array(voxelsOf(region))
  for (const tile of tiles) {
    const values = valuesOf(tile.index)
    if (values) addWeighted(map, region, values, tile)
  }
  if (!hasMissing) return map
  const covered = new Float32Array(map.length)
  for (const tile of tiles)
    if (valuesOf(tile.index)) addWeighted(covered, region, new Float32Array(voxelsOf(tile.support.size)).fill(1), tile)
  return map.map((value, i) => (covered[i] > 0 ? value / covered[i] : NaN))
}

/** Members of one chain and step from all tiles: coupled by their noise, so that they fit at the seams. */
function stitchMembers(
  layout: TileLayout,
  sets: readonly (MapSet | null)[],
  memberNames: readonly (readonly string[])[],
  everywhere: readonly string[]
): Float32Array[] {
  return everywhere.map((name) => {
    const out = new Float32Array(voxelsOf(layout.region))
    for (const tile of layout.tiles) {
      const values = sets[tile.index]?.family?.members[memberNames[tile.index].indexOf(name)]
      if (values) putCore(out, layout.region, values, tile)
    }
    return out
  })
}

/** Which draw each member is: of a Langevin run chain and number, since a chain that diverged in one tile is missing there. */
function memberNamesOf(
  { method, sampler, settings }: StitchProblem,
  { trace }: Reconstruction,
  count: number
): string[] {
  if (method !== 'cryowgen-2' || sampler === 'split-gibbs') return Array.from({ length: count }, (_, i) => `${i}`)
  return Array.from({ length: settings.chains }, (_, chain) => chain)
    .filter((chain) => !trace.diverged?.includes(chain))
    .flatMap((chain) => membersOf(chain, settings).map((draw) => `${chain}/${draw}`))
}

function settingsOf(settings: Settings, layout: TileLayout, results: readonly Reconstruction[]): Settings {
  const steps = results.map((result) => result.settings.step)
  return { ...settings, step: steps.reduce((a, b) => a + b) / steps.length, tile: Math.max(...layout.edge) }
}

function chosenOf(results: readonly Reconstruction[]): Reconstruction['chosen'] {
  return results[0].chosen.map((choice) => {
    const values = results.flatMap(({ chosen }) => chosen.filter(({ setting }) => setting === choice.setting))
    const numbers = values.map(({ value }) => value).filter((value) => typeof value === 'number')
    // What is not a number (the device) is decided once for all tiles.
    if (numbers.length < values.length) return choice
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)].map((value) => value.toPrecision(3))
    return {
      ...choice,
      value: numbers.reduce((a, b) => a + b) / numbers.length,
      reason: `${choice.reason}; in each tile by itself, from ${low} to ${high}`
    }
  })
}

function missing(present: number, tiles: number): Reconstruction['warnings'] {
  if (present === tiles) return []
  return [
    {
      code: 'tiles-missing',
      message: `Only ${present} of ${tiles} tiles were computed before the run was cancelled; other voxels hold no number.`
    }
  ]
}

function pickOf(result: MapSet | null, pick: (result: MapSet) => Float32Array | null): Float32Array | null {
  return result && pick(result)
}

function required(values: Float32Array | null): Float32Array {
  if (!values) throw new RangeError('A tile of a family came without its maps.')
  return values
}
