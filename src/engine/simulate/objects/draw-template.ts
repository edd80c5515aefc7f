import type { XYZ } from '../../../shared/axes.ts'
import type { Canvas } from '../canvas.ts'
import { voxelRange } from '../frame.ts'
import { conjugate, rotationMatrix, turned, type Quaternion } from '../rotation.ts'
import type { Template } from '../template.ts'

/** Weights of the four samples around a point `t` after the second of them: Catmull-Rom, the cubic of Keys (1981). */
function cubicWeights(t: number, out: Float64Array): void {
  out[0] = ((-0.5 * t + 1) * t - 0.5) * t
  out[1] = (1.5 * t - 2.5) * t * t + 1
  out[2] = ((-1.5 * t + 2) * t + 0.5) * t
  out[3] = (0.5 * t - 0.5) * t * t
}

const weights = [new Float64Array(4), new Float64Array(4), new Float64Array(4)] as const

/** The template's density at a point in its own voxels, tricubic; zero outside of it. */
function densityAt({ size, values }: Template, x: number, y: number, z: number): number {
  const [depth, height, width] = size
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)]
  if (x0 < 1 || y0 < 1 || z0 < 1 || x0 >= width - 2 || y0 >= height - 2 || z0 >= depth - 2) return 0
  cubicWeights(x - x0, weights[0])
  cubicWeights(y - y0, weights[1])
  cubicWeights(z - z0, weights[2])
  let sum = 0
  for (let c = 0; c < 4; c++)
    for (let b = 0; b < 4; b++) {
      const row = ((z0 - 1 + c) * height + y0 - 1 + b) * width + x0 - 1
      const line =
        weights[0][0] * values[row] +
        weights[0][1] * values[row + 1] +
        weights[0][2] * values[row + 2] +
        weights[0][3] * values[row + 3]
      sum += weights[2][c] * weights[1][b] * line
    }
  return sum
}

/** Draws a template turned by `rotation` about its centre of mass, which comes to lie at `position`, in angstrom. */
export function drawTemplate(canvas: Canvas, template: Template, position: XYZ, rotation: Quaternion): void {
  const { size, voxelSizeAngstrom: voxel } = canvas.frame
  const { centre, radiusAngstrom: radius } = template
  const back = rotationMatrix(conjugate(rotation))
  const [fromX, toX] = voxelRange(position.x, radius, voxel, size.x)
  const [fromY, toY] = voxelRange(position.y, radius, voxel, size.y)
  const [fromZ, toZ] = voxelRange(position.z, radius, voxel, size.z)
  for (let k = fromZ; k < toZ; k++)
    for (let j = fromY; j < toY; j++)
      for (let i = fromX; i < toX; i++) {
        const offset = { x: i * voxel - position.x, y: j * voxel - position.y, z: k * voxel - position.z }
        if (offset.x ** 2 + offset.y ** 2 + offset.z ** 2 > radius * radius) continue
        const { x, y, z } = turned(back, offset)
        const value = densityAt(
          template,
          centre.x + x / template.voxelSizeAngstrom,
          centre.y + y / template.voxelSizeAngstrom,
          centre.z + z / template.voxelSizeAngstrom
        )
        if (value !== 0) canvas.add((k * size.y + j) * size.x + i, value)
      }
}
