import { describe, expect, test } from 'vitest'
import { aboutAxis, rotated, standardViews, turned, viewAxes, type Camera } from '../../shared/camera.ts'
import { angleBetween, pathCameras, turnCameras } from './cameraPath.ts'
import { framesOf } from './framePlan.ts'

const camera: Camera = {
  rotation: standardViews.corner,
  target: { x: 10, y: 20, z: 30 },
  height: 64,
  perspective: false
}
const subject = { memberCount: 3, camera, views: {} }
const slicesOf = (from: number, to: number, step: number, back = false): number[] =>
  framesOf({ kind: 'slices', from, to, step, back }, subject).map((frame) =>
    frame.kind === 'slice' ? frame.slice : Number.NaN
  )

describe('frames', () => {
  test('slices have both ends where the step allows, downwards too, and no end twice', () => {
    expect(slicesOf(2, 8, 2)).toEqual([2, 4, 6, 8])
    expect(slicesOf(2, 9, 3)).toEqual([2, 5, 8])
    expect(slicesOf(5, 3, 1)).toEqual([5, 4, 3])
    expect(slicesOf(4, 4, 7, true)).toEqual([4])
    expect(slicesOf(0, 3, 1, true)).toEqual([0, 1, 2, 3, 2, 1])
    expect(slicesOf(0, 1, 1, true)).toEqual([0, 1])
  })

  test('members in order, each as long; fading ends in the next without showing it twice', () => {
    const frames = framesOf({ kind: 'members', hold: 3, fade: 1 }, subject)
    expect(frames).toHaveLength(9)
    expect(frames.slice(0, 4)).toEqual([
      { kind: 'member', member: 0, next: 1, share: 0 },
      { kind: 'member', member: 0, next: 1, share: 0 },
      { kind: 'member', member: 0, next: 1, share: 0.5 },
      { kind: 'member', member: 1, next: 2, share: 0 }
    ])
    expect(frames.at(-1)).toEqual({ kind: 'member', member: 2, next: 0, share: 0.5 })
    const plain = framesOf({ kind: 'members', hold: 2, fade: 0 }, subject)
    expect(plain.every((frame) => frame.kind === 'member' && frame.share === 0)).toBe(true)
    expect(framesOf({ kind: 'members', hold: 2, fade: 0 }, { ...subject, memberCount: 0 })).toEqual([])
  })

  test('temperatures in even ratios with exact ends; there and back without a doubled frame', () => {
    const gammas = (back: boolean, frames: number): number[] =>
      framesOf({ kind: 'temperature', from: 0.1, to: 10, back, frames }, subject).map((frame) =>
        frame.kind === 'temperature' ? frame.gamma : Number.NaN
      )
    const there = gammas(false, 5)
    expect([there[0], there[4]]).toEqual([0.1, 10])
    for (let i = 1; i < 5; i++) expect(there[i] / there[i - 1]).toBeCloseTo(Math.sqrt(10), 10)
    const round = gammas(true, 4)
    expect(round[0]).toBe(0.1)
    expect(round[1]).toBeCloseTo(1, 12)
    expect(round[2]).toBe(10)
    expect(round[3]).toBeCloseTo(1, 12)
    expect(gammas(false, 1)).toEqual([0.1])
  })
})

describe('turns', () => {
  const turn = (edit: object) =>
    turnCameras(camera, { kind: 'turn', axis: 'y', degrees: 360, rock: false, frames: 36, ...edit })

  test('a whole turn has even steps and does not repeat its first frame', () => {
    const cameras = turn({})
    expect(cameras[0].rotation).toEqual(camera.rotation)
    for (let i = 0; i < 36; i++)
      expect(angleBetween(cameras[i].rotation, cameras[(i + 1) % 36].rotation)).toBeCloseTo(10, 6)
  })

  test('half a turn reaches its last angle', () => {
    const cameras = turn({ degrees: 180, frames: 19 })
    expect(angleBetween(cameras[0].rotation, cameras[18].rotation)).toBeCloseTo(180, 4)
    expect(turn({ degrees: 90, frames: 1 })[0].rotation).toEqual(camera.rotation)
  })

  test('the axis stays where it is on screen: the tomogram’s own, or the screen’s', () => {
    const seen = (view: Camera): readonly number[] => rotated(view.rotation, [0, 1, 0])
    const before = seen(camera)
    turn({}).forEach((view) => seen(view).forEach((value, i) => expect(value).toBeCloseTo(before[i], 10)))
    const [, first] = turn({ axis: 'screen-y', degrees: 36, frames: 2 })
    // As a drag to the right by as many degrees does: a ball's half turn is its side long.
    const dragged = turned(camera, 36, 0, 180)
    expect(angleBetween(first.rotation, dragged.rotation)).toBeLessThan(1e-4)
    expect(viewAxes(first).up[1]).toBeCloseTo(viewAxes(camera).up[1], 10)
  })

  test('rocking swings evenly to both sides and ends where it began', () => {
    const cameras = turn({ degrees: 40, rock: true, frames: 8 })
    const angles = cameras.map((view) => angleBetween(view.rotation, camera.rotation))
    expect(angles[0]).toBeCloseTo(0, 5)
    expect(angles[2]).toBeCloseTo(20, 5)
    expect(angles[4]).toBeCloseTo(0, 5)
    expect(angles[6]).toBeCloseTo(20, 5)
    expect(angleBetween(cameras[2].rotation, cameras[6].rotation)).toBeCloseTo(40, 5)
  })
})

describe('paths', () => {
  const views: Camera[] = [
    camera,
    { ...camera, rotation: standardViews.front, target: { x: 0, y: 20, z: 35 }, height: 128 },
    // The same rotation as another quaternion: no detour may come of it.
    { ...camera, rotation: [-0.5, -0.5, -0.5, -0.5], height: 16, perspective: true },
    { ...camera, rotation: aboutAxis([0, 0, 1], 3) }
  ]

  test('every view is met exactly, by the frame that is its share of the way', () => {
    const open = pathCameras(views, 31, false)
    expect([open[0], open[10], open[20], open[30]]).toEqual(views)
    const closed = pathCameras(views, 40, true)
    expect([closed[0], closed[10], closed[20], closed[30]]).toEqual(views)
    expect(pathCameras(views, 4, false)).toEqual(views)
    expect(() => pathCameras(views, 3, false)).toThrow(RangeError)
  })

  test('it is smooth: no step is much larger than those beside it, and a closed path returns', () => {
    const path = pathCameras(views, 400, true)
    const steps = path.map((view, i) => angleBetween(view.rotation, path[(i + 1) % 400].rotation))
    expect(Math.max(...steps)).toBeLessThan(3)
    steps.forEach((step, i) => expect(Math.abs(step - steps[(i + 1) % 400])).toBeLessThan(0.15))
    const last = path[399]
    expect(Math.abs(last.target.x - views[0].target.x)).toBeLessThan(1)
    expect(path.every(({ rotation }) => Math.abs(Math.hypot(...rotation) - 1) < 1e-9)).toBe(true)
  })

  test('between two views it is the shortest way, with heights in even ratios', () => {
    const two: Camera[] = [
      { ...camera, rotation: aboutAxis([0, 1, 0], 0), height: 10 },
      { ...camera, rotation: aboutAxis([0, 1, 0], 1), height: 40 }
    ]
    const path = pathCameras(two, 3, false)
    expect(angleBetween(path[0].rotation, path[1].rotation)).toBeCloseTo(28.6479, 3)
    expect(path[1].height).toBeCloseTo(20, 6)
  })

  test('a kept view that is gone is left out, and fewer than two make no path', () => {
    const named = { a: views[0], b: views[1] }
    const path = (names: string[]) =>
      framesOf({ kind: 'path', views: names, closed: false, frames: 5 }, { ...subject, views: named })
    expect(path(['a', 'gone', 'b'])).toHaveLength(5)
    expect(path(['a', 'gone'])).toEqual([])
  })
})
