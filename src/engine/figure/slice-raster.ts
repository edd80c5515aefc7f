import { colourTable, shareOfRange } from '../../shared/colour-maps.ts'
import type { SlicePanel } from '../../shared/figure.ts'
import { binColour, binsInRow } from '../../shared/value-suppressing.ts'
import { valueOver } from './placed-slice.ts'
import type { Footprint, PlacedSlice } from './placed-slice.ts'
import { depthOf } from './raster.ts'
import type { Depth, Raster, RasterPart } from './raster.ts'

/** The slices behind a panel, cut and turned as it shows them. */
export interface PanelSlices {
  base: PlacedSlice
  overlay: PlacedSlice | null
  /** B of a comparison, and the SD that a deviation is measured in. */
  other: PlacedSlice | null
  spread: PlacedSlice | null
}

/** How a raster samples a panel. */
export interface Sampling {
  width: number
  height: number
  /** Base voxels a pixel covers, to the right and up. */
  across: number
  up: number
  /** Height of a voxel over its width, in real lengths. */
  voxelAspect: number
}

/** Voxels without a number are drawn in neither grey nor a map's colour, as in the window. */
const notANumber = [
  [107, 92, 51],
  [61, 54, 36]
] as const

/**
 * Draws a panel's slices as slice.frag.glsl and overlay.glsl do, but for contour lines, which figures draw as lines. Row 0 of a slice is at
 * the bottom, as in IMOD.
 *
 * @param background of the figure, where nothing is drawn
 */
export function sliceRaster(
  panel: SlicePanel,
  slices: PanelSlices,
  sampling: Sampling,
  background: 'white' | 'black',
  part: RasterPart = 'all'
): Raster {
  const { width, height, across, up } = sampling
  const depth = depthOf(part)
  const painter = new SlicePainter(panel, slices, sampling, depth)
  const empty = Array<number>(3).fill(background === 'white' ? depth.white : 0)
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = ((height - 1 - y) * width + x) * 3
      const footprint = { right: (x + 0.5) * across, up: (y + 0.5) * up, width: across, height: up }
      const levels = painter.colourAt(footprint, x, y) ?? empty
      for (let i = 0; i < 3; i++) rgb[at + i] = depth.byteOf(levels[i])
    }
  }
  return { width, height, voxelsPerPixel: across, rgb }
}

type Levels = readonly number[]

class SlicePainter {
  readonly #panel: SlicePanel
  readonly #slices: PanelSlices
  readonly #sampling: Sampling
  readonly #depth: Depth

  constructor(panel: SlicePanel, slices: PanelSlices, sampling: Sampling, depth: Depth) {
    this.#panel = panel
    this.#slices = slices
    this.#sampling = sampling
    this.#depth = depth
  }

  /** Levels of a pixel; null where the panel shows nothing. */
  colourAt(at: Footprint, x: number, y: number): Levels | null {
    const { comparison, overlay } = this.#panel
    const isOther = this.#showsOther(at)
    const measured = comparison?.mode === 'difference' || comparison?.mode === 'deviation'
    const below = measured ? this.#difference(at, x, y) : this.#grey(at, x, y, isOther)
    return overlay && this.#slices.overlay && !measured ? this.#overlaid(below, at, isOther) : below
  }

  #valueOf(slice: PlacedSlice | null, at: Footprint): number | null {
    return slice && valueOver(slice, at, this.#panel.smooth)
  }

  #grey(at: Footprint, x: number, y: number, isOther: boolean): Levels | null {
    const value = this.#valueOf(isOther ? this.#slices.other : this.#slices.base, at)
    if (value === null) return null
    if (!Number.isFinite(value)) return this.#hatch(x, y)
    const { comparison } = this.#panel
    const map = isOther && comparison ? comparison.colourMap : this.#panel.colourMap
    return this.#depth.colour(colourTable(map), this.#share(value, isOther))
  }

  #share(value: number, isOther: boolean): number {
    const { contrast, gamma } = (isOther && this.#panel.comparison) || this.#panel
    return shareOfRange(value, contrast, gamma)
  }

  #showsOther({ right, up }: Footprint): boolean {
    const { comparison } = this.#panel
    switch (comparison?.mode) {
      case 'swipe':
        return right >= comparison.at
      case 'other':
        return true
      case 'checkerboard': {
        const across = Math.floor((right - comparison.corner[0]) / comparison.cell)
        const down = Math.floor(((comparison.corner[1] - up) * this.#sampling.voxelAspect) / comparison.cell)
        return (((across + down) % 2) + 2) % 2 === 1
      }
      default:
        return false
    }
  }

  #difference(at: Footprint, x: number, y: number): Levels | null {
    const { comparison } = this.#panel
    const a = this.#valueOf(this.#slices.base, at)
    const b = this.#valueOf(this.#slices.other, at)
    if (!comparison || a === null || b === null) return null
    let difference = a - b
    if (comparison.mode === 'deviation') {
      const spread = this.#valueOf(this.#slices.spread, at)
      if (spread === null) return null
      // Where nothing varies there is no number of standard deviations.
      difference = spread > 0 ? difference / spread : Number.NaN
    }
    if (!Number.isFinite(difference)) return this.#hatch(x, y)
    const { limit } = comparison
    return this.#depth.colour(colourTable('blue-red'), shareOfRange(difference, { low: -limit, high: limit }))
  }

  #overlaid(below: Levels | null, at: Footprint, isOther: boolean): Levels | null {
    const { overlay } = this.#panel
    const value = this.#valueOf(this.#slices.overlay, at)
    if (!overlay || value === null || !Number.isFinite(value)) return below
    const share = shareOfRange(value, overlay.contrast)
    if (overlay.style === 'value-suppressing') {
      const base = this.#valueOf(isOther ? this.#slices.other : this.#slices.base, at)
      return base === null || !Number.isFinite(base) ? below : this.#suppressed(this.#share(base, isOther), share)
    }
    if (overlay.threshold !== null && value < overlay.threshold) return below
    const weight = overlay.opacity * (overlay.opacityByValue ? share : 1)
    const above = this.#depth.colour(colourTable(overlay.colourMap), share)
    return below && below.map((level, i) => level * (1 - weight) + above[i] * weight)
  }

  #suppressed(value: number, uncertainty: number): Levels {
    const { overlay } = this.#panel
    const rows = overlay?.treeRows ?? 1
    const row = Math.min(Math.floor(uncertainty * rows), rows - 1)
    const bins = binsInRow(row, rows)
    const bin = Math.min(Math.floor(value * bins), bins - 1)
    const bytes = binColour(overlay?.valueColours ?? 'viridis', bin, row, rows)
    return bytes.map((byte) => (byte / 255) * this.#depth.white)
  }

  /** Voxel by voxel where pixels are voxels, in stripes where they are finer. */
  #hatch(x: number, y: number): Levels {
    const stripe = this.#sampling.across >= 1 ? (x + y) % 2 : (x + y) % 8 < 4 ? 0 : 1
    return notANumber[stripe].map((byte) => (byte / 255) * this.#depth.white)
  }
}
