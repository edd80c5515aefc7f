import type { Axis, ZYX } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { frequencySigns } from '../fourier/frequency.ts'
import type { AxisIndex } from '../fourier/field.ts'

const axisIndices: Readonly<Record<Axis, AxisIndex>> = { z: 0, y: 1, x: 2 }

/** The volume axis' place in (z, y, x). */
export function axisIndex(axis: Axis): AxisIndex {
  return axisIndices[axis]
}

/** The three axes as the wedge sees them: tilt axis, beam, and the third, which the specimen tilts within. */
export interface WedgeAxes {
  readonly tilt: AxisIndex
  readonly beam: AxisIndex
  readonly across: AxisIndex
}

export function wedgeAxes(wedge: Pick<Wedge, 'tiltAxis' | 'beamAxis'>): WedgeAxes {
  const tilt = axisIndex(wedge.tiltAxis)
  const beam = axisIndex(wedge.beamAxis)
  return { tilt, beam, across: (3 - tilt - beam) as AxisIndex }
}

/** A function of the two frequencies perpendicular to the tilt axis, FFT order, C order over (first, second). */
export interface SpectralPlane {
  /** The plane's volume axes in ascending (z, y, x) order. */
  readonly axes: readonly [AxisIndex, AxisIndex]
  readonly size: readonly [number, number]
  readonly values: Float64Array
}

/** Frequencies this close to a limit, relative to their radius, lie on it: 1e-9 of the radius is 6e-8 degrees. */
const onTheLimit = 1e-9

/**
 * How much of the frequency (beam, across) the tilt series recorded: 1, 0, or between them on a soft edge.
 *
 * The measured region is the double wedge between the two limiting planes, so it is a union of two convex wedges, and
 * the distance to its edge is a minimum of two plane distances; no angle, and so no branch cut, is needed. Distances are in
 * Fourier pixels, which differ by axis where the box is not cubic: a pixel's size along a direction is that of the index grid.
 */
function measured(wedge: Wedge, beam: number, across: number, beamPixels: number, acrossPixels: number): number {
  const radius = Math.hypot(beam, across)
  if (radius === 0) return 1
  const limit = (degrees: number): { distance: number; pixel: number } => {
    const angle = (degrees * Math.PI) / 180
    return {
      distance: across * Math.sin(angle) - beam * Math.cos(angle),
      pixel: Math.hypot(Math.sin(angle) / acrossPixels, Math.cos(angle) / beamPixels)
    }
  }
  const upper = limit(wedge.tiltMax)
  const lower = limit(wedge.tiltMin)
  const beyond = wedge.lowPass === null ? null : wedge.lowPass - radius

  if (wedge.edgeSoftness === 0) {
    const slack = -onTheLimit * radius
    const inside = Math.max(Math.min(upper.distance, -lower.distance), Math.min(-upper.distance, lower.distance))
    return inside >= slack && (beyond === null || beyond >= slack) ? 1 : 0
  }
  const up = upper.distance / upper.pixel
  const low = lower.distance / lower.pixel
  let pixels = Math.max(Math.min(up, -low), Math.min(-up, low))
  if (beyond !== null)
    pixels = Math.min(pixels, beyond / Math.hypot(beam / radius / beamPixels, across / radius / acrossPixels))
  const along = Math.min(1, Math.max(0, 0.5 + pixels / wedge.edgeSoftness))
  return 0.5 - 0.5 * Math.cos(Math.PI * along)
}

/**
 * The measured region M over the two frequencies perpendicular to the tilt axis (method.md section 2).
 *
 * - A frequency is measured when the angle of (k across, k beam), in cycles per voxel, lies in [tiltMin, tiltMax], limits
 *   included; k = 0 is measured.
 * - `lowPass` is a radius in this plane, so that M still depends on two frequencies only.
 * - `edgeSoftness` is the full width, in Fourier pixels, of a raised cosine centred on the edge, so that the measured
 *   fraction does not depend on it.
 * - On the Nyquist line of an even axis +1/2 and -1/2 share a bin; it counts as measured when either of them is. That keeps
 *   M(k) = M(-k), and so real volumes real, for asymmetric ranges too.
 */
export function wedgePlane(wedge: Wedge, size: ZYX): SpectralPlane {
  const { beam, across } = wedgeAxes(wedge)
  const axes: readonly [AxisIndex, AxisIndex] = beam < across ? [beam, across] : [across, beam]
  const beamSize = size[beam]
  const acrossSize = size[across]
  const values = new Float64Array(beamSize * acrossSize)
  for (let i = 0, at = 0; i < size[axes[0]]; i++) {
    for (let j = 0; j < size[axes[1]]; j++, at++) {
      const [kb, ka] = axes[0] === beam ? [i, j] : [j, i]
      let most = 0
      for (const b of frequencySigns(kb, beamSize))
        for (const a of frequencySigns(ka, acrossSize))
          most = Math.max(most, measured(wedge, b, a, beamSize, acrossSize))
      values[at] = most
    }
  }
  return { axes, size: [size[axes[0]], size[axes[1]]], values }
}

/** A plane's values at every frequency of the box: (D, H, W), FFT order. */
export function broadcastPlane(plane: SpectralPlane, size: ZYX): Float32Array {
  const out = new Float32Array(size[0] * size[1] * size[2])
  const [first, second] = plane.axes
  const columns = plane.size[1]
  const k = [0, 0, 0]
  let at = 0
  for (k[0] = 0; k[0] < size[0]; k[0]++)
    for (k[1] = 0; k[1] < size[1]; k[1]++)
      for (k[2] = 0; k[2] < size[2]; k[2]++) out[at++] = plane.values[k[first] * columns + k[second]]
  return out
}

/** M at every frequency of a box, (D, H, W) in FFT order: 1 where a tilt was recorded. See `wedgePlane` for the rules. */
export function wedgeMask(wedge: Wedge, size: ZYX): Float32Array {
  return broadcastPlane(wedgePlane(wedge, size), size)
}
