import type { GeoTIFF, GeoTIFFImage } from 'geotiff'
import type { VoxelReader } from 'mrc-js'
import { WedgeviewError } from '../../../shared/errors.ts'
import { stridedSize } from './volume-file.ts'
import type { ReadVoxels } from './volume-file.ts'

/** Pages decoded at once. */
const concurrentPages = 4

export interface TiffPages {
  path: string
  width: number
  height: number
  samples: number
  /** Page of section z is z times this. */
  pagesPerSection: number
}

/** Reads boxes from pages, each decoded only where the box touches it. Rows are turned: y = height - 1 - row. */
export function pageReader(tiff: GeoTIFF, pages: TiffPages): ReadVoxels {
  return async (box, stride, signal) => {
    const size = stridedSize(box, stride)
    const out = new Float32Array(size.x * size.y * size.z)
    const window = [box.x[0], pages.height - box.y[1], box.x[1], pages.height - box.y[0]]
    const width = window[2] - window[0]
    const rows = window[3] - window[1]
    const sections = Array.from({ length: size.z }, (_, k) => k).values()
    const work = async (): Promise<void> => {
      for (const k of sections) {
        signal?.throwIfAborted()
        const page = (box.z[0] + k * stride.z) * pages.pagesPerSection
        const values = await greyValues(pages.path, page, await tiff.getImage(page), window, signal)
        for (let j = 0; j < size.y; j++) {
          let from = (rows - 1 - j * stride.y) * width
          let to = (k * size.y + j) * size.x
          for (let i = 0; i < size.x; i++, from += stride.x) out[to++] = values[from]
        }
      }
    }
    await Promise.all(Array.from({ length: concurrentPages }, work))
    return out
  }
}

/** The same from voxels that lie one section after the other. */
export function rawReader(raw: VoxelReader, pages: TiffPages): ReadVoxels {
  return async (box, stride, signal) => {
    const size = stridedSize(box, stride)
    const lastRow = pages.height - 1 - box.y[0]
    const firstRow = lastRow - (size.y - 1) * stride.y
    const out = await raw.readBox({ ...box, y: [firstRow, lastRow + 1] }, { stride, signal })
    for (let k = 0; k < size.z; k++) {
      const section = out.subarray(k * size.x * size.y, (k + 1) * size.x * size.y)
      for (let j = 0; j < size.y >> 1; j++) {
        const other = (size.y - 1 - j) * size.x
        const row = section.slice(j * size.x, (j + 1) * size.x)
        section.copyWithin(j * size.x, other, other + size.x)
        section.set(row, other)
      }
    }
    return out
  }
}

async function greyValues(
  path: string,
  page: number,
  image: GeoTIFFImage,
  window: number[],
  signal: AbortSignal | undefined
): Promise<ArrayLike<number>> {
  try {
    const planes = await image.readRasters({ window, interleave: false, signal })
    if (planes.length < 3) return planes[0]
    const [red, green, blue] = planes
    return Float32Array.from(red, (value, i) => 0.299 * value + 0.587 * green[i] + 0.114 * blue[i])
  } catch (error) {
    signal?.throwIfAborted()
    throw new WedgeviewError(
      'input',
      'tiff-damaged',
      `Page ${page + 1} of ${path} can't be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Copy the file again; it may be cut off or compressed in a way that is not supported.',
      { cause: error }
    )
  }
}
