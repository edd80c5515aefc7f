import { normalDensity, normalDistribution } from './normal.ts'

/** Mean square of a - b. */
export function meanSquaredError(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return sum / a.length
}

/** Pearson's correlation over all voxels; null where either is constant. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const n = a.length
  let meanA = 0
  let meanB = 0
  for (let i = 0; i < n; i++) {
    meanA += a[i]
    meanB += b[i]
  }
  meanA /= n
  meanB /= n
  let [aa, ab, bb] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const da = a[i] - meanA
    const db = b[i] - meanB
    aa += da * da
    ab += da * db
    bb += db * db
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** Slope of the least-squares line of `y` over `x`; null where x is constant. Near 1 where both are in the same units. */
export function slope(x: Float32Array, y: Float32Array): number | null {
  const [mx, my] = [meanOf(x), meanOf(y)]
  let [xx, xy] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - mx) ** 2
    xy += (x[i] - mx) * (y[i] - my)
  }
  return xx > 0 ? xy / xx : null
}

/** Correlation of |truth - mean| with the standard deviation; null where either is constant. */
export function errorSdCorrelation(truth: Float32Array, mean: Float32Array, variance: Float32Array): number | null {
  return correlation(
    truth.map((value, i) => Math.abs(value - mean[i])),
    variance.map((value) => Math.sqrt(Math.max(0, value)))
  )
}

/**
 * Mean of (truth - mean)^2 / s^2 over its expectation for an exact sampler, so that an honest family has 1, one too narrow by a
 * factor f has f^2. With s^2 unbiased and L independent draws the expectation is (1 + 1/L) (L - 1) / (L - 3). Voxels without spread are left
 * out and counted; null for three draws or fewer, where the expectation does not exist, or where nothing spreads.
 */
export function chiSquare(
  truth: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  draws: number
): { value: number | null; withoutSpread: number } {
  let sum = 0
  let withoutSpread = 0
  for (let i = 0; i < truth.length; i++) {
    if (variance[i] > 0) sum += (truth[i] - mean[i]) ** 2 / variance[i]
    else withoutSpread++
  }
  const spread = truth.length - withoutSpread
  if (!(draws > 3) || spread === 0) return { value: null, withoutSpread }
  // The maps' variance is the population's: s^2 = variance L / (L - 1).
  const unbiased = draws === Infinity ? 1 : (draws - 1) / draws
  const expectation = draws === Infinity ? 1 : ((1 + 1 / draws) * (draws - 1)) / (draws - 3)
  return { value: ((sum / spread) * unbiased) / expectation, withoutSpread }
}

/**
 * Continuous ranked probability score of N(mean, variance), its mean over voxels (Gneiting and Raftery, JASA 102 (2007)):
 * sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), z = (truth - mean) / sd; |truth - mean| where sd = 0.
 */
export function gaussianCrps(truth: Float32Array, mean: Float32Array, variance: Float32Array): number {
  let sum = 0
  for (let i = 0; i < truth.length; i++) {
    const sd = Math.sqrt(Math.max(0, variance[i]))
    const error = truth[i] - mean[i]
    const z = error / sd
    sum +=
      sd > 0
        ? sd * (z * (2 * normalDistribution(z) - 1) + 2 * normalDensity(z) - 1 / Math.sqrt(Math.PI))
        : Math.abs(error)
  }
  return sum / truth.length
}

/**
 * The fair score of L >= 2 members, unbiased for every L (Ferro, Q. J. R. Meteorol. Soc. 140 (2014)):
 * mean |x_i - truth| - sum over pairs |x_i - x_j| / (L (L - 1)). Returns the sum over the voxels given.
 */
export function fairCrpsSum(truth: Float32Array, members: readonly Float32Array[]): number {
  const count = members.length
  const values = new Float64Array(count)
  let total = 0
  for (let i = 0; i < truth.length; i++) {
    let distance = 0
    for (let m = 0; m < count; m++) {
      values[m] = members[m][i]
      distance += Math.abs(values[m] - truth[i])
    }
    values.sort()
    // Sum over pairs of |x_i - x_j|: the m-th smallest counts m times with plus and count - 1 - m times with minus.
    let pairs = 0
    for (let m = 0; m < count; m++) pairs += (2 * m + 1 - count) * values[m]
    total += distance / count - pairs / (count * (count - 1))
  }
  return total
}
