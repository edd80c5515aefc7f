import { basename, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { checkBundle } from '../../engine/bundle/check.ts'
import { makeGaussianBundle } from '../../engine/bundle/gaussian/gaussian.ts'
import { middleBox } from '../../engine/bundle/gaussian/middle-box.ts'
import { openVolume } from '../../engine/volume/open-volume.ts'
import { voxelCount } from '../../engine/volume/volume.ts'
import { boxSize, toZYX, type Axis } from '../../shared/axes.ts'
import type { BundleSummary } from '../../shared/bundles.ts'
import { methods } from '../../shared/methods.ts'
import { writeJson, type CliIo } from '../io.ts'
import { parseAxis, parseTiltRange } from '../reconstruct/flag-values.ts'
import { chooseWedge } from '../reconstruct/wedge-choice.ts'

interface GaussianOptions {
  out: string
  tiltRange?: { tiltMin: number; tiltMax: number }
  tiltAxis?: Axis
  beamAxis?: Axis
  sigma?: number
  json?: true
}

export function register(program: Command, io: CliIo): void {
  const bundle = program.command('bundle').description('check model bundles, and make the analytic one')
  bundle
    .command('check')
    .description('validate a bundle; list the methods that will work and why others will not')
    .argument('<DIR>', 'bundle folder')
    .option('--json', 'one JSON document on standard output')
    .action((folder: string, options: { json?: true }) => check(folder, options, io))
  bundle
    .command('gaussian')
    .description("make the analytic bundle: a Gaussian prior with the spectrum of a tomogram's measured region")
    .argument('<FILE>', 'tomogram')
    .requiredOption('--out <DIR>', 'bundle folder to make')
    .option('--tilt-range <A:B>', 'recorded tilts in degrees, for example -60:60', parseTiltRange)
    .option('--tilt-axis <AXIS>', 'x, y or z', parseAxis)
    .option('--beam-axis <AXIS>', 'x, y or z', parseAxis)
    .option('--sigma <N>', 'noise in units of the tomogram’s standard deviation; estimated unless given', positive)
    .option('--json', 'what `bundle check` says of it, on standard output')
    .action((file: string, options: GaussianOptions) => gaussian(file, options, io))
}

function positive(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a positive number.')
}

async function check(folder: string, { json }: { json?: true }, io: CliIo): Promise<void> {
  report(await checkBundle(resolve(io.workingDirectory, folder)), json, io)
}

/** A spectrum wants its voxels in memory, several times, and is known well enough from these. */
const mostVoxels = 2 ** 27

async function gaussian(file: string, options: GaussianOptions, io: CliIo): Promise<void> {
  const signal = io.interrupted
  const volume = await openVolume(resolve(io.workingDirectory, file), { signal })
  try {
    const { info } = volume
    const { wedge, source } = await chooseWedge(options, volume, null, signal)
    io.stderr(`Tilt range ${wedge.tiltMin} to ${wedge.tiltMax} degrees (${source}), tilt axis ${wedge.tiltAxis}\n`)
    const name = basename(file).replace(/\.(gz|bz2)$/i, '')
    const box = middleBox(info.size, mostVoxels)
    const size = boxSize(box)
    if (voxelCount(size) < voxelCount(info.size))
      io.stderr(`Spectrum and noise are estimated from the middle ${size.x} x ${size.y} x ${size.z} voxels.\n`)
    const summary = await makeGaussianBundle({
      volume: await volume.readBox(box, { signal }),
      size: toZYX(size),
      voxelSizeAngstrom: info.voxelSizeAngstrom?.x ?? null,
      wedge,
      sigma: options.sigma,
      out: resolve(io.workingDirectory, options.out),
      name: `gaussian-${name.replace(/\.[^.]*$/, '')}`,
      source: name
    })
    report(summary, options.json, io)
  } finally {
    await volume.close()
  }
}

function report(summary: BundleSummary, json: true | undefined, io: CliIo): void {
  if (json) writeJson(io, summary)
  else io.stderr(`${summaryText(summary)}\n`)
}

function summaryText(summary: BundleSummary): string {
  const { name, version, license, path, sigma, voxelSizeAngstrom: voxel, operatorsWithoutDerivative: without } = summary
  return [
    `${name} ${version} (${license}), ${path}`,
    `noise ${sigma ?? 'not stated'}, voxel size ${voxel === null ? 'not stated' : `${voxel} Å`}`,
    ...summary.methods.map(
      ({ method, works, reason }) => `${methods[method].name}: ${works ? 'works' : `does not work: ${reason ?? ''}`}`
    ),
    ...without.map(({ file, opType, node }) => `No derivative: operator ${opType} at node ${node} of ${file}`),
    ...summary.problems.map(({ message, hint }) => `Note: ${message} ${hint}`)
  ].join('\n')
}
