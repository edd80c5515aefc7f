import { encode } from 'fast-png'
import { colourIndex, colourTable, shareOfRange } from '../../shared/colour-maps.ts'
import type { SlicePanel } from '../../shared/figure.ts'
import type { Slice } from '../volume/volume.ts'

/** An image of a slice: RGB bytes, top row first, one pixel for `voxelsPerPixel` x `voxelsPerPixel` voxels. */
export interface SliceRaster {
  width: number
  height: number
  voxelsPerPixel: number
  rgb: Uint8Array
}

/**
 * What of the colours a raster holds: all of them in 8 bits, or one byte of each 16-bit colour. A figure of 16 bits is drawn twice, once with
 * each byte, and joined: nearest pixels pass through drawing unchanged.
 */
export type RasterPart = 'all' | 'high' | 'low'

/** Voxels without a number are drawn in neither grey nor a map's colour, as in the window. */
const notANumber = [
  [107, 92, 51],
  [61, 54, 36]
] as const

/**
 * Draws a panel's slice and, over it, its overlay. Row 0 of the slice is at the bottom, as in IMOD.
 *
 * @param voxelsPerPixel 1 where the figure shows every voxel; more where its pixels are coarser: then each is the mean
 */
export function sliceRaster(
  panel: SlicePanel,
  base: Slice,
  overlay: Slice | null,
  voxelsPerPixel: number,
  part: RasterPart = 'all'
): SliceRaster {
  const { colour, white } = part === 'all' ? shallow : deep
  const width = Math.ceil(base.columns / voxelsPerPixel)
  const height = Math.ceil(base.rows / voxelsPerPixel)
  const rgb = new Uint8Array(width * height * 3)
  const colours = colourTable(panel.colourMap)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = ((height - 1 - y) * width + x) * 3
      const [column, row] = [x * voxelsPerPixel, y * voxelsPerPixel]
      const value = blockMean(base, column, row, voxelsPerPixel)
      const below = Number.isFinite(value)
        ? colour(colours, shareOfRange(value, panel.contrast, panel.gamma))
        : notANumber[(x + y) % 2].map((level) => (level / 255) * white)
      const over = overlay && overlayAt(panel, overlay, column, row, voxelsPerPixel)
      const above = over && colour(over.colours, over.share)
      for (let i = 0; i < 3; i++) {
        const level = over && above ? below[i] * (1 - over.weight) + above[i] * over.weight : below[i]
        rgb[at + i] = byteOf(Math.round(level), part)
      }
    }
  }
  return { width, height, voxelsPerPixel, rgb }
}

/** How finely colours are told apart: the map's 256 in 8 bits, or interpolated between them in 16. */
interface Depth {
  white: number
  /** Levels from 0 to `white`. */
  colour(table: Uint8Array, share: number): readonly number[]
}

const shallow: Depth = {
  white: 255,
  colour(table, share) {
    const at = colourIndex(share) * 4
    return [table[at], table[at + 1], table[at + 2]]
  }
}

const deep: Depth = {
  white: 65535,
  colour(table, share) {
    const at = share * 255
    const low = Math.min(254, Math.floor(at))
    const part = at - low
    return [0, 1, 2].map((i) => (table[low * 4 + i] * (1 - part) + table[(low + 1) * 4 + i] * part) * 257)
  }
}

function byteOf(level: number, part: RasterPart): number {
  return part === 'high' ? level >> 8 : level & 255
}

/** What the overlay draws over a block of the base's voxels; null where it draws nothing. */
function overlayAt(
  { overlay }: SlicePanel,
  slice: Slice,
  column: number,
  row: number,
  block: number
): { colours: Uint8Array; share: number; weight: number } | null {
  if (!overlay) return null
  const left = Math.floor(column + 0.5 - overlay.offset[0])
  const bottom = Math.floor(row + 0.5 - overlay.offset[1])
  const value = blockMean(slice, left, bottom, block)
  if (!Number.isFinite(value) || (overlay.threshold !== null && value < overlay.threshold)) return null
  const share = shareOfRange(value, overlay.contrast)
  const weight = overlay.opacity * (overlay.opacityByValue ? share : 1)
  return { colours: colourTable(overlay.colourMap), share, weight }
}

/** Mean of the finite voxels of a block as far as it is inside the slice; NaN where there is none. */
function blockMean({ rows, columns, data }: Slice, column: number, row: number, block: number): number {
  if (block === 1) {
    return column >= 0 && row >= 0 && column < columns && row < rows ? data[row * columns + column] : Number.NaN
  }
  let sum = 0
  let count = 0
  for (let y = Math.max(0, row); y < Math.min(rows, row + block); y++) {
    for (let x = Math.max(0, column); x < Math.min(columns, column + block); x++) {
      const value = data[y * columns + x]
      if (!Number.isFinite(value)) continue
      sum += value
      count++
    }
  }
  return sum / count
}

export function rasterPng({ width, height, rgb }: SliceRaster): Uint8Array {
  return encode({ width, height, data: rgb, channels: 3, depth: 8 })
}
