import { createMoments, mergeMoments, pushDraw, varianceOf } from './moments.ts'
import type { Moments } from './moments.ts'

/** The maps of a family in the volume's order (z, y, x), as method.md section 7 names them. */
export interface FamilyMaps {
  mean: Float32Array
  variance: Float32Array
  /** Variance of (I - T_M) x over the family. */
  wedgeVariance: Float32Array
  /** Variance of T_M x over the family. */
  measuredVariance: Float32Array
  /** P(x > t); null without a threshold. */
  probability: Float32Array | null
  /** Whether chains agree, voxel by voxel (r-hat-map.ts); null where there are not several, or while they run. */
  rHat: Float32Array | null
  members: Float32Array[]
  /** Draws behind the maps. */
  draws: number
}

/** What a running family needs to be kept, as plain data. */
export interface FamilyAccumulator {
  volume: Moments
  /** Moments of T_M x and of (I - T_M) x. */
  measured: Moments
  wedge: Moments
  threshold: number | null
  /** Weighted share of draws above the threshold so far; null without one. */
  above: Float64Array | null
  members: Float32Array[]
}

export function createFamily(voxels: number, threshold: number | null): FamilyAccumulator {
  return {
    volume: createMoments(voxels),
    measured: createMoments(voxels),
    wedge: createMoments(voxels),
    threshold,
    above: threshold === null ? null : new Float64Array(voxels),
    members: []
  }
}

/**
 * Takes one draw x and its measured part T_M x in. Its part inside the wedge is their difference.
 *
 * T_M is an orthogonal projection for a binary mask, so the volume averages of the two variances add
 * up to the total's (Parseval); per voxel they need not.
 */
export function pushMember(
  family: FamilyAccumulator,
  volume: Float32Array,
  measured: Float32Array,
  logWeight = 0,
  difference: Float32Array = new Float32Array(volume.length)
): void {
  for (let i = 0; i < volume.length; i++) difference[i] = volume[i] - measured[i]
  pushDraw(family.volume, volume, logWeight)
  pushDraw(family.measured, measured, logWeight)
  pushDraw(family.wedge, difference, logWeight)
  const { above, threshold } = family
  if (above && threshold !== null && logWeight > -Infinity) {
    const share = Math.exp(logWeight - family.volume.logScale) / family.volume.weight
    for (let i = 0; i < above.length; i++) above[i] += share * ((volume[i] > threshold ? 1 : 0) - above[i])
  }
}

/** The maps as they stand. Members are shared, not copied. */
export function familyMaps(family: FamilyAccumulator): FamilyMaps {
  return {
    mean: Float32Array.from(family.volume.mean),
    variance: varianceOf(family.volume),
    wedgeVariance: varianceOf(family.wedge),
    measuredVariance: varianceOf(family.measured),
    probability: family.above ? Float32Array.from(family.above) : null,
    rHat: null,
    members: [...family.members],
    draws: family.volume.count
  }
}

/** Two families as one, for chains that were counted apart. */
export function mergeFamilies(a: FamilyAccumulator, b: FamilyAccumulator): FamilyAccumulator {
  const volume = mergeMoments(a.volume, b.volume)
  const share =
    volume.weight > 0 ? (b.volume.weight * Math.exp(b.volume.logScale - volume.logScale)) / volume.weight : 0
  const { above } = a
  const other = b.above
  return {
    volume,
    measured: mergeMoments(a.measured, b.measured),
    wedge: mergeMoments(a.wedge, b.wedge),
    threshold: a.threshold,
    above: above && other ? above.map((value, i) => value + share * (other[i] - value)) : null,
    members: [...a.members, ...b.members]
  }
}
