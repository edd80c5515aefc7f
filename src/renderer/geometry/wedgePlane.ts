import type { XYZ } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { acrossAxis, tiltOfDirection } from '../../shared/wedge-plane.ts'

export { acrossAxis, columnsRunAcross, planeAcross, tiltOfDirection } from '../../shared/wedge-plane.ts'

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
