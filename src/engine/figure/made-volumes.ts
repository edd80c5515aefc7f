import { toZYX, wholeBox } from '../../shared/axes.ts'
import type { Tempering } from '../../shared/directions.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { FigureVolumeRecipe } from '../../shared/figure-volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { countedProbability, gaussianProbability } from '../derived/probability.ts'
import { difference, voxelwiseVolume } from '../derived/voxelwise.ts'
import { combinedVolume } from '../directions/combined-volume.ts'
import { mapped, temperedMember, temperedShare, temperedStd, wedgePart } from '../family/tempered-volume.ts'
import { withoutGaps } from '../volume/filters/gaussian.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { resampled } from '../volume/resample/resample.ts'
import type { Volume } from '../volume/volume.ts'
import { voxelCount } from '../volume/volume.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import type { FigureSource, FigureVolume } from './figure-svg.ts'

type Recipe<Kind extends FigureVolumeRecipe['kind']> = Extract<FigureVolumeRecipe, { kind: Kind }>

/** What is held in memory for a figure: 1 GiB as float32. */
const voxelLimit = 1 << 28

/**
 * A source that also resolves the names of a figure's own volumes, making them of its files as the window makes them of a run's maps.
 *
 * @throws WedgeviewError input / `figure-volume-loop`, `figure-preview`, `figure-volume-too-large`
 */
export function madeVolumes(recipes: Readonly<Record<string, FigureVolumeRecipe>>, files: FigureSource): FigureSource {
  const made = new Map<string, Promise<FigureVolume>>()
  const making: string[] = []
  const resolve = (name: string): Promise<FigureVolume> => {
    if (!Object.hasOwn(recipes, name)) return files.resolve(name)
    if (making.includes(name)) throw loop([...making, name])
    const known = made.get(name)
    if (known) return known
    making.push(name)
    const volume = make(recipes[name], resolve, files.signal).finally(() => making.splice(making.indexOf(name), 1))
    made.set(name, volume)
    return volume
  }
  return { ...files, resolve: async (name) => resolve(name) }
}

type Resolve = (name: string) => Promise<FigureVolume>

async function make(recipe: FigureVolumeRecipe, resolve: Resolve, signal?: AbortSignal): Promise<FigureVolume> {
  const volumeOf = async (name: string): Promise<Volume> => (await resolve(name)).volume
  switch (recipe.kind) {
    case 'preview':
      throw new WedgeviewError(
        'input',
        'figure-preview',
        'The figure shows a preview of another temperature, which only the program that shows the run can make.',
        'Save the SPEC from the window: it then holds what is needed to make it again.'
      )
    case 'part':
      return { volume: await partOf(await volumeOf(recipe.of), recipe, signal), quantity: 'grey value' }
    case 'probability': {
      const maps = await all(recipe.maps, volumeOf)
      const { threshold } = recipe
      const combine = recipe.estimate === 'members' ? countedProbability(threshold) : gaussianProbability(threshold)
      return { volume: voxelwiseVolume(maps[0].info, () => maps, combine), quantity: 'probability' }
    }
    case 'tempered':
      return tempered(recipe, resolve)
    case 'resampled':
      return { volume: await onto(recipe, resolve, signal), quantity: (await resolve(recipe.of)).quantity }
  }
}

/** T_M of a map, or the rest of it. */
async function partOf(volume: Volume, { part, wedge }: Recipe<'part'>, signal?: AbortSignal): Promise<Volume> {
  const { info } = volume
  assertFits(volume)
  const { values } = withoutGaps(await volume.readBox(wholeBox(info.size), { signal }))
  const measured = memoryVolume(measuredPart(values, info.size, wedge), info)
  return part === 'measured' ? measured : voxelwiseVolume(info, () => [volume, measured], difference)
}

function measuredPart(values: Float32Array, size: Volume['info']['size'], wedge: Wedge): Float32Array {
  return createWedgeOperator(wedge, toZYX(size)).apply(values)
}

async function tempered(recipe: Recipe<'tempered'>, resolve: Resolve): Promise<FigureVolume> {
  const { volume, quantity } = await resolve(recipe.of)
  const { factors, role } = recipe
  const open = async (name: string | null): Promise<Volume | null> =>
    name === null ? null : (await resolve(name)).volume
  const [mean, std] = [await open(recipe.mean), await open(recipe.std)]
  const [wedgeVariance, measuredVariance] = [await open(recipe.wedgeVariance), await open(recipe.measuredVariance)]
  const spread = (of: Volume): Volume => temperedStd({ std: of, wedgeVariance, measuredVariance }, factors)
  switch (role) {
    case 'member':
      return { volume: mean ? await member(volume, mean, factors, recipe.wedge) : volume, quantity }
    case 'std':
      return { volume: spread(volume), quantity }
    case 'variance':
      return { volume: std ? mapped([spread(std)], (value) => value * value) : volume, quantity }
    case 'wedge-share':
      return {
        volume:
          wedgeVariance && measuredVariance && std ? temperedShare(wedgeVariance, measuredVariance, factors) : volume,
        quantity
      }
    case 'wedge-variance':
      return { volume: combinedVolume([[factors.wedge ** 2, volume]]), quantity }
    case 'measured-variance':
      return { volume: combinedVolume([[factors.measured ** 2, volume]]), quantity }
    default:
      return { volume, quantity }
  }
}

async function member(volume: Volume, mean: Volume, factors: Tempering, wedge: Wedge): Promise<Volume> {
  if (factors.wedge === factors.measured) return temperedMember(volume, mean, factors, null)
  assertFits(volume)
  const deviation = combinedVolume([
    [1, volume],
    [-1, mean]
  ])
  return temperedMember(volume, mean, factors, await wedgePart(deviation, wedge))
}

async function onto(
  { of, onto: target, start, step }: Recipe<'resampled'>,
  resolve: Resolve,
  signal?: AbortSignal
): Promise<Volume> {
  const source = (await resolve(of)).volume
  const { volume } = await resolve(target)
  assertFits(volume)
  return memoryVolume(await resampled(source, { size: volume.info.size, start, step }, signal), volume.info)
}

async function all<T>(names: readonly string[], open: (name: string) => Promise<T>): Promise<T[]> {
  const opened: T[] = []
  for (const name of names) opened.push(await open(name))
  return opened
}

function assertFits({ info }: Volume): void {
  if (voxelCount(info.size) <= voxelLimit) return
  throw new WedgeviewError(
    'input',
    'figure-volume-too-large',
    `A part of ${info.path} is too large to be made for a figure.`,
    'Save it from the window as MRC first, and name that file in the SPEC.'
  )
}

function loop(names: readonly string[]): WedgeviewError {
  return new WedgeviewError(
    'input',
    'figure-volume-loop',
    `The figure’s volumes are made of themselves: ${names.join(' of ')}.`,
    'Name files in the SPEC’s volumes.'
  )
}
