import { formatLength, plain, roundDown125 } from '../../shared/round-lengths.ts'

/** A scale bar over an image. */
export interface ScaleBar {
  /** Length in the image's columns, exactly what the label says. */
  columns: number
  label: string
}

/**
 * The longest bar of 1, 2 or 5 times a power of ten that takes at most `fraction` of the image's width.
 *
 * @param columns voxels across the image
 * @param voxelSizeAngstrom along the columns; null where the file doesn't know it: then the bar is in voxels
 * @param wantedAngstrom its length, where somebody chose one and it fits
 */
export function scaleBar(
  columns: number,
  voxelSizeAngstrom: number | null,
  fraction: number,
  wantedAngstrom?: number
): ScaleBar {
  if (voxelSizeAngstrom === null) {
    const voxels = roundDown125(Math.max(1, columns * fraction))
    return { columns: voxels, label: voxels === 1 ? '1 voxel' : `${plain(voxels)} voxels` }
  }
  const across = columns * voxelSizeAngstrom
  // One that is longer than the image could not be true.
  const wanted = wantedAngstrom !== undefined && wantedAngstrom <= 0.95 * across ? wantedAngstrom : null
  const angstrom = wanted ?? roundDown125(across * fraction)
  return { columns: angstrom / voxelSizeAngstrom, label: formatLength(angstrom) }
}
