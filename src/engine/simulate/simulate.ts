import type { XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { programVersion } from '../runner/versions.ts'
import { measuredFraction } from '../wedge/fraction.ts'
import { blurAngstrom, type Frame } from './frame.ts'
import { image, type Images } from './imaging.ts'
import { makeScene, type Contents } from './scene.ts'
import type { Recipe } from './recipe.ts'
import { loadTemplates, macromoleculeNames, tubulinName, type TemplateName } from './template.ts'
import { usualCtf } from './transfer.ts'

export interface SimulationOptions {
  readonly size: XYZ
  readonly voxelSizeAngstrom: number
  readonly wedge: Wedge
  /** See Recipe.noise. */
  readonly signalToNoise: number
  readonly noise: 'white' | 'coloured'
  /** null: no contrast transfer function. */
  readonly defocusMicrometre: number | null
  readonly contents: Contents
  /** 32-bit unsigned. */
  readonly seed: number
  /** Folder of the program's templates. */
  readonly templates: string
}

export interface Simulation extends Images {
  readonly truth: Float32Array
  readonly recipe: Recipe
}

export interface SimulationProgress {
  readonly phase: string
  /** 0 to 1. */
  readonly fraction: number
}

export interface SimulationHooks {
  readonly signal: AbortSignal
  readonly onProgress: (progress: SimulationProgress) => void
}

/** All of a box is held in memory several times. */
const largestVoxelCount = 2 ** 27
const smallestSide = 8

/**
 * A phantom with known truth and the tomogram of it: method.md section 1. The result is a function of the options alone, to the bit.
 *
 * @throws {WedgeviewError} usage / simulation-size, input / nothing-fits, wedge-empty; the signal's reason when aborted
 */
export async function simulate(
  options: SimulationOptions,
  { signal, onProgress }: SimulationHooks
): Promise<Simulation> {
  const { size, voxelSizeAngstrom, wedge, contents, seed } = options
  assertSize(size)
  const frame: Frame = { size, voxelSizeAngstrom }
  const breathe = async (phase: string, fraction: number): Promise<void> => {
    onProgress({ phase, fraction })
    // Lets the process hear of Ctrl-C.
    await new Promise((resume) => setImmediate(resume))
    signal.throwIfAborted()
  }
  await breathe('Reading templates', 0)
  const templates = await loadTemplates(options.templates, templatesFor(contents), frame, signal)
  const scene = await makeScene(frame, contents, templates, seed, {
    beforeObject: (placed) => breathe('Placing objects', 0.05 + 0.55 * (1 - Math.exp(-placed / 20)))
  })
  const ctf = options.defocusMicrometre === null ? null : usualCtf(options.defocusMicrometre)
  const images = await image(scene.truth, { ...options, ctf }, (fraction) =>
    breathe('Recording', 0.6 + 0.35 * fraction)
  )
  if (!(images.signalVariance > 0)) throw nothingMeasured(wedge)
  await breathe('Recorded', 0.95)
  const recipe: Recipe = {
    program: 'wedgeview',
    version: programVersion,
    seed,
    size,
    voxelSizeAngstrom,
    wedge: { ...wedge, measuredFraction: measuredFraction(wedge, [size.z, size.y, size.x]) },
    blurAngstrom: blurAngstrom(frame),
    ctf,
    noise: {
      kind: options.noise,
      signalToNoise: options.signalToNoise,
      sigma: images.sigma,
      signalVariance: images.signalVariance
    },
    contents: scene.contents,
    objects: [...scene.objects]
  }
  return { truth: scene.truth, ...images, recipe }
}

/** The templates that a phantom of these contents needs. */
export function templatesFor(contents: Contents): TemplateName[] {
  const names: TemplateName[] = []
  if (contents.has('macromolecules')) names.push(...macromoleculeNames)
  if (contents.has('microtubules')) names.push(tubulinName)
  return names
}

function assertSize({ x, y, z }: XYZ): void {
  const voxels = x * y * z
  if ([x, y, z].every((n) => Number.isInteger(n) && n >= smallestSide) && voxels <= largestVoxelCount) return
  throw new WedgeviewError(
    'usage',
    'simulation-size',
    `A box of ${x} x ${y} x ${z} voxels can't be simulated.`,
    `Every side must have at least ${smallestSide} voxels, and the box at most ${largestVoxelCount} (512 x 512 x 512).`
  )
}

function nothingMeasured({ tiltMin, tiltMax }: Wedge): WedgeviewError {
  return new WedgeviewError(
    'input',
    'wedge-empty',
    `The tilt range ${tiltMin} to ${tiltMax} degrees measures nothing of this phantom, so no noise can be as strong.`,
    'Give a wider --tilt-range or a larger --size.'
  )
}
