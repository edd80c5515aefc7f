import type { Wedge } from './wedge.ts'
import { columnsRunAcross, tiltOfDirection } from './wedge-plane.ts'

export interface Point {
  x: number
  y: number
}

/** A square picture of a plane of Fourier space: edge in pixels, and where frequency zero lies in it. */
export interface SpectrumFrame {
  edge: number
  middle: Point
}

/** Zero frequency is the middle of sample floor(n / 2) along either axis. Row 0 is at the bottom. */
export function spectrumFrame({ rows, columns }: { rows: number; columns: number }, edge: number): SpectrumFrame {
  const middle = (n: number): number => (Math.floor(n / 2) + 0.5) / n
  return { edge, middle: { x: middle(columns) * edge, y: (1 - middle(rows)) * edge } }
}

/** The pixel of a frequency in cycles per voxel, `right` along the columns and `up` along the rows. */
export function frequencyPoint({ edge, middle }: SpectrumFrame, right: number, up: number): Point {
  return { x: middle.x + right * edge, y: middle.y - up * edge }
}

/** The pixel at a tilt angle and a radius in cycles per voxel, in the plane across the tilt axis. */
export function tiltPoint(frame: SpectrumFrame, wedge: Wedge, degrees: number, radius: number): Point {
  const angle = (degrees * Math.PI) / 180
  const across = Math.cos(angle) * radius
  const beam = Math.sin(angle) * radius
  return columnsRunAcross(wedge) ? frequencyPoint(frame, across, beam) : frequencyPoint(frame, beam, across)
}

/** The tilt angle whose line passes through a pixel, to half a degree. */
export function tiltAtPoint({ middle }: SpectrumFrame, wedge: Wedge, { x, y }: Point): number {
  const right = x - middle.x
  const up = middle.y - y
  const horizontal = columnsRunAcross(wedge)
  return Math.round(tiltOfDirection(horizontal ? right : up, horizontal ? up : right) * 2) / 2
}

/** A sector from the middle, as a path: the directions between two tilt angles, out to a radius in cycles per voxel. */
export function sectorPath(frame: SpectrumFrame, wedge: Wedge, from: number, to: number, radius: number): string {
  const steps = Math.max(1, Math.ceil(Math.abs(to - from) / 15))
  const points = Array.from({ length: steps + 1 }, (_, i) =>
    tiltPoint(frame, wedge, from + ((to - from) * i) / steps, radius)
  )
  return `M${frame.middle.x} ${frame.middle.y}${points.map(({ x, y }) => `L${x.toFixed(2)} ${y.toFixed(2)}`).join('')}Z`
}

/** Both halves of the directions between two tilt angles. */
export function doubleSector(frame: SpectrumFrame, wedge: Wedge, from: number, to: number, radius: number): string {
  return sectorPath(frame, wedge, from, to, radius) + sectorPath(frame, wedge, from, to, -radius)
}

/** Frequencies in 1/nm at which a k axis is labelled, with their place in cycles per voxel; zero in the middle. */
export function frequencyTicks(voxelSizeAngstrom: number | null): { label: string; cycles: number }[] {
  const unit = voxelSizeAngstrom === null ? 1 : voxelSizeAngstrom / 10
  const nyquist = 0.5 / unit
  const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
  const step = steps.find((candidate) => nyquist / candidate <= 3) ?? 20
  const count = Math.floor(nyquist / step + 1e-9)
  return Array.from({ length: 2 * count + 1 }, (_, i) => {
    const value = (i - count) * step
    return { label: String(Number(value.toPrecision(3))).replace('-', '−'), cycles: value * unit }
  })
}
