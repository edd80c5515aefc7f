import { formatLength, plain, roundDown125 } from '../../shared/round-lengths.ts'

/** A scale bar of 1, 2 or 5 times a power of ten. */
export interface ScaleBar {
  /** CSS pixels. */
  pixels: number
  label: string
  lengthAngstrom: number
}

/**
 * The longest 1/2/5 length that fits `maxPixels`.
 * @param angstromPerPixel length of one CSS pixel; null where the voxel size is unknown (then in voxels).
 */
export function scaleBar(angstromPerPixel: number | null, voxelsPerPixel: number, maxPixels: number): ScaleBar | null {
  const perPixel = angstromPerPixel ?? voxelsPerPixel
  if (!(perPixel > 0) || !Number.isFinite(perPixel) || maxPixels < 8) return null
  const length = roundDown125(perPixel * maxPixels)
  const label = angstromPerPixel === null ? `${plain(length)} voxels` : formatLength(length)
  return { pixels: length / perPixel, label, lengthAngstrom: angstromPerPixel === null ? Number.NaN : length }
}
