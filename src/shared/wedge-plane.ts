import type { Axis, Plane } from './axes.ts'
import { planeAxes } from './axes.ts'
import type { Wedge } from './wedge.ts'

/** The plane perpendicular to the tilt axis, in which the missing wedge is seen edge on. */
export function planeAcross(tiltAxis: Axis): Plane {
  return tiltAxis === 'y' ? 'xz' : tiltAxis === 'x' ? 'yz' : 'xy'
}

/** The axis that is neither the tilt axis nor the beam; the line along it is recorded at tilt 0. */
export function acrossAxis(wedge: Pick<Wedge, 'tiltAxis' | 'beamAxis'>): Axis {
  return (['x', 'y', 'z'] as const).find((axis) => axis !== wedge.tiltAxis && axis !== wedge.beamAxis) ?? 'x'
}

/**
 * Tilt angle of a direction in the spectrum, in degrees in (-90, 90]: the angle from the
 * across axis towards the beam axis (method.md section 2), which is the same for k and -k.
 */
export function tiltOfDirection(across: number, beam: number): number {
  const degrees = (Math.atan2(beam, across) * 180) / Math.PI
  return degrees > 90 ? degrees - 180 : degrees <= -90 ? degrees + 180 : degrees
}

/** Whether the spectrum plane's columns are frequencies across (else along the beam). */
export function columnsRunAcross(wedge: Pick<Wedge, 'tiltAxis' | 'beamAxis'>): boolean {
  return planeAxes[planeAcross(wedge.tiltAxis)].column === acrossAxis(wedge)
}
