import { encode } from 'fast-png'
import { colourIndex, colourTable, shareOfRange } from '../../shared/colour-maps.ts'
import type { FigurePanel } from '../../shared/figure.ts'
import type { Slice } from '../volume/volume.ts'

/** An image of a slice: RGB bytes, top row first, one pixel for `voxelsPerPixel` x `voxelsPerPixel` voxels. */
export interface SliceRaster {
  width: number
  height: number
  voxelsPerPixel: number
  rgb: Uint8Array
}

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
  panel: FigurePanel,
  base: Slice,
  overlay: Slice | null,
  voxelsPerPixel: number
): SliceRaster {
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

type OverlayPainter = (rgb: Uint8Array, at: number, column: number, row: number, block: number) => void

function overlayPainter({ overlay }: FigurePanel, slice: Slice): OverlayPainter | null {
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
