import { expect, test } from 'vitest'
import { even, movieSpecSchema, type MovieSpec } from './movie.ts'

const spec: MovieSpec = {
  formatVersion: 1,
  motion: { kind: 'slices', from: 0, to: 9, step: 1, back: false },
  framesPerSecond: 25,
  width: 640,
  height: 480,
  format: 'mp4',
  quality: 'good',
  framing: 'pane',
  scaleBar: true,
  colourBar: true,
  axes: true,
  wedge: true,
  crosshair: false,
  caption: '',
  counter: true,
  background: 'pane'
}
const accepts = (edit: object): boolean => movieSpecSchema.safeParse({ ...spec, ...edit }).success

test('a movie goes through JSON unchanged', () => {
  expect(movieSpecSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
  for (const motion of [
    { kind: 'members', hold: 6, fade: 2 },
    { kind: 'turn', axis: 'screen-y', degrees: -360, rock: false, frames: 120 },
    { kind: 'path', views: ['a', 'b'], closed: true, frames: 50 },
    { kind: 'temperature', from: 0.1, to: 10, back: true, frames: 20 }
  ])
    expect(movieSpecSchema.parse({ ...spec, motion }).motion).toEqual(motion)
})

test('a movie kept by an earlier program has the wedge and no crosshair', () => {
  const earlier: Partial<MovieSpec> = { ...spec }
  delete earlier.wedge
  delete earlier.crosshair
  expect(movieSpecSchema.parse(earlier)).toEqual(spec)
})

test('what can’t be made is refused', () => {
  expect(accepts({ width: 641 })).toBe(false)
  expect(accepts({ width: 641, format: 'gif' })).toBe(true)
  expect(accepts({ width: 8 })).toBe(false)
  expect(accepts({ height: Number.NaN })).toBe(false)
  expect(accepts({ framesPerSecond: 0 })).toBe(false)
  expect(accepts({ formatVersion: 2 })).toBe(false)
  expect(accepts({ motion: { kind: 'members', hold: 2, fade: 2 } })).toBe(false)
  expect(accepts({ motion: { kind: 'path', views: ['alone'], closed: false, frames: 9 } })).toBe(false)
  expect(accepts({ motion: { kind: 'temperature', from: 0, to: 1, back: false, frames: 9 } })).toBe(false)
  expect(accepts({ motion: { kind: 'slices', from: -1, to: 1, step: 1, back: false } })).toBe(false)
})

test('sizes of videos are even', () => {
  expect([1, 2, 63, 64, 64.9, 853.3].map(even)).toEqual([2, 2, 64, 64, 64, 854])
})
