import type { Axis, Plane, XYZ } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'

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

/**
 * Share of Fourier space that was measured, counted over the frequencies of a box of `size`: method.md
 * section 2 for a binary edge (cycles per voxel, zero frequency and limits measured; on an even axis the
 * Nyquist bin holds both signs and counts when either is measured). A soft edge, which is centred on the
 * limit, leaves it the same.
 */
export function measuredFraction(wedge: Wedge, size: XYZ): number {
  const n = size[acrossAxis(wedge)]
  const m = size[wedge.beamAxis]
  let kept = 0
  for (let j = 0; j < m; j++)
    for (let i = 0; i < n; i++) {
      const beams = frequencySigns(j, m)
      if (frequencySigns(i, n).some((across) => beams.some((beam) => isMeasured(wedge, across, beam)))) kept++
    }
  return kept / (n * m)
}

function isMeasured(wedge: Wedge, across: number, beam: number): boolean {
  if (across === 0 && beam === 0) return true
  if (wedge.lowPass !== null && Math.hypot(across, beam) > wedge.lowPass * (1 + 1e-9)) return false
  const tilt = tiltOfDirection(across, beam)
  const slack = 1e-7
  const within = (angle: number): boolean => angle >= wedge.tiltMin - slack && angle <= wedge.tiltMax + slack
  return within(tilt) || (tilt === 90 && within(-90))
}

function frequencySigns(index: number, n: number): number[] {
  if (2 * index === n) return [-0.5, 0.5]
  return [(2 * index < n ? index : index - n) / n]
}
