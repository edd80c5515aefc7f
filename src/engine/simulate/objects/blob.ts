import type { XYZ } from '../../../shared/axes.ts'
import type { Canvas } from '../canvas.ts'
import { voxelRange } from '../frame.ts'

/** Draws what depends on the distance from a point only, out to `reach`; all in angstrom. */
export function drawBlob(canvas: Canvas, centre: XYZ, reach: number, density: (distance: number) => number): void {
  const { size, voxelSizeAngstrom: voxel } = canvas.frame
  const [fromX, toX] = voxelRange(centre.x, reach, voxel, size.x)
  const [fromY, toY] = voxelRange(centre.y, reach, voxel, size.y)
  const [fromZ, toZ] = voxelRange(centre.z, reach, voxel, size.z)
  for (let k = fromZ; k < toZ; k++)
    for (let j = fromY; j < toY; j++)
      for (let i = fromX; i < toX; i++) {
        const distance = Math.hypot(i * voxel - centre.x, j * voxel - centre.y, k * voxel - centre.z)
        if (distance < reach) canvas.add((k * size.y + j) * size.x + i, density(distance))
      }
}
