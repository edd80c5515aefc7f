import type { XYZ } from '../../shared/axes.ts'
import { viewAxes, type Camera, type Vector } from '../../shared/camera.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { acrossAxis } from './wedgePlane.ts'

/** Half of the solid's length along the tilt axis, for a radius of 1. */
const halfLength = 0.55
/** Straight pieces of each rim. */
const rimParts = 8

/** A point of a drawing: to the right and down. */
export interface DrawnPoint {
  x: number
  y: number
}

/**
 * The unmeasured double wedge as a solid of radius 1, as it is seen by a camera: its faces, the farthest first. Directions of Fourier space that
 * no tilt recorded, which is also the way features smear. Empty where every direction was measured.
 */
export function wedgeSolid(camera: Pick<Camera, 'rotation'>, wedge: Wedge): DrawnPoint[][] {
  if (wedge.tiltMax - wedge.tiltMin >= 180) return []
  const { right, up, back } = viewAxes(camera)
  const across = acrossAxis(wedge)
  const onScreen = (point: XYZ): DrawnPoint & { towards: number } => {
    const along = ([a, b, c]: Vector): number => point.x * a + point.y * b + point.z * c
    return { x: along(right), y: -along(up), towards: along(back) }
  }
  const point = (radius: number, degrees: number, along: number): XYZ => {
    const angle = (degrees * Math.PI) / 180
    const at: XYZ = { x: 0, y: 0, z: 0 }
    at[across] = radius * Math.cos(angle)
    at[wedge.beamAxis] = radius * Math.sin(angle)
    at[wedge.tiltAxis] = along
    return at
  }
  const faces = [0, 180].flatMap((turn) => {
    const from = wedge.tiltMax + turn
    const to = wedge.tiltMin + 180 + turn
    const rim = Array.from({ length: rimParts + 1 }, (_, i) => from + ((to - from) * i) / rimParts)
    const cap = (along: number): XYZ[] => [point(0, 0, along), ...rim.map((degrees) => point(1, degrees, along))]
    const [near, far] = [cap(-halfLength), cap(halfLength)]
    const walls = near.map((_, i) => {
      const next = (i + 1) % near.length
      return [near[i], near[next], far[next], far[i]]
    })
    return [near, far, ...walls]
  })
  return faces
    .map((face) => face.map(onScreen))
    .map((face) => ({ face, towards: face.reduce((sum, { towards }) => sum + towards, 0) / face.length }))
    .sort((a, b) => a.towards - b.towards)
    .map(({ face }) => face.map(({ x, y }) => ({ x, y })))
}
