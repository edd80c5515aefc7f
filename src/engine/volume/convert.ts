import { rm } from 'node:fs/promises'
import { axisSchema, boxSize, formatBox } from '../../shared/axes.ts'
import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Statistics, VolumeInfo } from '../../shared/volumes.ts'
import { regionPosition } from '../posterior/region-position.ts'
import { binnedLength, binnedSections } from './filters/bin-mean.ts'
import { blurredSections } from './filters/gaussian.ts'
import { gzipFile } from './gzip-file.ts'
import { assertReadable, readableBox } from './readable-part.ts'
import { sections } from './sections.ts'
import { assertBox } from './volume.ts'
import type { ScanOptions, Volume } from './volume.ts'
import { createVolumeWriter } from './write-volume.ts'
import type { HeaderFacts, KeptHeader, WritableMode } from './write-volume.ts'

/** What can be written, with the values it can hold. */
export const storedTypes = {
  int8: { mode: 0, low: -128, high: 127 },
  int16: { mode: 1, low: -32768, high: 32767 },
  uint16: { mode: 6, low: 0, high: 65535 },
  float16: { mode: 12, low: -65504, high: 65504 },
  float32: { mode: 2, low: -Infinity, high: Infinity }
} as const satisfies Record<string, { mode: WritableMode; low: number; high: number }>
export type StoredType = keyof typeof storedTypes

export interface ConvertRequest {
  /** null: the input's own type, or float32 where voxels are averaged. */
  type: StoredType | null
  /** Mean of bin x bin x bin voxels; 1 leaves them. */
  bin: number
  /** null: everything. */
  roi: Box | null
  /** Standard deviation of a 3-D Gaussian in voxels of the input; 0 leaves them. */
  sigma: number
  /** Copy the extended header, byte for byte. Default false. */
  keepExtended?: boolean
}

export interface Conversion {
  type: StoredType
  size: XYZ
  header: HeaderFacts
  statistics: Statistics
  /** What a person should know about the result. */
  notes: string[]
}

/**
 * Copies a volume to an MRC file (gzip where `outPath` ends in .gz), section by section in constant memory: region, then Gaussian, then
 * bins. Whole numbers are rounded to nearest; a value that the type can't hold is refused rather than cut off, which would change the data
 * unseen.
 *
 * @param program name and version for the label that records the step
 * @throws WedgeviewError usage: `extended-header-sections`; input: `roi-outside`, `mrc-truncated`, `value-out-of-range`, `value-not-a-number`; job: `mrc-disk-full`,
 *   `mrc-write-failed`; the signal's reason
 */
export async function convertVolume(
  volume: Volume,
  outPath: string,
  request: ConvertRequest,
  program: string,
  options: ScanOptions = {}
): Promise<Conversion> {
  const { signal = new AbortController().signal, onProgress } = options
  const { info } = volume
  const box = request.roi ?? readableBox(info)
  assertReadable(info, box)
  assertBox(info, box)
  const from = boxSize(box)
  const { bin, sigma } = request
  const averages = bin > 1 || sigma > 0
  const type = request.type ?? (averages ? 'float32' : typeOf(info.dtype))
  const size = binnedSize(from, bin)
  const { header, notes } = headerOf(info, box, bin)
  if (info.partial && !request.roi) {
    const { axis, readableSections, sections } = info.partial
    notes.push(
      `The file is cut off: the result holds the ${readableSections} of ${sections} sections along ${axis} that are there.`
    )
  }
  const extended = request.keepExtended ? await extendedToKeep(volume, box, bin) : null
  if (request.keepExtended && !extended) notes.push('There is no extended header to keep.')
  const compress = outPath.toLowerCase().endsWith('.gz')
  const mrcPath = compress ? `${outPath}.uncompressed-${process.pid}` : outPath
  const writer = await createVolumeWriter(
    mrcPath,
    size,
    header,
    [label(program, request, type)],
    storedTypes[type].mode,
    extended
  )
  try {
    const shape = { columns: from.x, rows: from.y, count: from.z }
    let stream: AsyncIterable<Float32Array> = sections(volume, { signal }, box)
    if (sigma > 0) stream = blurredSections(stream, shape, sigma)
    if (bin > 1) stream = binnedSections(stream, shape, bin)
    let written = 0
    for await (const section of stream) {
      signal.throwIfAborted()
      assertHolds(type, section, info.path)
      await writer.write(section)
      onProgress?.(++written / size.z)
    }
    const statistics = await writer.finish()
    if (compress) await gzipFile(mrcPath, outPath, signal)
    return { type, size, header, statistics, notes }
  } catch (error) {
    await writer.abort()
    throw error
  } finally {
    if (compress) await rm(mrcPath, { force: true })
  }
}

/** Symmetry operators hold for the whole volume; records of every other type belong to sections. */
const wholeVolumeTypes: readonly string[] = ['CCP4']

/** @throws WedgeviewError usage / extended-header-sections where its records would belong to other sections than before */
async function extendedToKeep(volume: Volume, box: Box, bin: number): Promise<KeptHeader | null> {
  const { extendedHeader, byteOrder, size, axisOrder, path } = volume.info
  if (extendedHeader.bytes === 0 || !volume.readExtendedHeader) return null
  const axis = axisSchema.options[axisOrder[2] - 1]
  const sameSections = bin === 1 && box[axis][0] === 0 && box[axis][1] === size[axis]
  if (!sameSections && !wholeVolumeTypes.includes(extendedHeader.type)) {
    throw new WedgeviewError(
      'usage',
      'extended-header-sections',
      `The extended header of ${path} (type ${extendedHeader.type || 'not given'}) has records for its ${size[axis]} sections along ${axis}, ` +
        'and the result would have others.',
      'Leave it out, or keep all sections as they are.'
    )
  }
  return { type: extendedHeader.type, bytes: await volume.readExtendedHeader(), byteOrder }
}

const axes: readonly Axis[] = ['x', 'y', 'z']

function binnedSize(size: XYZ, bin: number): XYZ {
  return { x: binnedLength(size.x, bin), y: binnedLength(size.y, bin), z: binnedLength(size.z, bin) }
}

/**
 * Voxel size, origin and start indices of the result. The corner of the first voxel stays where it is in space: binning leaves the origin,
 * which IMOD counts from that corner, and divides the start indices.
 */
function headerOf(info: VolumeInfo, box: Box, bin: number): { header: HeaderFacts; notes: string[] } {
  const { start, origin } = regionPosition(info, box)
  const size = boxSize(box)
  const { voxelSizeAngstrom: voxel, axisOrder, labels } = info
  const scaled = (of: (axis: Axis) => number): XYZ => ({ x: of('x'), y: of('y'), z: of('z') })
  const binAlong = (axis: Axis): number => Math.min(bin, size[axis])
  const notes: string[] = []
  const cut = axes.filter((axis) => size[axis] > bin && size[axis] % bin !== 0)
  if (cut.length > 0) {
    notes.push(
      `Whole bins only: the last ${cut.map((axis) => `${size[axis] % bin} voxels along ${axis}`).join(', ')} are left out.`
    )
  }
  if (axes.some((axis) => start[axis] % binAlong(axis) !== 0)) {
    notes.push('The start indices are no multiple of the bin: they are rounded down to whole bins.')
  }
  if (info.isVolumeStack) notes.push('The file is a stack of volumes; the result is written as one volume.')
  return {
    header: {
      voxelSizeAngstrom: voxel && scaled((axis) => voxel[axis] * binAlong(axis)),
      origin,
      start: scaled((axis) => Math.floor(start[axis] / binAlong(axis))),
      axisOrder,
      labels
    },
    notes
  }
}

/** The type that keeps a file's values as they are. */
function typeOf(dtype: string): StoredType {
  const types: Readonly<Record<string, StoredType>> = {
    int8: 'int8',
    uint4: 'int8',
    uint8: 'int16',
    int16: 'int16',
    uint16: 'uint16',
    float16: 'float16'
  }
  return types[dtype] ?? 'float32'
}

function label(program: string, { roi, sigma, bin }: ConvertRequest, type: StoredType): string {
  const steps = [
    ...(roi ? [`roi ${formatBox(roi)}`] : []),
    ...(sigma > 0 ? [`gauss ${sigma}`] : []),
    ...(bin > 1 ? [`bin ${bin}`] : []),
    type
  ]
  return `${program} convert: ${steps.join('; ')}`
}

function assertHolds(type: StoredType, section: Float32Array, path: string): void {
  const { low, high } = storedTypes[type]
  if (type === 'float32') return
  const isWhole = type !== 'float16'
  for (const value of section) {
    if (value - value !== 0) {
      if (!isWhole) continue
      throw new WedgeviewError(
        'input',
        'value-not-a-number',
        `${path} holds voxels that are no finite numbers, which ${type} can't hold.`,
        'Use --mode float32 or float16.'
      )
    }
    // What rounds to the last value still fits.
    if (value >= low - (isWhole ? 0.5 : 0) && value <= high + (isWhole ? 0.5 : 0)) continue
    throw new WedgeviewError(
      'input',
      'value-out-of-range',
      `${path} holds the value ${value}, and ${type} holds ${low} to ${high}.`,
      'Use --mode float32, or another type that holds the values: `wedgeview info --stats` says what they are.'
    )
  }
}
