import { join, resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { assertSimulationFolderFree, writeSimulation } from '../../engine/simulate/simulation-folder.ts'
import { contentKinds, type Recipe } from '../../engine/simulate/recipe.ts'
import type { Contents } from '../../engine/simulate/scene.ts'
import { simulate } from '../../engine/simulate/simulate.ts'
import type { Axis, XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { defaultWedge, wedgeSchema } from '../../shared/wedge.ts'
import { writeJson, type CliIo } from '../io.ts'
import { programFolders } from '../program-folders.ts'
import { parseAxis, parseTiltRange } from '../reconstruct/flag-values.ts'
import { progressDisplay } from '../reconstruct/progress-display.ts'
import { parseContents, parsePositive, parseSeed, parseSize } from '../simulate/flag-values.ts'
import { plainProgress } from '../simulate/plain-progress.ts'

interface SimulateOptions {
  out: string
  size: XYZ
  voxel: number
  tiltRange: { tiltMin: number; tiltMax: number }
  tiltAxis: Axis
  beamAxis: Axis
  snr: number
  noise: 'white' | 'coloured'
  defocus?: number
  contents: Contents
  seed: number
  json?: true
}

/** Gold is left out unless asked for: it scatters so strongly that it alone would decide what an SNR means. */
const usualContents: Contents = new Map(
  contentKinds.filter((kind) => kind !== 'gold-beads').map((kind) => [kind, null])
)

const sizeOption = new Option('--size <NX,NY,NZ>', 'voxels')
  .argParser(parseSize)
  .default({ x: 128, y: 128, z: 128 }, '128,128,128')
const tiltRangeOption = new Option('--tilt-range <A:B>', 'recorded tilts in degrees')
  .argParser(parseTiltRange)
  .default({ tiltMin: -60, tiltMax: 60 }, '-60:60')

export function register(program: Command, io: CliIo): void {
  program
    .command('simulate')
    .description('make a phantom tomogram whose truth is known, for evaluation and training')
    .requiredOption('--out <DIR>', 'folder to make: truth.mrc, tomogram.mrc, even.mrc, odd.mrc, recipe.json')
    .addOption(sizeOption)
    .option('--voxel <A>', 'voxel size in angstrom', parsePositive, 10)
    .addOption(tiltRangeOption)
    .option('--tilt-axis <AXIS>', 'x, y or z', parseAxis, defaultWedge.tiltAxis)
    .option('--beam-axis <AXIS>', 'x, y or z', parseAxis, defaultWedge.beamAxis)
    .option('--snr <N>', 'variance of the signal over that of the noise, in the measured region', parsePositive, 0.5)
    .addOption(new Option('--noise <KIND>', 'spectrum of the noise').choices(['white', 'coloured']).default('white'))
    .option('--defocus <UM>', 'image through a contrast transfer function of this defocus, in µm', parsePositive)
    .option(
      '--contents <LIST>',
      `what to place: KIND or KIND=N, separated by commas, of ${contentKinds.join(', ')}; all but gold unless given`,
      parseContents
    )
    .option('--seed <N>', 'same seed, same tomogram', parseSeed, 1)
    .option('--json', 'recipe.json on standard output')
    .action((options: Omit<SimulateOptions, 'contents'> & Partial<SimulateOptions>) =>
      make({ ...options, contents: options.contents ?? usualContents }, io)
    )
}

async function make(options: SimulateOptions, io: CliIo): Promise<void> {
  const { size, voxel, snr, noise, contents, seed, tiltRange, tiltAxis, beamAxis } = options
  if (tiltAxis === beamAxis)
    throw new WedgeviewError(
      'usage',
      'wedge-axes',
      `The tilt axis and the beam axis can't both be ${tiltAxis}.`,
      'Give both --tilt-axis and --beam-axis.'
    )
  const out = resolve(io.workingDirectory, options.out)
  await assertSimulationFolderFree(out)
  const signal = io.interrupted
  const display = progressDisplay(io, 'Simulating')
  const show = (phase: string, fraction: number): void => {
    display.show(plainProgress(phase, fraction))
  }
  try {
    const simulation = await simulate(
      {
        size,
        voxelSizeAngstrom: voxel,
        wedge: wedgeSchema.parse({ ...tiltRange, tiltAxis, beamAxis }),
        signalToNoise: snr,
        noise,
        defocusMicrometre: options.defocus ?? null,
        contents,
        seed,
        templates: join(programFolders().resources, 'templates')
      },
      { signal, onProgress: ({ phase, fraction }) => show(phase, fraction) }
    )
    show('Writing', 0.96)
    await writeSimulation(out, simulation, signal)
    show('Done', 1)
    display.close()
    io.stderr(summary(out, simulation.recipe))
    if (options.json) writeJson(io, simulation.recipe)
  } finally {
    display.close()
  }
}

function summary(out: string, { contents, noise, wedge }: Recipe): string {
  const placed = contents.map(({ kind, placed: number }) => `${number} ${kind}`).join(', ')
  const lines = [
    `${out}: ${placed}; SNR ${noise.signalToNoise}, noise sigma ${noise.sigma.toPrecision(4)}, ` +
      `measured fraction ${wedge.measuredFraction.toFixed(3)}`
  ]
  for (const { kind, asked, placed: number } of contents)
    if (asked !== null && number < asked)
      lines.push(`Note: only ${number} of ${asked} ${kind} found room; the box is too full or too small for more.`)
  return `${lines.join('\n')}\n`
}
