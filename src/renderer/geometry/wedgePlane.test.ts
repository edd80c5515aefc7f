import { expect, test } from 'vitest'
import { defaultWedge, type Wedge } from '../../shared/wedge.ts'
import { acrossAxis, columnsRunAcross, measuredFraction, planeAcross, tiltOfDirection } from './wedgePlane.ts'

const wedge = (tiltMin: number, tiltMax: number, edit: Partial<Wedge> = {}): Wedge => ({
  ...defaultWedge,
  tiltMin,
  tiltMax,
  ...edit
})

/** Area of the double wedge in the square [-1/2, 1/2]^2: 4 triangles under 45 degrees, the rest by symmetry. */
function area(degrees: number): number {
  const t = Math.tan((Math.min(degrees, 90 - degrees) * Math.PI) / 180)
  return degrees <= 45 ? t / 2 : 1 - t / 2
}

test('the measured fraction of a large plane tends to the area of the double wedge', () => {
  for (const degrees of [15, 30, 45, 60, 72.5]) {
    const found = measuredFraction(wedge(-degrees, degrees), { x: 801, y: 3, z: 701 })
    expect(found).toBeCloseTo(area(degrees), 2)
  }
  expect(measuredFraction(wedge(-48, 60), { x: 801, y: 3, z: 801 })).toBeCloseTo((area(48) + area(60)) / 2, 2)
})

test('a small box, counted by hand: 4 x 4 and limits of 45 degrees', () => {
  // k in {0, 1/4, -1/2 = 1/2, -1/4}: measured where |kz| <= |kx|: kx = 0 holds one, ±1/4 three each, 1/2 all four.
  expect(measuredFraction(wedge(-45, 45), { x: 4, y: 9, z: 4 })).toBe(11 / 16)
})

test('the Nyquist bin counts when either of its signs was measured', () => {
  const even = measuredFraction(wedge(0, 60), { x: 4, y: 1, z: 1 })
  expect(even).toBe(1)
  // x = 2, z = 2: k = (0,0), (1/2,0), (0,1/2), (1/2,1/2); the last holds +45 and -45 degrees.
  expect(measuredFraction(wedge(-60, -30), { x: 2, y: 1, z: 2 })).toBe(2 / 4)
})

test('axes: the plane across the tilt axis, and which way its columns run', () => {
  expect(planeAcross('y')).toBe('xz')
  expect(acrossAxis({ tiltAxis: 'y', beamAxis: 'z' })).toBe('x')
  expect(columnsRunAcross({ tiltAxis: 'y', beamAxis: 'z' })).toBe(true)
  expect(columnsRunAcross({ tiltAxis: 'y', beamAxis: 'x' })).toBe(false)
  expect(columnsRunAcross({ tiltAxis: 'x', beamAxis: 'z' })).toBe(true)
})

test('a direction and its opposite have the same tilt', () => {
  expect(tiltOfDirection(1, 0)).toBe(0)
  expect(tiltOfDirection(0, 1)).toBe(90)
  expect(tiltOfDirection(0, -1)).toBe(90)
  for (const angle of [-89, -30, 0.5, 60]) {
    const radians = (angle * Math.PI) / 180
    expect(tiltOfDirection(Math.cos(radians), Math.sin(radians))).toBeCloseTo(angle, 9)
    expect(tiltOfDirection(-Math.cos(radians), -Math.sin(radians))).toBeCloseTo(angle, 9)
  }
})
