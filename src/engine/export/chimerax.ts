import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { colourTable } from '../../shared/colour-maps.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { methods } from '../../shared/methods.ts'
import { runRecordSchema } from '../../shared/runs.ts'
import type { RunRecord } from '../../shared/runs.ts'
import { openVolume } from '../volume/open-volume.ts'
import { scan } from '../volume/scan.ts'
import { volumeStatistics } from '../volume/statistics.ts'
import type { Volume } from '../volume/volume.ts'

/**
 * A ChimeraX command script that opens a run: the map or mean as a surface, coloured by the posterior SD where there is one, members as
 * hidden surfaces at the same level, all at the grey values of the tomogram. Files are named by absolute paths, so the script may lie anywhere.
 *
 * @throws WedgeviewError input / `run-unreadable`, and what opening the maps throws
 */
export async function chimeraxScript(runPath: string, signal?: AbortSignal): Promise<string> {
  const record = await readRecord(runPath)
  const files = await readdir(runPath)
  const main = files.includes('mean.mrc') ? 'mean.mrc' : 'map.mrc'
  const { level, rising } = await surfaceLevel(join(runPath, main), signal)
  const name = methods[record.method].name
  const lines = [
    `# ${name}, run ${basename(runPath)}, made by Wedgeview ${record.version}`,
    `# gamma ${text(record.settings.gamma)}, seed ${text(record.settings.seed)}, bundle ${record.bundle.name} ${record.bundle.version}`,
    `# Surfaces lie 2.5 SD from the mean grey value, on the ${rising ? 'bright' : 'dark'} side, where few voxels stand out.`,
    `open ${quoted(join(runPath, main))} name ${quoted(main === 'mean.mrc' ? 'posterior mean' : 'map')}`,
    `volume #1 style surface step 1 level ${number(level)} color #c7ccd1`
  ]
  let model = 1
  if (files.includes('std.mrc')) {
    const { high } = await robustHigh(join(runPath, 'std.mrc'), signal)
    model++
    lines.push(
      `open ${quoted(join(runPath, 'std.mrc'))} name ${quoted('posterior SD')}`,
      `volume #${model} hide`,
      `# Bright: the data leave open what is there.`,
      `color sample #1 map #${model} palette ${palette(high)}`
    )
  }
  if (files.includes('wedge-share.mrc')) {
    model++
    lines.push(
      `open ${quoted(join(runPath, 'wedge-share.mrc'))} name ${quoted('wedge share of the variance')}`,
      `volume #${model} hide`,
      `# To colour by it instead: color sample #1 map #${model} palette ${palette(1)}`
    )
  }
  if (files.includes('members')) {
    for (const member of (await readdir(join(runPath, 'members'))).filter((file) => file.endsWith('.mrc')).sort()) {
      model++
      lines.push(
        `open ${quoted(join(runPath, 'members', member))} name ${quoted(member.replace('.mrc', ''))}`,
        `volume #${model} style surface step 1 level ${number(level)} color #c7ccd1`,
        `hide #${model} models`
      )
    }
  }
  lines.push('set bgColor white', 'lighting soft', 'view')
  return `${lines.join('\n')}\n`
}

async function readRecord(runPath: string): Promise<RunRecord> {
  const path = join(runPath, 'run.json')
  try {
    return runRecordSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw new WedgeviewError(
      'input',
      'run-unreadable',
      `${path} can't be read as the record of a run.`,
      'Choose the folder of a finished run.',
      { cause: error }
    )
  }
}

/** 2.5 SD from the mean, on the side to which the grey values are skewed: matter is what stands out from the ice. */
async function surfaceLevel(path: string, signal?: AbortSignal): Promise<{ level: number; rising: boolean }> {
  return withVolume(path, signal, async (volume) => {
    const { mean, std } = await volumeStatistics(volume, { signal })
    let cubes = 0
    for await (const chunk of scan(volume, { signal }))
      for (const value of chunk) if (Number.isFinite(value)) cubes += (value - mean) ** 3
    const rising = cubes >= 0
    return { level: mean + (rising ? 2.5 : -2.5) * std, rising }
  })
}

/** Mean plus three SD: the top of a colour bar for a spread. */
async function robustHigh(path: string, signal?: AbortSignal): Promise<{ high: number }> {
  const { mean, std } = await withVolume(path, signal, (volume) => volumeStatistics(volume, { signal }))
  return { high: mean + 3 * std || 1 }
}

async function withVolume<T>(
  path: string,
  signal: AbortSignal | undefined,
  read: (volume: Volume) => Promise<T>
): Promise<T> {
  const volume = await openVolume(path, { signal })
  try {
    return await read(volume)
  } finally {
    await volume.close()
  }
}

/** Magma from 0 to `high`, as value,colour pairs. */
function palette(high: number): string {
  const table = colourTable('magma')
  return Array.from({ length: 9 }, (_, i) => {
    const at = Math.round((i / 8) * 255) * 4
    const colour = [...table.subarray(at, at + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')
    return `${number((high * i) / 8)},#${colour}`
  }).join(':')
}

function number(value: number): string {
  return String(Number(value.toPrecision(6)))
}

function text(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'automatic'
}

/** ChimeraX takes text in double quotes, with backslash escapes inside. */
function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
