import { studentHalfWidth } from './student.ts'

/** Central intervals that are looked at, in per cent: the keys of cli.md's `coverage`. */
export const levels = ['50', '80', '90', '95'] as const
export type Level = (typeof levels)[number]
export type ByLevel<T> = Record<Level, T>
/** Where an interval comes from: order statistics of the members, or mean and SD maps as a Student t. */
export type IntervalSource = 'members' | 'gaussian'

export function byLevel<T>(value: (level: Level) => T): ByLevel<T> {
  return { '50': value('50'), '80': value('80'), '90': value('90'), '95': value('95') }
}

export function probabilityOf(level: Level): number {
  return Number(level) / 100
}

/**
 * Members give a level's interval only where they are enough for both of its ends to lie between two of them: (L + 1) (1 - level) / 2 >= 1,
 * that is 3, 9, 19 and 39 members. With fewer, a family that is too narrow could not show it.
 */
export function intervalSource(level: Level, members: number): IntervalSource {
  return ((members + 1) * (1 - probabilityOf(level))) / 2 >= 1 - 1e-9 ? 'members' : 'gaussian'
}

/** How many voxels' truth has 0, 1, … L members below it. Uniform over the L + 1 ranks where the family is honest. */
export type RankCounts = Float64Array

/** Counts, member by member, how many are below the truth at each voxel. Half a rank for a tie. */
export class Ranks {
  readonly #truth: Float32Array
  readonly #twice: Uint16Array
  #members = 0

  constructor(truth: Float32Array) {
    this.#truth = truth
    this.#twice = new Uint16Array(truth.length)
  }

  add(member: Float32Array): void {
    this.#members++
    for (let i = 0; i < member.length; i++) {
      const truth = this.#truth[i]
      if (member[i] < truth) this.#twice[i] += 2
      else if (member[i] === truth) this.#twice[i] += 1
    }
  }

  counts(): RankCounts {
    const counts = new Float64Array(this.#members + 1)
    for (const twice of this.#twice) {
      const rank = twice >> 1
      if (twice % 2 === 0) counts[rank]++
      else {
        counts[rank] += 0.5
        counts[rank + 1] += 0.5
      }
    }
    return counts
  }
}

/**
 * The share of voxels whose truth lies in the central interval of L members, its ends being order statistics at rank (L + 1) alpha / 2 from
 * either side. Of L exchangeable draws and the truth every rank is as likely, so P(truth below the k-th smallest) = k / (L + 1) exactly;
 * between two whole ranks the interval's end is either of them in proportion, which keeps the expected coverage exactly `level` for every L.
 */
export function rankCoverage(counts: RankCounts, level: number): number {
  const members = counts.length - 1
  const end = ((members + 1) * (1 - level)) / 2
  let total = 0
  let outside = 0
  for (let rank = 0; rank <= members; rank++) {
    total += counts[rank]
    // Below the k-th smallest means at most k - 1 members below: ranks 0 … end - 1, the last one in part.
    outside += counts[rank] * (Math.min(1, Math.max(0, end - rank)) + Math.min(1, Math.max(0, end - (members - rank))))
  }
  return 1 - outside / total
}

/**
 * The same from a mean and a population variance of `draws` independent Gaussian draws: the truth is inside where |truth - mean| <=
 * t(draws - 1) s sqrt(1 + 1 / draws), s^2 = variance draws / (draws - 1). Exact for a Gaussian family; Infinity draws: the maps are the
 * posterior's own mean and variance.
 */
export function gaussianCoverage(
  truth: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  draws: number,
  level: number
): number {
  const widening = draws === Infinity ? 1 : (1 + 1 / draws) * (draws / (draws - 1))
  const width = studentHalfWidth(level, draws - 1) ** 2 * widening
  let inside = 0
  for (let i = 0; i < truth.length; i++) if ((truth[i] - mean[i]) ** 2 <= width * variance[i]) inside++
  return inside / truth.length
}
