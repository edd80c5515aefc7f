import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { followLinks } from '../../engine/api/path-access.ts'
import { convertVolume, storedTypes } from '../../engine/volume/convert.ts'
import type { Conversion, StoredType } from '../../engine/volume/convert.ts'
import type { Box } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { writeJson } from '../io.ts'
import type { CliIo } from '../io.ts'
import { openInput, truncatedFlag } from '../open-input.ts'
import { programVersion } from '../program-folders.ts'
import { parseRegion } from '../reconstruct/flag-values.ts'
import { progressDisplay } from '../reconstruct/progress-display.ts'

interface ConvertOptions {
  mode?: StoredType
  bin: number
  roi?: Box
  filter: number
  keepExtended?: true
  truncated?: true
  json?: true
}

export function register(program: Command, io: CliIo): void {
  program
    .command('convert')
    .description('copy a tomogram to an MRC file: another type, a region, smoothed, binned; also from and to .gz')
    .argument('<IN>', 'MRC (also .gz, .bz2), EM, TIFF stack or OME-Zarr')
    .argument('<OUT>', 'MRC file to write; compressed where it ends in .gz')
    .addOption(
      new Option(
        '--mode <TYPE>',
        'type of the voxels (default: that of IN, or float32 with --bin or --filter); values are rounded, never cut off'
      ).choices(Object.keys(storedTypes))
    )
    .option('--bin <N>', 'mean of N x N x N voxels', wholeNumber, 1)
    .option('--roi <R>', 'only this region, x0:x1,y0:y1,z0:z1 in voxels', parseRegion)
    .option('--filter <SIGMA>', 'Gaussian of this standard deviation in voxels of IN, in 3-D', positive, 0)
    .option(
      '--keep-extended',
      'copy the extended header of an MRC file, byte for byte (OUT then has the byte order of IN)'
    )
    .option(...truncatedFlag)
    .option('--json', 'one JSON document on standard output')
    .action((input: string, output: string, options: ConvertOptions) => convert(input, output, options, io))
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= 1024) return value
  throw new InvalidArgumentError('It must be a whole number from 1 to 1024.')
}

function positive(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value > 0 && value <= 100) return value
  throw new InvalidArgumentError('It must be more than 0 and at most 100 voxels.')
}

async function convert(input: string, output: string, options: ConvertOptions, io: CliIo): Promise<void> {
  const [from, to] = [resolve(io.workingDirectory, input), resolve(io.workingDirectory, output)]
  await assertWritable(from, to)
  const signal = io.interrupted
  const volume = await openInput(from, io, options.truncated ?? false)
  const display = progressDisplay(io, 'convert')
  try {
    const { mode = null, bin, roi = null, filter, keepExtended = false } = options
    const result = await convertVolume(
      volume,
      to,
      { type: mode, bin, roi, sigma: filter, keepExtended },
      `wedgeview ${programVersion()}`,
      { signal, onProgress: (fraction) => display.show(progressOf(fraction)) }
    )
    display.close()
    report(to, result, options, io)
  } finally {
    display.close()
    await volume.close()
  }
}

async function assertWritable(from: string, to: string): Promise<void> {
  if (to.toLowerCase().endsWith('.bz2')) {
    throw new WedgeviewError(
      'usage',
      'no-bzip2-writer',
      `${to}: bzip2 can be read, not written.`,
      'Write .mrc or .mrc.gz.'
    )
  }
  if ((await followLinks(from)) !== (await followLinks(to))) return
  throw new WedgeviewError(
    'usage',
    'out-is-input',
    `${to} is the input itself, which is never written over.`,
    'Give OUT another name.'
  )
}

function progressOf(fraction: number): Parameters<ReturnType<typeof progressDisplay>['show']>[0] {
  return {
    phase: 'Writing',
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

function report(path: string, result: Conversion, { json }: ConvertOptions, io: CliIo): void {
  const { type, size, header, statistics, notes } = result
  const { voxelSizeAngstrom, origin, start } = header
  if (json) writeJson(io, { path, dtype: type, size, voxelSizeAngstrom, origin, start, stats: statistics, notes })
  const { min, max, mean, std } = statistics
  const digits = (value: number): string => String(Number(value.toPrecision(6)))
  io.stderr(
    `${path}: ${size.x} x ${size.y} x ${size.z} ${type}, ${digits(min)} to ${digits(max)}, mean ${digits(mean)}, SD ${digits(std)}\n`
  )
  for (const note of notes) io.stderr(`${note}\n`)
}
