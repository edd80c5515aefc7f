import type { XYZ } from './axes.ts'

/** A unit quaternion (x, y, z, w) that turns the world into the view. */
export type Rotation = readonly [x: number, y: number, z: number, w: number]
export type Vector = readonly [x: number, y: number, z: number]

/**
 * How a 3-D view looks at a tomogram. The world's unit is the x voxel, its axes are the tomogram's; at rest x points to the right, y up and z at
 * the viewer, as in a slice.
 */
export interface Camera {
  rotation: Rotation
  /** What stays in the middle of the view, in world units. */
  target: XYZ
  /** Height of the view at the target, in world units. */
  height: number
  perspective: boolean
}

/** Vertical field of view in perspective, as ChimeraX's. */
export const fieldOfViewDegrees = 30

/** The view's axes in the world: unit vectors to the right, up, and back to the viewer. */
export interface ViewAxes {
  right: Vector
  up: Vector
  back: Vector
}

export function viewAxes({ rotation }: Pick<Camera, 'rotation'>): ViewAxes {
  const back = inverse(rotation)
  return { right: rotated(back, [1, 0, 0]), up: rotated(back, [0, 1, 0]), back: rotated(back, [0, 0, 1]) }
}

/** Distance from the eye to the target, in world units; for parallel rays, where they start. */
export function eyeDistance({ height, perspective }: Camera, radius: number): number {
  const half = (fieldOfViewDegrees * Math.PI) / 360
  return perspective ? height / 2 / Math.tan(half) : height + 4 * radius
}

/** Where a point of the world appears, in pixels from the pane's top left corner; null behind the eye. */
export function project(
  camera: Camera,
  point: XYZ,
  size: { width: number; height: number }
): { x: number; y: number } | null {
  const { right, up, back } = viewAxes(camera)
  const from: Vector = [point.x - camera.target.x, point.y - camera.target.y, point.z - camera.target.z]
  const pixels = size.height / camera.height
  const eye = eyeDistance(camera, 0)
  const towards = dot(from, back)
  if (camera.perspective && towards >= eye) return null
  const scale = camera.perspective ? (pixels * eye) / (eye - towards) : pixels
  return { x: size.width / 2 + scale * dot(from, right), y: size.height / 2 - scale * dot(from, up) }
}

/** The camera turned about its target by a drag on screen, in pixels: as a ball of the pane's smaller side. */
export function turned(camera: Camera, dx: number, dy: number, side: number): Camera {
  const angle = Math.hypot(dx, dy)
  if (angle === 0) return camera
  const turn = aboutAxis([dy / angle, dx / angle, 0], (Math.PI * angle) / Math.max(1, side))
  return { ...camera, rotation: normalised(product(turn, camera.rotation)) }
}

/** The camera turned about the line of sight, counter-clockwise, in radians. */
export function rolled(camera: Camera, radians: number): Camera {
  return { ...camera, rotation: normalised(product(aboutAxis([0, 0, 1], radians), camera.rotation)) }
}

/** The target moved so that what is under the pointer follows a drag, in pixels. */
export function panned(camera: Camera, dx: number, dy: number, paneHeight: number): Camera {
  const { right, up } = viewAxes(camera)
  const unit = camera.height / Math.max(1, paneHeight)
  const move = (axis: 0 | 1 | 2): number => unit * (dy * up[axis] - dx * right[axis])
  const { x, y, z } = camera.target
  return { ...camera, target: { x: x + move(0), y: y + move(1), z: z + move(2) } }
}

export function zoomed(camera: Camera, factor: number): Camera {
  return { ...camera, height: Math.min(1e6, Math.max(1e-3, camera.height / factor)) }
}

/** The whole box in view from any side: the height is its diagonal. */
export function fitted(camera: Camera, low: XYZ, high: XYZ, aspect = 1): Camera {
  const diagonal = Math.hypot(high.x - low.x, high.y - low.y, high.z - low.z)
  return {
    ...camera,
    target: { x: (low.x + high.x) / 2, y: (low.y + high.y) / 2, z: (low.z + high.z) / 2 },
    height: (diagonal * 1.02) / Math.min(1, aspect)
  }
}

/** Views along the axes, by the way one looks. */
export const standardViews = {
  /** As an XY slice. */
  front: [0, 0, 0, 1],
  /** From the side: y to the right and z up, as a YZ slice. */
  side: quarter([1, 1, 1], 240),
  /** From below, along y: x to the right and z up, as an XZ slice. */
  top: quarter([1, 0, 0], -90),
  /** A little from above and from the right: what a view starts with. */
  corner: normalised(product(aboutAxis([1, 0, 0], 0.45), aboutAxis([0, 1, 0], -0.5)))
} as const satisfies Record<string, Rotation>

function quarter(axis: Vector, degrees: number): Rotation {
  const length = Math.hypot(...axis)
  return aboutAxis([axis[0] / length, axis[1] / length, axis[2] / length], (degrees * Math.PI) / 180)
}

export function aboutAxis([x, y, z]: Vector, radians: number): Rotation {
  const s = Math.sin(radians / 2)
  return [x * s, y * s, z * s, Math.cos(radians / 2)]
}

/** First `b`, then `a`. */
export function product(a: Rotation, b: Rotation): Rotation {
  const [ax, ay, az, aw] = a
  const [bx, by, bz, bw] = b
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz
  ]
}

export function rotated([x, y, z, w]: Rotation, [a, b, c]: Vector): Vector {
  // v + 2 q x (q x v + w v)
  const tx = 2 * (y * c - z * b)
  const ty = 2 * (z * a - x * c)
  const tz = 2 * (x * b - y * a)
  return [a + w * tx + y * tz - z * ty, b + w * ty + z * tx - x * tz, c + w * tz + x * ty - y * tx]
}

function inverse([x, y, z, w]: Rotation): Rotation {
  return [-x, -y, -z, w]
}

/** Rounding would let a quaternion that is turned often lose its length. */
function normalised([x, y, z, w]: Rotation): Rotation {
  const length = Math.hypot(x, y, z, w)
  return [x / length, y / length, z / length, w / length]
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
