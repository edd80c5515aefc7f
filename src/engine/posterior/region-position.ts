import type { Box, XYZ } from '../../shared/axes.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'

/**
 * Start indices and origin of a map that covers a region of a tomogram, such that other programs draw it in place.
 *
 * Programs differ in what they position a volume by: the start indices (CCP4, EMDB), the origin, or, as ChimeraX does, the
 * origin unless it is zero and then the start indices. Start indices move by the region's corner, always. The origin moves by the
 * same length, except where the tomogram has start indices but no origin: a new origin would there silence the start
 * indices in ChimeraX. A region that begins at the tomogram's corner changes neither.
 */
export function regionPosition(info: VolumeInfo, roi: Box): { start: XYZ; origin: XYZ } {
  const { start, origin, voxelSizeAngstrom: voxel } = info
  const moved = { x: start.x + roi.x[0], y: start.y + roi.y[0], z: start.z + roi.z[0] }
  const startsOnly = isZero(origin) && !isZero(start)
  if (!voxel || startsOnly) return { start: moved, origin: { ...origin } }
  return {
    start: moved,
    origin: {
      x: origin.x + roi.x[0] * voxel.x,
      y: origin.y + roi.y[0] * voxel.y,
      z: origin.z + roi.z[0] * voxel.z
    }
  }
}

function isZero({ x, y, z }: XYZ): boolean {
  return x === 0 && y === 0 && z === 0
}
