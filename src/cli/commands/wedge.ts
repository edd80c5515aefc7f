import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { followLinks } from '../../engine/api/path-access.ts'
import { applyWedge } from '../../engine/volume/apply-wedge.ts'
import { writeWedgeMask } from '../../engine/volume/wedge-mask-file.ts'
import { wedgeReport } from '../../engine/volume/wedge-report.ts'
import { measuredFraction } from '../../engine/wedge/fraction.ts'
import type { WedgeReport } from '../../shared/api.ts'
import { toZYX } from '../../shared/axes.ts'
import type { Axis, XYZ } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { writeJson } from '../io.ts'
import type { CliIo } from '../io.ts'
import { openInput } from '../open-input.ts'
import { programVersion } from '../program-folders.ts'
import { parseAxis, parseTiltRange } from '../reconstruct/flag-values.ts'
import { progressDisplay } from '../reconstruct/progress-display.ts'

interface WedgeOptions {
  tiltRange?: { tiltMin: number; tiltMax: number }
  tiltAxis?: Axis
  beamAxis?: Axis
  apply?: string
  mask?: string
  size?: XYZ
  json?: true
}

export function register(program: Command, io: CliIo): void {
  program
    .command('wedge')
    .description('the missing wedge of a tomogram: estimated or given tilt range, and its mask or T_M(volume) as files')
    .argument('<FILE>', 'tomogram')
    .option(
      '--tilt-range <A:B>',
      'in degrees (default: from a file beside FILE, else estimated from FILE)',
      parseTiltRange
    )
    .option('--tilt-axis <AXIS>', 'x, y or z (default y)', parseAxis)
    .option('--beam-axis <AXIS>', 'x, y or z (default z)', parseAxis)
    .option('--apply <OUT>', 'write T_M(FILE): what of it was measured, as float32')
    .option('--mask <OUT>', 'write the measured region as 0 and 1, zero frequency in the middle')
    .option('--size <NX,NY,NZ>', 'size of the mask (default that of FILE)', parseSize)
    .option('--json', 'one JSON document on standard output')
    .action((file: string, options: WedgeOptions) => wedge(file, options, io))
}

function parseSize(text: string): XYZ {
  const match = /^(\d+),(\d+),(\d+)$/.exec(text.replaceAll(' ', ''))
  const [x, y, z] = (match ?? []).slice(1).map(Number)
  if (match && Math.min(x, y, z) >= 1 && Math.max(x, y, z) <= 65536) return { x, y, z }
  throw new InvalidArgumentError('It must be NX,NY,NZ in voxels, for example 64,64,64.')
}

async function wedge(file: string, options: WedgeOptions, io: CliIo): Promise<void> {
  const signal = io.interrupted
  const path = resolve(io.workingDirectory, file)
  const outputs = [options.apply, options.mask].map((out) => out && resolve(io.workingDirectory, out))
  const [applyPath, maskPath] = outputs
  if (options.size && !maskPath) {
    throw new WedgeviewError('usage', 'size-without-mask', '--size is the size of the mask.', 'Give --mask too.')
  }
  for (const out of outputs) if (out) await assertNotInput(path, out)
  const volume = await openInput(path, io, false)
  try {
    const { tiltAxis, beamAxis, tiltRange, size } = options
    const report = await wedgeReport(volume, { tiltAxis, beamAxis, ...tiltRange }, { signal })
    const found = report.wedge
    const maskSize = size ?? volume.info.size
    const fraction = size ? measuredFraction(found, toZYX(size)) : report.measuredFraction
    const range = `${found.tiltMin}:${found.tiltMax}`
    const label = (what: string): string =>
      `wedgeview ${programVersion()} wedge: ${what}; tilt ${range}; axis ${found.tiltAxis}; beam ${found.beamAxis}`
    if (maskPath) await writeWedgeMask(maskPath, found, maskSize, label('mask'), signal)
    if (applyPath) {
      const display = progressDisplay(io, 'T_M')
      try {
        const onProgress = (fraction: number): void => display.show({ ...noProgress, fraction })
        await applyWedge(volume, found, applyPath, label('T_M'), { signal, onProgress })
      } finally {
        display.close()
      }
    }
    if (options.json) {
      writeJson(io, {
        tiltRange: [found.tiltMin, found.tiltMax],
        source: report.source,
        uncertaintyDegrees: report.uncertaintyDegrees,
        measuredFraction: fraction,
        powerByAngle: report.powerByAngle,
        tiltAxis: found.tiltAxis,
        beamAxis: found.beamAxis,
        ...symmetricReading(found)
      })
    }
    io.stderr(`${reportText({ ...report, measuredFraction: fraction })}\n`)
    for (const out of outputs) if (out) io.stderr(`wrote ${out}\n`)
  } finally {
    await volume.close()
  }
}

const noProgress = {
  phase: 'Filtering',
  fraction: 0,
  step: 0,
  steps: 0,
  secondsLeft: null,
  potential: null,
  misfitPerMeasuredVoxel: null,
  acceptance: null,
  members: 0
}

async function assertNotInput(path: string, out: string): Promise<void> {
  if ((await followLinks(path)) !== (await followLinks(out))) return
  throw new WedgeviewError(
    'usage',
    'out-is-input',
    `${out} is FILE itself, which is never written over.`,
    'Give it another name.'
  )
}

/** The same range as a symmetric one about a tilt offset, in degrees, as a microscopist names a tilt series. */
function symmetricReading({ tiltMin, tiltMax }: Wedge): { halfRangeDegrees: number; offsetDegrees: number } {
  const rounded = (degrees: number): number => Number(degrees.toFixed(2))
  return { halfRangeDegrees: rounded((tiltMax - tiltMin) / 2), offsetDegrees: rounded((tiltMax + tiltMin) / 2) }
}

function symmetricText(wedge: Wedge): string {
  const { halfRangeDegrees, offsetDegrees } = symmetricReading(wedge)
  return offsetDegrees === 0 ? `±${halfRangeDegrees}°` : `±${halfRangeDegrees}° about ${offsetDegrees}°`
}

const sources: Readonly<Record<WedgeReport['source'], string>> = {
  given: 'as given',
  file: 'from a file beside the tomogram',
  bundle: 'from the bundle',
  estimated: 'estimated from the power spectrum',
  default: 'assumed: no file beside the tomogram tells it, and its power spectrum shows no wedge'
}

const barLength = 40
const rowDegrees = 10

function reportText({ wedge, source, uncertaintyDegrees, measuredFraction, powerByAngle }: WedgeReport): string {
  const spread = uncertaintyDegrees === null ? '' : ` ± ${uncertaintyDegrees}°`
  const lines = [
    `tilt range        ${wedge.tiltMin}° to ${wedge.tiltMax}°${spread}, ${sources[source]}`,
    `that is           ${symmetricText(wedge)}`,
    `tilt axis, beam   ${wedge.tiltAxis}, ${wedge.beamAxis}`,
    `measured          ${(100 * measuredFraction).toFixed(1)} % of Fourier space`
  ]
  const most = Math.max(...powerByAngle.map(({ power }) => power), Number.MIN_VALUE)
  if (powerByAngle.length > 0) lines.push('mean power by angle')
  for (let from = -90; from < 90; from += rowDegrees) {
    const powers = powerByAngle.filter(({ degrees }) => degrees >= from && degrees < from + rowDegrees)
    if (powers.length === 0) continue
    const mean = powers.reduce((sum, { power }) => sum + power, 0) / powers.length
    const angles = `${from}° to ${from + rowDegrees}°`.padEnd(16)
    lines.push(`  ${angles}${mean.toPrecision(3).padStart(10)}  ${'█'.repeat(Math.round((barLength * mean) / most))}`)
  }
  return lines.join('\n')
}
