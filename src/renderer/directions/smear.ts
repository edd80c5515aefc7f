import { planeAxes, type Axis, type Plane } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { acrossAxis } from '../geometry/wedgePlane.ts'

/** What the missing wedge does to features seen in a plane that contains the beam. */
export interface Smear {
  /**
   * across: perpendicular to the tilt axis, the wedge is seen edge on. along: contains the tilt axis; of the plane's own frequencies only those
   * along the tilt axis were recorded.
   */
  kind: 'across' | 'along'
  /** Angle of the direction in which features smear, from the plane's columns towards its rows, degrees in (-90, 90]. */
  directionDegrees: number
  /** Half of the angle that the unmeasured double cone opens to, about that direction. */
  halfConeDegrees: number
  /** How much longer a small feature appears in that direction than across it; null where the formula has no meaning. */
  elongation: number | null
}

/**
 * Elongation of a point by a symmetric single-axis series of half range alpha (Radermacher 1988):
 * sqrt((alpha + sin alpha cos alpha) / (alpha - sin alpha cos alpha)); 1.55 at 60 degrees, 1 at 90.
 */
export function elongationOf(halfRangeDegrees: number): number | null {
  if (!(halfRangeDegrees > 0) || halfRangeDegrees > 90) return null
  const alpha = (halfRangeDegrees * Math.PI) / 180
  const product = Math.sin(alpha) * Math.cos(alpha)
  return Math.sqrt((alpha + product) / (alpha - product))
}

/** Null for a plane that does not contain the beam, and for a range that leaves nothing out. */
export function smearIn(plane: Plane, wedge: Wedge): Smear | null {
  const { column, row } = planeAxes[plane]
  const { beamAxis, tiltAxis, tiltMin, tiltMax } = wedge
  const range = tiltMax - tiltMin
  if ((column !== beamAxis && row !== beamAxis) || range >= 180) return null
  const elongation = elongationOf(range / 2)
  if (column !== tiltAxis && row !== tiltAxis) {
    // The middle of the unmeasured angles; for a range about 0 that is the beam.
    const middle = (tiltMin + tiltMax) / 2 + 90
    const columnIsAcross = column === acrossAxis(wedge)
    return {
      kind: 'across',
      directionDegrees: halfTurn(columnIsAcross ? middle : 90 - middle),
      halfConeDegrees: (180 - range) / 2,
      elongation
    }
  }
  return { kind: 'along', directionDegrees: column === beamAxis ? 0 : 90, halfConeDegrees: 90, elongation }
}

/** The same for a pane that draws the plane's rows to the right. */
export function transposedSmear(smear: Smear): Smear {
  return { ...smear, directionDegrees: halfTurn(90 - smear.directionDegrees) }
}

/** A direction without a sign, in (-90, 90]. */
function halfTurn(degrees: number): number {
  const turned = ((degrees % 180) + 180) % 180
  return turned > 90 ? turned - 180 : turned
}

/** What the glyph says in words. */
export function smearInWords(smear: Smear, beam: Axis, tilt: Axis): string {
  const longer = smear.elongation === null ? 'longer' : `about ${smear.elongation.toFixed(2)} times as long`
  const tail = `Small features look ${longer} along ${beam} (the beam) as across it, and surfaces perpendicular to ${beam} fade.`
  return smear.kind === 'across'
    ? `Shaded: directions in Fourier space that no tilt recorded, ${(2 * smear.halfConeDegrees).toFixed(0)}° wide about the arrow. ${tail}`
    : `Shaded: this plane contains the beam and the tilt axis ${tilt}; of its own frequencies only those along ${tilt} were recorded. ${tail}`
}
