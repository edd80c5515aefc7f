import { fromFile } from 'geotiff'
import type { GeoTIFF, GeoTIFFImage } from 'geotiff'
import { openFileSource, openRawVolume } from 'mrc-js'
import type { ByteSource, VoxelDtype } from 'mrc-js'
import { WedgeviewError } from '../../../shared/errors.ts'
import { refused } from '../mrc-volume.ts'
import { describeTiff } from './tiff-metadata.ts'
import type { TiffVolume } from './tiff-metadata.ts'
import { pageReader, rawReader } from './tiff-voxels.ts'
import type { TiffPages } from './tiff-voxels.ts'
import { modeOfDtype, voxelReaderOf } from './volume-file.ts'
import type { FileRepair, OpenFileOptions, ReadVoxels, VolumeFile } from './volume-file.ts'

/**
 * A TIFF stack (plain, BigTIFF, ImageJ, OME) as a VolumeFile: one page a section. Pages are stored from the top row down; rows are turned,
 * as IMOD does, so that y points up and the handedness is that of the same volume in MRC. Of a colour page the luminance is read, of several
 * channels or time points the first.
 *
 * @throws WedgeviewError input: `not-tiff`, `tiff-unsupported`, and `mrc-not-found` and the like where the file can't be opened
 */
export async function openTiffFile(path: string, options: OpenFileOptions = {}): Promise<VolumeFile> {
  const source = await refused(openFileSource(path))
  let tiff: GeoTIFF | undefined
  try {
    tiff = await notTiff(path, fromFile(path, options.signal), options)
    return await tiffFile(path, source, tiff, options)
  } catch (error) {
    await tiff?.close()
    await source.close()
    throw error
  }
}

async function tiffFile(
  path: string,
  source: ByteSource,
  tiff: GeoTIFF,
  options: OpenFileOptions
): Promise<VolumeFile> {
  const pages = await notTiff(path, tiff.getImageCount(), options)
  const first = await notTiff(path, tiff.getImage(0), options)
  const shape = [first.getWidth(), first.getHeight(), first.getSamplesPerPixel()]
  if (!shape.every((count) => Number.isInteger(count) && count >= 1)) {
    await notTiff(path, Promise.reject(new Error('its first page has no size')), options)
  }
  const dtype = dtypeOf(path, first)
  const description = await first.fileDirectory.loadValue('ImageDescription')
  const meaning = describeTiff({
    description: typeof description === 'string' ? description.split('\0', 1)[0] : undefined,
    xResolution: await rational(first, 'XResolution'),
    yResolution: await rational(first, 'YResolution'),
    resolutionUnit: await numberTag(first, 'ResolutionUnit'),
    pages
  })
  const repairs: FileRepair[] = [
    {
      code: 'rows-turned',
      message: 'The rows of each page are stored top down [turned, y points up].',
      severity: 'note'
    }
  ]
  if (meaning.several) {
    repairs.push({
      code: 'first-of-several',
      message: `The file holds ${meaning.several} [the first is read].`,
      severity: 'note'
    })
  }
  const reading: TiffPages = {
    path,
    width: first.getWidth(),
    height: first.getHeight(),
    samples: first.getSamplesPerPixel(),
    pagesPerSection: meaning.pagesPerSection
  }
  const sections = meaning.contiguous ? meaning.sections : await sameSections(tiff, reading, meaning, repairs)
  const read: ReadVoxels = meaning.contiguous
    ? await contiguousReader(source, first, dtype, reading, sections)
    : pageReader(tiff, reading)
  const reader = voxelReaderOf(path, { x: reading.width, y: reading.height, z: sections }, read)
  return {
    ...reader,
    format: 'tiff',
    mode: modeOfDtype(dtype),
    dtype,
    byteOrder: tiff.littleEndian ? 'little' : 'big',
    voxelSizeAngstrom: meaning.voxelSizeAngstrom,
    origin: { x: 0, y: 0, z: 0 },
    start: { x: 0, y: 0, z: 0 },
    axisOrder: [1, 2, 3],
    isVolumeStack: false,
    extendedHeader: { type: '', bytes: 0 },
    labels: [],
    repairs,
    compressed: 'none',
    pyramid: [],
    async close() {
      await tiff.close()
      await source.close()
    }
  }
}

/** Sections up to the first page that differs from the first in size: what follows is a thumbnail or another image. */
async function sameSections(
  tiff: GeoTIFF,
  reading: TiffPages,
  meaning: TiffVolume,
  repairs: FileRepair[]
): Promise<number> {
  for (let section = 1; section < meaning.sections; section++) {
    const page = await notTiff(reading.path, tiff.getImage(section * meaning.pagesPerSection), {})
    if (page.getWidth() === reading.width && page.getHeight() === reading.height) continue
    repairs.push({
      code: 'first-of-several',
      message: `From page ${section + 1} of ${meaning.sections} on the size differs [the pages before are read].`,
      severity: 'repair'
    })
    return section
  }
  return meaning.sections
}

async function contiguousReader(
  source: ByteSource,
  first: GeoTIFFImage,
  dtype: VoxelDtype,
  reading: TiffPages,
  sections: number
): Promise<ReadVoxels> {
  const offset = Number(await first.fileDirectory.loadValueIndexed('StripOffsets', 0))
  const compression = (await numberTag(first, 'Compression')) ?? 1
  if (compression !== 1 || reading.samples !== 1) {
    throw unsupported(reading.path, 'is an ImageJ stack in one page that is compressed or in colour')
  }
  const raw = await refused(
    (async () =>
      openRawVolume(source, {
        columns: reading.width,
        rows: reading.height,
        sections,
        dtype,
        byteOrder: first.littleEndian ? 'little' : 'big',
        dataOffset: offset
      }))()
  )
  return rawReader(raw, reading)
}

function dtypeOf(path: string, image: GeoTIFFImage): VoxelDtype {
  const bits = image.getBitsPerSample()
  const kind = ['', 'uint', 'int', 'float'][image.getSampleFormat()] as string | undefined
  const name = `${kind ?? ''}${bits}`
  const known: VoxelDtype[] = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float16', 'float32', 'float64']
  const dtype = known.find((each) => each === name)
  if (dtype === undefined) throw unsupported(path, `has samples of ${bits} bits in a format that is not supported`)
  return dtype
}

async function rational(image: GeoTIFFImage, tag: 'XResolution' | 'YResolution'): Promise<number | undefined> {
  const value: unknown = await image.fileDirectory.loadValue(tag)
  const [numerator, denominator] = value !== null && typeof value === 'object' ? Object.values(value).map(Number) : []
  return numerator > 0 && denominator > 0 ? numerator / denominator : undefined
}

async function numberTag(image: GeoTIFFImage, tag: 'ResolutionUnit' | 'Compression'): Promise<number | undefined> {
  const value: unknown = await image.fileDirectory.loadValue(tag)
  return typeof value === 'number' ? value : undefined
}

function unsupported(path: string, what: string): WedgeviewError {
  return new WedgeviewError(
    'input',
    'tiff-unsupported',
    `${path} ${what}.`,
    "Convert it to MRC first, for example with IMOD's tif2mrc."
  )
}

async function notTiff<T>(path: string, work: Promise<T>, options: OpenFileOptions): Promise<T> {
  try {
    return await work
  } catch (error) {
    options.signal?.throwIfAborted()
    throw new WedgeviewError(
      'input',
      'not-tiff',
      `${path} is not a readable TIFF file: ${error instanceof Error ? error.message : String(error)}.`,
      'Check that the file was copied completely.',
      { cause: error }
    )
  }
}
