import { planeAxes, type XYZ } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { isExact, type Slice } from '../api/sliceCache.ts'

/** The float32 value, as drawn (filters included), of a tomogram voxel in a fetched slice of `volume`; null where the slice does not hold it, or is coarse. */
export function valueInSlice(slice: Slice | null, volume: OpenVolume, voxel: XYZ): number | null {
  if (!slice || slice.volumeId !== volume.id || !isExact(slice)) return null
  const { normal, column, row } = planeAxes[slice.plane]
  const own = (axis: 'x' | 'y' | 'z'): number => voxel[axis] - (volume.region?.box[axis][0] ?? 0)
  if (own(normal) !== slice.index) return null
  const at = { column: own(column), row: own(row) }
  if (at.column < 0 || at.row < 0 || at.column >= slice.columns || at.row >= slice.rows) return null
  return slice.values[at.row * slice.columns + at.column]
}
