import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { boxSize, formatBox, toZYX, wholeBox, type Box, type XYZ } from '../../../shared/axes.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import { methods } from '../../../shared/methods.ts'
import { runRecordSchema, type RunRecord, type Warning } from '../../../shared/runs.ts'
import { fileSha256 } from '../../runner/input.ts'
import { openVolume } from '../../volume/open-volume.ts'
import type { EvaluationInput, FamilyToEvaluate } from './evaluate.ts'

/** What a run folder and a truth give to evaluate. */
export interface RunToEvaluate {
  readonly record: RunRecord
  readonly input: EvaluationInput
  readonly warnings: readonly Warning[]
}

/** Voxel sizes that differ by less are the same: headers hold single precision, and people round. */
const voxelSizeTolerance = 0.005

/**
 * Reads a run folder and the truth's part in its region.
 *
 * @throws {WedgeviewError} input / not-a-run, run-damaged, truth-size, truth-voxel-size, truth-not-finite, and what openVolume throws
 */
export async function readRunToEvaluate(
  folder: string,
  truthPath: string,
  signal: AbortSignal
): Promise<RunToEvaluate> {
  const record = await readRecord(folder)
  const { roi } = record.input
  const size = boxSize(roi)
  const isFamily = methods[record.method].family
  const read = (name: string): Promise<Float32Array> => readMap(join(folder, name), size, signal)

  const { voxelSizeAngstrom, warnings: voxelWarnings } = await assertSameGrid(
    record,
    join(folder, isFamily ? 'mean.mrc' : 'map.mrc'),
    truthPath,
    signal
  )
  const truth = await readRegion(truthPath, roi, signal)
  assertFinite(truth, truthPath, roi)
  const raw = await readInput(record, signal)
  const result = isFamily ? { family: await readFamily(folder, record, read) } : { map: await read('map.mrc') }
  return {
    record,
    input: {
      size: toZYX(size),
      voxelSizeAngstrom,
      wedge: record.wedge,
      truth,
      result,
      others: raw.values ? [{ name: 'tomogram', values: raw.values }] : []
    },
    warnings: [...voxelWarnings, ...raw.warnings]
  }
}

/** Run folders in a folder: itself, or the folders of several methods inside it. @throws {WedgeviewError} input / not-a-run */
export async function findRuns(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  if (entries.some(({ name }) => name === 'run.json')) return [folder]
  const inside: string[] = []
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.includes('.partial-')) continue
    const files = await readdir(join(folder, entry.name))
    if (files.includes('run.json')) inside.push(join(folder, entry.name))
  }
  if (inside.length === 0) throw notARun(folder, 'there is no run.json in it')
  return inside.sort()
}

async function readRecord(folder: string): Promise<RunRecord> {
  let text: string
  try {
    text = await readFile(join(folder, 'run.json'), 'utf8')
  } catch (cause) {
    throw notARun(folder, 'there is no run.json in it', cause)
  }
  try {
    return runRecordSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw notARun(folder, 'its run.json is not what this program writes', cause)
  }
}

function notARun(folder: string, why: string, cause?: unknown): WedgeviewError {
  return new WedgeviewError(
    'input',
    'not-a-run',
    `${folder} is not a run folder: ${why}.`,
    'Give the folder that `wedgeview reconstruct --out` made.',
    { cause }
  )
}

async function readMap(path: string, size: XYZ, signal: AbortSignal): Promise<Float32Array> {
  try {
    const volume = await openVolume(path, { signal })
    try {
      const found = volume.info.size
      if (found.x !== size.x || found.y !== size.y || found.z !== size.z)
        throw new Error(`it has ${sizeText(found)} voxels, and the region has ${sizeText(size)}.`)
      return await volume.readBox(wholeBox(size), { signal })
    } finally {
      await volume.close()
    }
  } catch (cause) {
    signal.throwIfAborted()
    throw damaged(path, cause)
  }
}

async function readRegion(path: string, roi: Box, signal: AbortSignal): Promise<Float32Array> {
  const volume = await openVolume(path, { signal })
  try {
    return await volume.readBox(roi, { signal })
  } finally {
    await volume.close()
  }
}

async function readFamily(
  folder: string,
  { diagnostics }: RunRecord,
  read: (name: string) => Promise<Float32Array>
): Promise<FamilyToEvaluate> {
  // Members are a choice of the person who ran it: there may be none.
  const files = await readdir(join(folder, 'members')).catch(() => [])
  const members = files.filter((name) => /^member-\d+\.mrc$/.test(name)).sort()
  const [mean, variance, wedgeVariance, measuredVariance] = [
    await read('mean.mrc'),
    await read('variance.mrc'),
    await read('wedge-variance.mrc'),
    await read('measured-variance.mrc')
  ]
  return {
    mean,
    variance,
    wedgeVariance,
    measuredVariance,
    draws: diagnostics.ess ?? diagnostics.weightEss ?? Math.max(1, members.length),
    members: members.length,
    readMember: (index) => read(join('members', members[index]))
  }
}

/** Truth, tomogram and maps must be of one grid; a voxel size that is not stated is said so. */
async function assertSameGrid(
  record: RunRecord,
  mapPath: string,
  truthPath: string,
  signal: AbortSignal
): Promise<{ voxelSizeAngstrom: number | null; warnings: Warning[] }> {
  const truth = await headerOf(truthPath, signal)
  const { size, roi } = record.input
  if (truth.size.x !== size.x || truth.size.y !== size.y || truth.size.z !== size.z)
    throw new WedgeviewError(
      'input',
      'truth-size',
      `The truth ${truthPath} has ${sizeText(truth.size)} voxels (x, y, z), but the run's tomogram has ${sizeText(size)}: ` +
        `${differenceText(truth.size, size)}.`,
      `Give the truth of the whole tomogram ${record.input.path}; the region ${formatBox(roi)} is cut out of it.`
    )
  const map = await headerOf(mapPath, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    throw damaged(mapPath, error)
  })
  const [a, b] = [truth.voxelSizeAngstrom, map.voxelSizeAngstrom]
  if (!a || !b) {
    const which = a ? 'The run' : b ? 'The truth' : 'Neither the truth nor the run'
    const message = `${which} states ${a || b ? 'no' : 'a'} voxel size: it could not be checked that they have the same.`
    return { voxelSizeAngstrom: (a ?? b)?.x ?? null, warnings: [{ code: 'voxel-size-unknown', message }] }
  }
  const differs = (['x', 'y', 'z'] as const).some((axis) => Math.abs(a[axis] / b[axis] - 1) > voxelSizeTolerance)
  if (differs)
    throw new WedgeviewError(
      'input',
      'truth-voxel-size',
      `The truth ${truthPath} has voxels of ${lengths(a)} Å (x, y, z), but the run's are ${lengths(b)} Å.`,
      'Give the truth at the tomogram’s own voxel size; a resampled one would differ from it for that reason alone.'
    )
  return { voxelSizeAngstrom: b.x, warnings: [] }
}

async function headerOf(path: string, signal: AbortSignal): Promise<{ size: XYZ; voxelSizeAngstrom: XYZ | null }> {
  const volume = await openVolume(path, { signal })
  await volume.close()
  return volume.info
}

/** The tomogram itself, if it is still there and still the same. */
async function readInput(
  { input: { path, sha256, roi } }: RunRecord,
  signal: AbortSignal
): Promise<{ values: Float32Array | null; warnings: Warning[] }> {
  const without = (why: string): { values: null; warnings: Warning[] } => ({
    values: null,
    warnings: [{ code: 'tomogram-not-compared', message: `The tomogram ${path} is not in the comparison: ${why}.` }]
  })
  try {
    if ((await fileSha256(path, signal)) !== sha256) return without('it was changed since the run')
    const values = await readRegion(path, roi, signal)
    return values.every(Number.isFinite) ? { values, warnings: [] } : without('some of its voxels are no numbers')
  } catch {
    signal.throwIfAborted()
    return without('it can’t be read any more')
  }
}

function assertFinite(values: Float32Array, path: string, roi: Box): void {
  let bad = 0
  for (const value of values) if (!Number.isFinite(value)) bad++
  if (bad === 0) return
  throw new WedgeviewError(
    'input',
    'truth-not-finite',
    `${bad} voxels of the truth ${path} in the region ${formatBox(roi)} are not finite numbers.`,
    'Give a truth that is known everywhere, or evaluate a run of a smaller region.'
  )
}

function damaged(path: string, cause: unknown): WedgeviewError {
  return new WedgeviewError(
    'input',
    'run-damaged',
    `The run's map ${path} can't be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Run the reconstruction again: a run folder is written once and never changed.',
    { cause }
  )
}

function sizeText({ x, y, z }: XYZ): string {
  return `${x} x ${y} x ${z}`
}

function differenceText(truth: XYZ, tomogram: XYZ): string {
  return (['x', 'y', 'z'] as const)
    .filter((axis) => truth[axis] !== tomogram[axis])
    .map((axis) => `${axis} differs by ${truth[axis] - tomogram[axis] > 0 ? '+' : ''}${truth[axis] - tomogram[axis]}`)
    .join(', ')
}

function lengths({ x, y, z }: XYZ): string {
  return [x, y, z].map((each) => Number(each.toPrecision(6))).join(' x ')
}
