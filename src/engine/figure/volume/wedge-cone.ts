import type { XYZ } from '../../../shared/axes.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import { acrossAxis } from '../../../shared/wedge-plane.ts'

type Triple = readonly [number, number, number]

/** The unmeasured double wedge in place, within a ball: a translucent cone (renderer/volume3d/marching.glsl). In the world's units. */
export interface WedgeCone {
  centre: XYZ
  radius: number
  wedge: Wedge
}

export const coneColour: Triple = [0.91, 0.58, 0.22]

/** As the shader samples a ray's way through the ball. */
const parts = 96

/** How much of a ray lies in the double wedge, as far as `until`. @param direction of unit length */
export function lengthInCone(
  { centre, radius, wedge }: WedgeCone,
  origin: Triple,
  direction: Triple,
  until: number
): number {
  const from = [origin[0] - centre.x, origin[1] - centre.y, origin[2] - centre.z]
  const along = dot(from, direction)
  const inside = along * along - dot(from, from) + radius * radius
  if (inside <= 0) return 0
  const near = Math.max(0, -along - Math.sqrt(inside))
  const far = Math.min(until, -along + Math.sqrt(inside))
  if (far <= near) return 0
  const across = numberOf[acrossAxis(wedge)]
  const beam = numberOf[wedge.beamAxis]
  let within = 0
  for (let i = 0; i < parts; i++) {
    const t = near + ((far - near) * (i + 0.5)) / parts
    // Directions, not arrows: -180 to 180 folds to -90 to 90.
    const angle = (Math.atan2(from[beam] + t * direction[beam], from[across] + t * direction[across]) * 180) / Math.PI
    const tilt = angle > 90 ? angle - 180 : angle < -90 ? angle + 180 : angle
    if (tilt < wedge.tiltMin || tilt > wedge.tiltMax) within++
  }
  return ((far - near) * within) / parts
}

/** How much of the cone's colour is seen of a ray that passes so much of it. */
export function coneShare({ radius }: WedgeCone, length: number): number {
  return 0.55 * (1 - Math.exp((-1.4 * length) / radius))
}

const numberOf = { x: 0, y: 1, z: 2 } as const

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
