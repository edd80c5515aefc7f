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
  if (part !== 'all') return partOf(deepRaster(panel, base, overlay, voxelsPerPixel), part)
  const width = Math.ceil(base.columns / voxelsPerPixel)
  const height = Math.ceil(base.rows / voxelsPerPixel)
  const rgb = new Uint8Array(width * height * 3)
  const baseColours = colourTable(panel.colourMap)
  const paintOverlay = overlay && overlayPainter(panel, overlay)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = ((height - 1 - y) * width + x) * 3
      const value = blockMean(base, x * voxelsPerPixel, y * voxelsPerPixel, voxelsPerPixel)
      if (Number.isFinite(value)) {
        const from = colourIndex(shareOfRange(value, panel.contrast, panel.gamma)) * 4
        rgb.set(baseColours.subarray(from, from + 3), at)
      } else rgb.set(notANumber[(x + y) % 2], at)
      paintOverlay?.(rgb, at, x * voxelsPerPixel, y * voxelsPerPixel, voxelsPerPixel)
    }
  }
  return { width, height, voxelsPerPixel, rgb }
}

/** The same in 16 bits a channel, colours interpolated between the map's 256. */
function deepRaster(
  panel: SlicePanel,
  base: Slice,
  overlay: Slice | null,
  voxelsPerPixel: number
): { width: number; height: number; voxelsPerPixel: number; deep: Uint16Array } {
  const width = Math.ceil(base.columns / voxelsPerPixel)
  const height = Math.ceil(base.rows / voxelsPerPixel)
  const deep = new Uint16Array(width * height * 3)
  const colours = colourTable(panel.colourMap)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = ((height - 1 - y) * width + x) * 3
      const value = blockMean(base, x * voxelsPerPixel, y * voxelsPerPixel, voxelsPerPixel)
      const colour = Number.isFinite(value)
        ? deepColour(colours, shareOfRange(value, panel.contrast, panel.gamma))
        : notANumber[(x + y) % 2].map((level) => level * 257)
      const over = overlay && overlayColour(panel, overlay, x * voxelsPerPixel, y * voxelsPerPixel, voxelsPerPixel)
      for (let i = 0; i < 3; i++)
        deep[at + i] = Math.round(over ? colour[i] * (1 - over.weight) + over.colour[i] * over.weight : colour[i])
    }
  }
  return { width, height, voxelsPerPixel, deep }
}

function deepColour(table: Uint8Array, share: number): number[] {
  const at = share * 255
  const low = Math.min(254, Math.floor(at))
  return [0, 1, 2].map((i) => (table[low * 4 + i] * (1 - (at - low)) + table[(low + 1) * 4 + i] * (at - low)) * 257)
}

function overlayColour(
  { overlay }: SlicePanel,
  slice: Slice,
  column: number,
  row: number,
  block: number
): { colour: number[]; weight: number } | null {
  if (!overlay) return null
  const left = Math.floor(column + 0.5 - overlay.offset[0])
  const bottom = Math.floor(row + 0.5 - overlay.offset[1])
  const value = blockMean(slice, left, bottom, block)
  if (!Number.isFinite(value) || (overlay.threshold !== null && value < overlay.threshold)) return null
  const share = shareOfRange(value, overlay.contrast)
  const weight = overlay.opacity * (overlay.opacityByValue ? share : 1)
  return { colour: deepColour(colourTable(overlay.colourMap), share), weight }
}

function partOf(
  { width, height, voxelsPerPixel, deep }: ReturnType<typeof deepRaster>,
  part: 'high' | 'low'
): SliceRaster {
  const shift = part === 'high' ? 8 : 0
  return { width, height, voxelsPerPixel, rgb: Uint8Array.from(deep, (level) => (level >> shift) & 255) }
}

type OverlayPainter = (rgb: Uint8Array, at: number, column: number, row: number, block: number) => void

function overlayPainter({ overlay }: SlicePanel, slice: Slice): OverlayPainter | null {
  if (!overlay) return null
  const { contrast, opacity, opacityByValue, threshold } = overlay
  const colours = colourTable(overlay.colourMap)
  const [columnOffset, rowOffset] = overlay.offset
  return (rgb, at, column, row, block) => {
    const left = Math.floor(column + 0.5 - columnOffset)
    const bottom = Math.floor(row + 0.5 - rowOffset)
    const value = blockMean(slice, left, bottom, block)
    if (!Number.isFinite(value) || (threshold !== null && value < threshold)) return
    const share = shareOfRange(value, contrast)
    const weight = opacity * (opacityByValue ? share : 1)
    const from = colourIndex(share) * 4
    for (let i = 0; i < 3; i++) rgb[at + i] = Math.round(rgb[at + i] * (1 - weight) + colours[from + i] * weight)
  }
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
