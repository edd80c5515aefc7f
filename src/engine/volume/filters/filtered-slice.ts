import { planeAxes } from '../../../shared/axes.ts'
import type { Plane } from '../../../shared/axes.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import type { SliceFilters } from '../../../shared/slice-filters.ts'
import type { VolumeInfo } from '../../../shared/volumes.ts'
import type { ReadOptions, Slice, Volume } from '../volume.ts'
import { bandPass } from './band-pass.ts'
import type { Band } from './band-pass.ts'
import { blurRaster, gaussianKernel } from './gaussian.ts'
import { slabSlice } from './slab.ts'

export interface FilteredSliceRequest {
  plane: Plane
  index: number
  filters: SliceFilters
}

/** A slice as it is to be shown, from exact voxels. @throws WedgeviewError `voxel-size-unknown` for a band in nanometres */
export async function filteredSlice(
  volume: Volume,
  { plane, index, filters }: FilteredSliceRequest,
  options: ReadOptions = {}
): Promise<Slice> {
  const { slab, sigma, band } = filters
  const cut = band && bandInVoxels(volume.info, plane, band)
  const { rows, columns, data } = slab
    ? await slabSlice(volume, plane, index, slab, options)
    : await volume.readSlice(plane, index, options)
  options.signal?.throwIfAborted()
  const smooth = sigma > 0 ? blurRaster(data, rows, columns, gaussianKernel(sigma)) : data
  return { rows, columns, data: cut ? bandPass(smooth, rows, columns, cut.band, cut.pitch) : smooth }
}

/** The band in cycles per voxel of the slice's columns, and the voxel's lengths in that unit. */
function bandInVoxels(
  { voxelSizeAngstrom: voxel, path }: VolumeInfo,
  plane: Plane,
  { unit, low, high }: NonNullable<SliceFilters['band']>
): { band: Band; pitch: { row: number; column: number } } {
  if (unit === 'cycles-per-voxel') return { band: { low, high }, pitch: { row: 1, column: 1 } }
  if (!voxel) {
    throw new WedgeviewError(
      'usage',
      'voxel-size-unknown',
      `The voxel size of ${path} is not known, so a band in nanometres has no meaning there.`,
      'Give the band in cycles per voxel.'
    )
  }
  const { row, column } = planeAxes[plane]
  const inVoxels = (nanometres: number | null): number | null =>
    nanometres === null ? null : voxel[column] / (10 * nanometres)
  return { band: { low: inVoxels(low), high: inVoxels(high) }, pitch: { row: voxel[row] / voxel[column], column: 1 } }
}
