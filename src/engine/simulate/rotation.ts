import type { XYZ } from '../../shared/axes.ts'
import type { Random } from './random.ts'

/** A unit quaternion w + xi + yj + zk; it turns a vector v = (x, y, z) into q v q*. */
export interface Quaternion {
  readonly w: number
  readonly x: number
  readonly y: number
  readonly z: number
}

/** Rows of a rotation matrix that acts on columns (x, y, z). */
export type Matrix3 = readonly [XYZ, XYZ, XYZ]

export const identityRotation: Quaternion = { w: 1, x: 0, y: 0, z: 0 }

/** Uniform over SO(3): Shoemake, "Uniform random rotations", Graphics Gems III (1992). */
export function randomRotation(random: Random): Quaternion {
  const split = random()
  const first = 2 * Math.PI * random()
  const second = 2 * Math.PI * random()
  const a = Math.sqrt(1 - split)
  const b = Math.sqrt(split)
  return { x: a * Math.sin(first), y: a * Math.cos(first), z: b * Math.sin(second), w: b * Math.cos(second) }
}

export function rotationMatrix({ w, x, y, z }: Quaternion): Matrix3 {
  return [
    { x: 1 - 2 * (y * y + z * z), y: 2 * (x * y - w * z), z: 2 * (x * z + w * y) },
    { x: 2 * (x * y + w * z), y: 1 - 2 * (x * x + z * z), z: 2 * (y * z - w * x) },
    { x: 2 * (x * z - w * y), y: 2 * (y * z + w * x), z: 1 - 2 * (x * x + y * y) }
  ]
}

/** The rotation that does `second` after `first`. */
export function composed(second: Quaternion, first: Quaternion): Quaternion {
  const { w, x, y, z } = second
  return {
    w: w * first.w - x * first.x - y * first.y - z * first.z,
    x: w * first.x + x * first.w + y * first.z - z * first.y,
    y: w * first.y - x * first.z + y * first.w + z * first.x,
    z: w * first.z + x * first.y - y * first.x + z * first.w
  }
}

export function conjugate({ w, x, y, z }: Quaternion): Quaternion {
  return { w, x: -x, y: -y, z: -z }
}

/** Turns a vector. */
export function turned([rowX, rowY, rowZ]: Matrix3, { x, y, z }: XYZ): XYZ {
  return {
    x: rowX.x * x + rowX.y * y + rowX.z * z,
    y: rowY.x * x + rowY.y * y + rowY.z * z,
    z: rowZ.x * x + rowZ.y * y + rowZ.z * z
  }
}
