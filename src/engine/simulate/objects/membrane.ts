import type { XYZ } from '../../../shared/axes.ts'
import type { Canvas } from '../canvas.ts'
import { blurAngstrom, voxelRange } from '../frame.ts'
import type { PlacedObject } from '../recipe.ts'
import { conjugate, rotationMatrix, turned } from '../rotation.ts'

/** Two leaflets of head groups; tails weigh about as much as ice. Lengths in angstrom, density in units of a protein's. */
const leafletDistance = 20
const leafletSd = 6
const leafletDensity = 0.8

/** Density across the bilayer at a signed distance from its middle, and the distance beyond which there is none. */
function bilayer(blur: number): { reach: number; at: (distance: number) => number } {
  const sd = Math.hypot(leafletSd, blur)
  // Blurring keeps the area under a leaflet's profile.
  const peak = (leafletDensity * leafletSd) / sd
  const leaflet = (distance: number): number => peak * Math.exp(-(distance * distance) / (2 * sd * sd))
  return {
    reach: leafletDistance + 3 * sd,
    at: (distance) => leaflet(distance - leafletDistance) + leaflet(distance + leafletDistance)
  }
}

type Vesicle = Extract<PlacedObject, { kind: 'vesicle' }>
type Sheet = Extract<PlacedObject, { kind: 'sheet' }>

export function drawVesicle(canvas: Canvas, { radiiAngstrom: radii, position, rotation }: Vesicle): void {
  const { reach, at } = bilayer(blurAngstrom(canvas.frame))
  const outer = Math.max(radii.x, radii.y, radii.z) + 1.5 * reach
  drawSurface(canvas, position.angstrom, outer, rotation.quaternion, reach, at, ({ x, y, z }) => {
    // First order in the distance, exact for a sphere: f / |grad f| with f = |p / r| - 1.
    const level = Math.hypot(x / radii.x, y / radii.y, z / radii.z)
    if (level === 0) return -Math.min(radii.x, radii.y, radii.z)
    const slope = Math.hypot(x / radii.x ** 2, y / radii.y ** 2, z / radii.z ** 2)
    return (level * (level - 1)) / slope
  })
}

export function drawSheet(canvas: Canvas, sheet: Sheet): void {
  const { waveHeightAngstrom: height, waveLengthAngstrom: length, wavePhase: phase, position, rotation } = sheet
  const { reach, at } = bilayer(blurAngstrom(canvas.frame))
  const wave = (2 * Math.PI) / length
  drawSurface(canvas, position.angstrom, Infinity, rotation.quaternion, reach, at, ({ x, z }) => {
    const slope = height * wave * Math.cos(wave * x + phase)
    return (z - height * Math.sin(wave * x + phase)) / Math.sqrt(1 + slope * slope)
  })
}

/** Draws a profile across a surface given by the signed distance from it, in the object's own axes. */
function drawSurface(
  canvas: Canvas,
  centre: XYZ,
  outer: number,
  rotation: PlacedObject['rotation']['quaternion'],
  reach: number,
  profile: (distance: number) => number,
  signedDistance: (point: XYZ) => number
): void {
  const { size, voxelSizeAngstrom: voxel } = canvas.frame
  const back = rotationMatrix(conjugate(rotation))
  const [fromX, toX] = voxelRange(centre.x, outer, voxel, size.x)
  const [fromY, toY] = voxelRange(centre.y, outer, voxel, size.y)
  const [fromZ, toZ] = voxelRange(centre.z, outer, voxel, size.z)
  for (let k = fromZ; k < toZ; k++)
    for (let j = fromY; j < toY; j++)
      for (let i = fromX; i < toX; i++) {
        const point = turned(back, { x: i * voxel - centre.x, y: j * voxel - centre.y, z: k * voxel - centre.z })
        const distance = signedDistance(point)
        if (Math.abs(distance) < reach) canvas.add((k * size.y + j) * size.x + i, profile(distance))
      }
}
