import type { ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { wedgePlane } from './mask.ts'

/** Mean of M over the box's frequencies. */
export function measuredFraction(wedge: Wedge, size: ZYX): number {
  const { values } = wedgePlane(wedge, size)
  return values.reduce((sum, v) => sum + v, 0) / values.length
}

/** Area between direction 0 and `degrees` (0 … 90) of the quadrant [0, 1/2]^2, counted once. */
function quadrantArea(degrees: number): number {
  const angle = (Math.min(90, Math.max(0, degrees)) * Math.PI) / 180
  return angle <= Math.PI / 4 ? Math.tan(angle) / 8 : 1 / 4 - Math.tan(Math.PI / 2 - angle) / 8
}

/**
 * The measured fraction in the limit of a large box, in closed form: the area of the double wedge in the square
 * [-1/2, 1/2]^2 of frequencies in cycles per voxel. It is the same for boxes of any shape. Binary edge, no low-pass.
 */
export function measuredFractionLimit(tiltMin: number, tiltMax: number): number {
  const signed = (degrees: number): number => Math.sign(degrees) * quadrantArea(Math.abs(degrees))
  return 2 * (signed(tiltMax) - signed(tiltMin))
}
