import type { Box, XYZ } from '../../../shared/axes.ts'

/**
 * The middle of a volume with at most `mostVoxels` voxels: the whole where that is enough, else cut down to one side on the axes that are longer. A flat
 * tomogram so keeps its whole height.
 */
export function middleBox(size: XYZ, mostVoxels: number): Box {
  const voxels = (side: number): number => Math.min(size.x, side) * Math.min(size.y, side) * Math.min(size.z, side)
  let side = Math.max(size.x, size.y, size.z)
  if (voxels(side) > mostVoxels) {
    let tooLong = side
    side = 1
    while (tooLong - side > 1) {
      const between = (side + tooLong) >> 1
      if (voxels(between) > mostVoxels) tooLong = between
      else side = between
    }
  }
  const middle = (n: number): [number, number] => {
    const length = Math.min(n, side)
    const from = (n - length) >> 1
    return [from, from + length]
  }
  return { x: middle(size.x), y: middle(size.y), z: middle(size.z) }
}
