import type { Camera } from '../../shared/camera.ts'
import type { MotionOf, MovieMotion } from '../../shared/movie.ts'
import { pathCameras, turnCameras } from './cameraPath.ts'

/** What one frame of a movie shows that others do not. */
export type Frame =
  | { kind: 'slice'; slice: number }
  /** `share` of the next member is mixed in. */
  | { kind: 'member'; member: number; next: number; share: number }
  | { kind: 'camera'; camera: Camera }
  | { kind: 'temperature'; gamma: number }

/** What a motion needs to know of the pane. */
export interface MotionSubject {
  memberCount: number
  /** The pane's camera; null where it shows no 3-D. */
  camera: Camera | null
  views: Readonly<Record<string, Camera>>
}

/** Every frame of a motion, in order; empty where the subject has nothing that could move so. */
export function framesOf(motion: MovieMotion, subject: MotionSubject): Frame[] {
  switch (motion.kind) {
    case 'slices':
      return slices(motion).map((slice) => ({ kind: 'slice', slice }))
    case 'members':
      return members(motion, subject.memberCount)
    case 'turn':
      return subject.camera ? turnCameras(subject.camera, motion).map((camera) => ({ kind: 'camera', camera })) : []
    case 'path': {
      const views = motion.views.map((name) => subject.views[name]).filter((view) => view !== undefined)
      if (views.length < 2) return []
      const frames = Math.max(motion.frames, views.length)
      return pathCameras(views, frames, motion.closed).map((camera) => ({ kind: 'camera', camera }))
    }
    case 'temperature':
      return temperatures(motion).map((gamma) => ({ kind: 'temperature', gamma }))
  }
}

function slices({ from, to, step, back }: MotionOf<'slices'>): number[] {
  const count = Math.floor(Math.abs(to - from) / step) + 1
  const direction = Math.sign(to - from)
  const there = Array.from({ length: count }, (_, i) => from + direction * i * step)
  return back ? thereAndBack(there) : there
}

/** Neither end twice, so that a repeated movie does not stop there. */
function thereAndBack<Item>(there: readonly Item[]): Item[] {
  return [...there, ...there.slice(1, -1).reverse()]
}

function members({ hold, fade }: MotionOf<'members'>, count: number): Frame[] {
  return Array.from({ length: count * hold }, (_, i) => {
    const member = Math.floor(i / hold)
    const faded = (i % hold) - (hold - fade) + 1
    return { kind: 'member', member, next: (member + 1) % count, share: Math.max(0, faded) / (fade + 1) }
  })
}

/** In even ratios; there and back, frames are spread over both ways. */
function temperatures({ from, to, back, frames }: MotionOf<'temperature'>): number[] {
  const at = (share: number): number => (share === 0 ? from : share === 1 ? to : from * (to / from) ** share)
  return Array.from({ length: frames }, (_, i) =>
    back ? at(1 - Math.abs(1 - (2 * i) / frames)) : at(i / Math.max(1, frames - 1))
  )
}
