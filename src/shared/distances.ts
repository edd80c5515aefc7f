import type { XYZ } from './axes.ts'

/** A straight line between two points of a volume, in continuous voxels (voxel i covers [i, i + 1)). */
export interface Segment {
  from: XYZ
  to: XYZ
}

/** Both ends' distance: in nm where the voxel size is known (voxels may be longer along one axis), and in voxels. */
export function lengthOf(
  { from, to }: Segment,
  voxelSizeAngstrom: XYZ | null
): {
  nm: number | null
  voxels: number
} {
  const [x, y, z] = [to.x - from.x, to.y - from.y, to.z - from.z]
  const size = voxelSizeAngstrom
  return {
    nm: size && Math.hypot(x * size.x, y * size.y, z * size.z) / 10,
    voxels: Math.hypot(x, y, z)
  }
}

type Length = ReturnType<typeof lengthOf>

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : 1)

export function formatVoxels({ voxels }: Length): string {
  return `${digits(voxels)} voxels`
}

/** In nm, or in voxels where their size is unknown. */
export function formatDistance(length: Length): string {
  return length.nm === null ? formatVoxels(length) : `${digits(length.nm)} nm`
}
