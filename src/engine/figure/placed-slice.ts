import type { Slice } from '../volume/volume.ts'

/** A slice, and where its lower left corner lies in the pixels of the panel's base slice (to the right, up). */
export interface PlacedSlice {
  slice: Slice
  offset: readonly [right: number, up: number]
}

/** A pixel of a raster: its middle and how far it reaches, in the base slice's pixels. */
export interface Footprint {
  right: number
  up: number
  width: number
  height: number
}

/**
 * A slice's value over a pixel, as slice.frag.glsl has it: the mean of its finite voxels where it covers several, else that of the voxel in its
 * middle, or the value between voxels. NaN where that is no number, null outside.
 */
export function valueOver({ slice, offset }: PlacedSlice, at: Footprint, smooth: boolean): number | null {
  const right = at.right - offset[0]
  const up = at.up - offset[1]
  // A pixel of many voxels may reach beyond the slice with its middle.
  const [halfWidth, halfHeight] = [Math.max(0, at.width / 2 - 0.5), Math.max(0, at.height / 2 - 0.5)]
  if (right + halfWidth < 0 || up + halfHeight < 0) return null
  if (right - halfWidth >= slice.columns || up - halfHeight >= slice.rows) return null
  if (Math.max(at.width, at.height) > 1) return meanOver(slice, right, up, at)
  const nearest = slice.data[Math.floor(up) * slice.columns + Math.floor(right)]
  return smooth && Number.isFinite(nearest) ? blended(slice, right, up) : nearest
}

function meanOver({ rows, columns, data }: Slice, right: number, up: number, { width, height }: Footprint): number {
  // Voxels whose middle lies in the pixel: every voxel counts for one pixel only.
  const [left, beyond] = [Math.ceil(right - width / 2 - 0.5 - 1e-9), Math.ceil(right + width / 2 - 0.5 - 1e-9)]
  const [bottom, above] = [Math.ceil(up - height / 2 - 0.5 - 1e-9), Math.ceil(up + height / 2 - 0.5 - 1e-9)]
  let sum = 0
  let count = 0
  for (let y = Math.max(0, bottom); y < Math.min(rows, Math.max(above, bottom + 1)); y++) {
    for (let x = Math.max(0, left); x < Math.min(columns, Math.max(beyond, left + 1)); x++) {
      const value = data[y * columns + x]
      if (!Number.isFinite(value)) continue
      sum += value
      count++
    }
  }
  return sum / count
}

/** Linear between the middles of the four voxels around, those that are numbers; at the edges the edge's own. */
export function blended({ rows, columns, data }: Slice, right: number, up: number): number {
  const [left, bottom] = [Math.floor(right - 0.5), Math.floor(up - 0.5)]
  const [across, upwards] = [right - 0.5 - left, up - 0.5 - bottom]
  let sum = 0
  let weights = 0
  for (let dy = 0; dy < 2; dy++)
    for (let dx = 0; dx < 2; dx++) {
      const x = Math.min(columns - 1, Math.max(0, left + dx))
      const y = Math.min(rows - 1, Math.max(0, bottom + dy))
      const value = data[y * columns + x]
      if (!Number.isFinite(value)) continue
      const weight = (dx === 0 ? 1 - across : across) * (dy === 0 ? 1 - upwards : upwards)
      sum += weight * value
      weights += weight
    }
  return sum / Math.max(weights, 1e-6)
}

/** Rows become columns: for panels that show the row axis to the right. */
export function transposedSlice({ rows, columns, data }: Slice): Slice {
  const turned = new Float32Array(data.length)
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) turned[x * rows + y] = data[y * columns + x]
  return { rows: columns, columns: rows, data: turned }
}
