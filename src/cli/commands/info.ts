import { resolve } from 'node:path'
import type { Command } from 'commander'
import { volumeStatistics } from '../../engine/volume/statistics.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import { writeJson } from '../io.ts'
import type { CliIo } from '../io.ts'
import { openInput, truncatedFlag } from '../open-input.ts'

interface InfoOptions {
  json?: true
  stats?: true
  truncated?: true
}

export function register(program: Command, io: CliIo): void {
  program
    .command('info')
    .description('say what a tomogram file holds, and what was repaired or assumed')
    .argument('<FILE>', 'MRC file')
    .option('--json', 'one JSON document on standard output')
    .option('--stats', 'scan the data for minimum, maximum, mean and standard deviation')
    .option(...truncatedFlag)
    .action((file: string, options: InfoOptions) => describe(file, options, io))
}

async function describe(file: string, options: InfoOptions, io: CliIo): Promise<void> {
  const signal = io.interrupted
  const volume = await openInput(resolve(io.workingDirectory, file), io, options.truncated ?? false)
  try {
    const info: VolumeInfo = options.stats
      ? { ...volume.info, stats: await volumeStatistics(volume, { signal }) }
      : volume.info
    if (options.json) writeJson(io, info)
    else io.stderr(`${infoText(info)}\n`)
  } finally {
    await volume.close()
  }
}

function infoText(info: VolumeInfo): string {
  const { size, voxelSizeAngstrom: voxel, origin, start, tilt, stats } = info
  const lines: [string, string][] = [
    ['file', info.path],
    ['size (x, y, z)', `${size.x} x ${size.y} x ${size.z} voxels${info.isVolumeStack ? ', a stack of volumes' : ''}`],
    ['data', `mode ${info.mode}, ${info.dtype}, ${info.byteOrder}-endian, compression ${info.compressed}`],
    ['voxel size', voxel ? `${digits(voxel.x)} x ${digits(voxel.y)} x ${digits(voxel.z)} Å` : 'not known'],
    ['origin', `${digits(origin.x)}, ${digits(origin.y)}, ${digits(origin.z)} Å`],
    ['start', `${start.x}, ${start.y}, ${start.z} voxels`],
    ['axis order', info.axisOrder.join(', ')],
    ['tilt range', tilt ? `${tilt.min}° to ${tilt.max}°, from ${tilt.source}` : 'not known: no .tlt, .rawtlt or .mdoc']
  ]
  const { type, bytes } = info.extendedHeader
  if (bytes > 0) lines.push(['extended header', `${bytes} bytes, type ${type || 'not given'}`])
  if (info.partial) {
    const { axis, readableSections, sections } = info.partial
    lines.push(['cut off', `${readableSections} of ${sections} sections along ${axis} are in the file`])
  }
  if (stats) {
    lines.push(['minimum, maximum', `${digits(stats.min)}, ${digits(stats.max)}`])
    lines.push(['mean ± SD', `${digits(stats.mean)} ± ${digits(stats.std)}, over ${stats.finite} finite voxels`])
  }
  info.labels.forEach((label) => lines.push(['label', label]))
  info.repairs.forEach(({ message }) => lines.push(['note', message]))
  return lines.map(([name, value]) => `${name.padEnd(18)}${value}`).join('\n')
}

/** As many digits as the file's single precision holds. */
function digits(value: number): number {
  return Number(value.toPrecision(7))
}
