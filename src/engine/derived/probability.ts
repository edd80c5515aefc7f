import { normalDistribution } from '../simulate/evaluation/normal.ts'
import type { Combine } from './voxelwise.ts'

/**
 * P(x > t) where a voxel's posterior is N(mean, SD^2): Phi((mean - t) / SD), from [mean, SD]. Exact for a Gaussian posterior, otherwise an
 * approximation that any t can be asked of. Without spread a voxel is above or not.
 */
export function gaussianProbability(threshold: number): Combine {
  return ([mean, std]) =>
    mean.map((centre, i) => {
      const above = centre - threshold
      if (std[i] > 0) return normalDistribution(above / std[i])
      return Number.isNaN(above) || Number.isNaN(std[i]) ? Number.NaN : above > 0 ? 1 : 0
    })
}

/** P(x > t) as the share of members above t. Its steps are 1 / K, and its standard error sqrt(p (1 - p) / K), at most 0.5 / sqrt(K). */
export function countedProbability(threshold: number): Combine {
  return (members) =>
    members[0].map((_, i) => {
      let above = 0
      for (const member of members) {
        if (Number.isNaN(member[i])) return Number.NaN
        if (member[i] > threshold) above++
      }
      return above / members.length
    })
}
