import type { VoxelFamily } from '../../shared/directions.ts'
import { formatPercent, formatValue } from '../numbers/format.ts'

/** Half-width of a Gaussian's central 90 % in SDs. */
const ninetyPercent = 1.6448536269514722

export interface Interval {
  low: number
  high: number
}

/** The central 90 % of a Gaussian of the posterior's mean and SD; null where either is missing. */
export function interval90({ mean, sd }: Pick<VoxelFamily, 'mean' | 'sd'>): Interval | null {
  if (mean === null || sd === null) return null
  return { low: mean - ninetyPercent * sd, high: mean + ninetyPercent * sd }
}

/** The range of the plot: everything that is marked, and a little air. */
export function plotRange(family: VoxelFamily): Interval | null {
  const interval = interval90(family)
  const values = [...family.members, family.map, family.raw, interval?.low ?? null, interval?.high ?? null, family.mean]
  const known = values.filter((value): value is number => value !== null)
  if (known.length === 0) return null
  const low = Math.min(...known)
  const high = Math.max(...known)
  const air = (high - low) * 0.06 || Math.abs(high) * 0.01 || 1
  return { low: low - air, high: high + air }
}

/** Dots of members in columns as wide as a dot, the n-th of a column above the others. */
export function stackedDots(
  values: readonly number[],
  x: (value: number) => number,
  size: number
): { x: number; level: number }[] {
  const levels = new Map<number, number>()
  return values.map((value) => {
    const column = Math.round(x(value) / size)
    const level = levels.get(column) ?? 0
    levels.set(column, level + 1)
    return { x: x(value), level }
  })
}

/** Why the members differ at a voxel, in words. */
export function distributionInWords({ members, sd, wedgeShare }: VoxelFamily, isRunning = false): string {
  if (sd === null) return 'This voxel lies outside of the run’s region.'
  const spread = `${members.length > 0 || !isRunning ? 'Members' : 'Draws'} spread by ± ${formatValue(sd)} grey values here (one SD)`
  const count = members.length > 0 || isRunning ? '' : ' No members were kept: mean and SD are of all draws.'
  if (wedgeShare === null) return `${spread}.${count}`
  const share = `${formatPercent(wedgeShare)} of the variance lies in the missing wedge`
  const cause =
    wedgeShare > 0.6
      ? ': mostly what no tilt recorded'
      : wedgeShare < 0.4
        ? ': most of it is noise in what was recorded'
        : ', the rest is noise in what was recorded'
  return `${spread}; ${share}${cause}.${count}`
}
