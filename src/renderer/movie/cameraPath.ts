import { aboutAxis, product, viewAxes, type Camera, type Rotation, type Vector } from '../../shared/camera.ts'
import type { MotionOf } from '../../shared/movie.ts'
import type { XYZ } from '../../shared/axes.ts'

const worldAxes = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] } as const satisfies Record<string, Vector>

/** The cameras of a turn. Whole turns end one frame before they would repeat the first; others reach their last angle. */
export function turnCameras(camera: Camera, { axis, degrees, rock, frames }: MotionOf<'turn'>): Camera[] {
  const { right, up } = viewAxes(camera)
  const about: Vector = axis === 'screen-x' ? right : axis === 'screen-y' ? up : worldAxes[axis]
  const whole = (degrees * Math.PI) / 180
  const isWhole = degrees !== 0 && degrees % 360 === 0
  return Array.from({ length: frames }, (_, i) => {
    const angle = rock
      ? (whole / 2) * Math.sin((2 * Math.PI * i) / frames)
      : (whole * i) / Math.max(1, isWhole ? frames : frames - 1)
    // The world is turned first, then looked at as before.
    return { ...camera, rotation: product(camera.rotation, aboutAxis(about, angle)) }
  })
}

/**
 * Cameras on a smooth curve through views; each view is met exactly by one frame, the first by the first. Rotations follow Shoemake's squad
 * (1987), targets a Catmull-Rom spline, heights one of their logarithms, so that zooming looks even. Parallel or perspective is that of the view
 * last passed.
 *
 * @param closed goes on from the last view to the first, and ends one frame before it
 * @throws RangeError where there are more views than frames
 */
export function pathCameras(views: readonly Camera[], frames: number, closed: boolean): Camera[] {
  const count = views.length
  if (count === 0 || frames < count) throw new RangeError(`${frames} frames can't show ${count} views`)
  const segments = closed ? count : count - 1
  if (segments === 0) return Array.from({ length: frames }, () => views[0])
  const length = closed ? frames : frames - 1
  const frameOf = (view: number): number => Math.round((view * length) / segments)
  const rotations = continuous(views.map(({ rotation }) => rotation))
  const at = (i: number): number => (closed ? (i + count) % count : Math.min(count - 1, Math.max(0, i)))
  const rotationAt = (i: number): Rotation => nearer(rotations[at(i)], rotations[at(i - 1)])
  return Array.from({ length: frames }, (_, frame) => {
    let segment = 0
    while (segment < segments - 1 && frame >= frameOf(segment + 1)) segment++
    const from = frameOf(segment)
    const share = (frame - from) / Math.max(1, frameOf(segment + 1) - from)
    if (share === 0) return views[at(segment)]
    if (!closed && share === 1) return views[at(segment + 1)]
    const around = [-1, 0, 1, 2].map((by) => views[at(segment + by)])
    const along = (of: (camera: Camera) => number): number => catmullRom(around.map(of), share)
    const target: XYZ = { x: along((c) => c.target.x), y: along((c) => c.target.y), z: along((c) => c.target.z) }
    return {
      rotation: squad(rotationAt, segment, share),
      target,
      height: Math.exp(along((c) => Math.log(c.height))),
      perspective: around[1].perspective
    }
  })
}

function catmullRom([a, b, c, d]: readonly number[], t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}

/** The same rotations, each as the one of its two quaternions that lies nearer to the one before. */
function continuous(rotations: readonly Rotation[]): Rotation[] {
  const result: Rotation[] = []
  for (const rotation of rotations) result.push(nearer(rotation, result.at(-1) ?? rotation))
  return result
}

function nearer(rotation: Rotation, to: Rotation): Rotation {
  return dot(rotation, to) < 0 ? scaled(rotation, -1) : rotation
}

function squad(rotationAt: (i: number) => Rotation, segment: number, t: number): Rotation {
  const from = rotationAt(segment)
  const to = nearer(rotationAt(segment + 1), from)
  const before = nearer(rotationAt(segment - 1), from)
  const after = nearer(rotationAt(segment + 2), to)
  const outer = slerp(from, to, t)
  const inner = slerp(between(before, from, to), between(from, to, after), t)
  return slerp(outer, nearer(inner, outer), 2 * t * (1 - t))
}

/** The inner control point of `at`: at exp(-(log(at^-1 after) + log(at^-1 before)) / 4). */
function between(before: Rotation, at: Rotation, after: Rotation): Rotation {
  const back = conjugate(at)
  const a = logarithm(product(back, after))
  const b = logarithm(product(back, before))
  return product(at, exponential([-(a[0] + b[0]) / 4, -(a[1] + b[1]) / 4, -(a[2] + b[2]) / 4]))
}

function slerp(a: Rotation, b: Rotation, t: number): Rotation {
  const angle = Math.acos(Math.min(1, Math.max(-1, dot(a, b))))
  // Nearly the same: the straight line is as good, and nothing is divided by zero.
  const [wa, wb] =
    angle < 1e-6 ? [1 - t, t] : [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)]
  return unit([0, 1, 2, 3].map((i) => wa * a[i] + wb * b[i]))
}

function logarithm([x, y, z, w]: Rotation): Vector {
  const length = Math.hypot(x, y, z)
  const scale = length < 1e-12 ? 1 : Math.atan2(length, w) / length
  return [x * scale, y * scale, z * scale]
}

function exponential([x, y, z]: Vector): Rotation {
  const angle = Math.hypot(x, y, z)
  const scale = angle < 1e-12 ? 1 : Math.sin(angle) / angle
  return [x * scale, y * scale, z * scale, Math.cos(angle)]
}

function conjugate([x, y, z, w]: Rotation): Rotation {
  return [-x, -y, -z, w]
}

function scaled([x, y, z, w]: Rotation, by: number): Rotation {
  return [x * by, y * by, z * by, w * by]
}

function unit([x, y, z, w]: readonly number[]): Rotation {
  return scaled([x, y, z, w], 1 / Math.hypot(x, y, z, w))
}

function dot(a: Rotation, b: Rotation): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}

/** The angle between two views' rotations, in degrees. */
export function angleBetween(a: Rotation, b: Rotation): number {
  return (2 * Math.acos(Math.min(1, Math.abs(dot(a, b)))) * 180) / Math.PI
}
