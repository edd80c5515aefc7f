import { expect, test } from 'vitest'
import { defaultWedge } from '../../shared/wedge.ts'
import { elongationOf, smearIn, smearInWords, transposedSmear } from './smear.ts'
import { frequencyTicks, spectrumFrame, tiltAtPoint, tiltPoint } from '../../shared/spectrum-geometry.ts'

test('the elongation of a point is Radermacher’s', () => {
  expect(elongationOf(60)).toBeCloseTo(1.55, 2)
  expect(elongationOf(45)).toBeCloseTo(2.12, 2)
  expect(elongationOf(70)).toBeCloseTo(1.31, 2)
  expect(elongationOf(90)).toBeCloseTo(1, 10)
  expect(elongationOf(0)).toBeNull()
})

test('features smear along the beam, in the planes that contain it', () => {
  expect(smearIn('xy', defaultWedge)).toBeNull()
  const xz = smearIn('xz', defaultWedge)
  expect(xz).toMatchObject({ kind: 'across', directionDegrees: 90, halfConeDegrees: 30 })
  const yz = smearIn('yz', defaultWedge)
  expect(yz).toMatchObject({ kind: 'along', directionDegrees: 90, halfConeDegrees: 90 })
  expect(yz && transposedSmear(yz).directionDegrees).toBe(0)
  expect(xz && smearInWords(xz, 'z', 'y')).toMatch(/60° wide about the arrow\. .*1\.55 times as long along z/)
  expect(yz && smearInWords(yz, 'z', 'y')).toMatch(/only those along y were recorded/)
})

test('an asymmetric range turns the direction with the middle of what is missing', () => {
  // -40 … 60 leaves 60 … 140 out: the middle lies 10 degrees beyond the beam.
  expect(smearIn('xz', { ...defaultWedge, tiltMin: -40 })).toMatchObject({ directionDegrees: -80, halfConeDegrees: 40 })
  expect(smearIn('xz', { ...defaultWedge, tiltMin: -90, tiltMax: 90 })).toBeNull()
  // Tilt axis x, beam z: the plane across is YZ, whose columns run across.
  expect(smearIn('yz', { ...defaultWedge, tiltAxis: 'x' })).toMatchObject({ kind: 'across', directionDegrees: 90 })
  // Beam x, tilt axis y: the columns of XZ run along the beam.
  expect(smearIn('xz', { ...defaultWedge, beamAxis: 'x' })).toMatchObject({ kind: 'across', directionDegrees: 0 })
})

test('a tilt angle is drawn where a drag to the same place finds it, odd boxes and other axes too', () => {
  for (const [rows, columns] of [
    [36, 94],
    [31, 17]
  ])
    for (const wedge of [defaultWedge, { ...defaultWedge, beamAxis: 'x' } as const]) {
      const frame = spectrumFrame({ rows, columns }, 400)
      expect(frame.middle.x / 400).toBeCloseTo((Math.floor(columns / 2) + 0.5) / columns, 12)
      for (const degrees of [-71.5, -30, 0, 42, 89])
        expect(tiltAtPoint(frame, wedge, tiltPoint(frame, wedge, degrees, 0.3))).toBeCloseTo(degrees, 1)
    }
})

test('k axes are labelled in 1/nm at round numbers up to Nyquist', () => {
  // 1.052 nm a voxel: Nyquist at 0.475 / nm.
  const ticks = frequencyTicks(10.52)
  expect(ticks.map(({ label }) => label)).toEqual(['−0.4', '−0.2', '0', '0.2', '0.4'])
  expect(ticks[4].cycles).toBeCloseTo(0.4 * 1.052, 12)
  expect(frequencyTicks(null).map(({ label }) => label)).toEqual(['−0.4', '−0.2', '0', '0.2', '0.4'])
})
