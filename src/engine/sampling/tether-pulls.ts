import type { Box } from './box.ts'

/** Precisions beta p_i of kappa over the voxels, the least and the greatest. */
export interface TetherPulls {
  weakest: number
  strongest: number
}

/**
 * Where kappa has a precision for each voxel no multiplier in Fourier space holds the tether's curvature. One with the strongest pull is stable for
 * all of them, and slow where the pull is weak.
 */
export function tetherPulls({ conditioning: { precision } }: Box, beta: number): TetherPulls {
  if (!precision) return { weakest: beta, strongest: beta }
  let [least, greatest] = [Infinity, 0]
  for (const p of precision) {
    least = Math.min(least, p)
    greatest = Math.max(greatest, p)
  }
  return { weakest: beta * least, strongest: beta * greatest }
}

/** The pull of a typical weakly held voxel: the harmonic mean of beta p_i, as spreads go with 1 / p. */
export function typicalPull({ conditioning: { precision } }: Box, beta: number): number {
  if (!precision) return beta
  return beta * (precision.length / precision.reduce((sum, p) => sum + 1 / p, 0))
}
