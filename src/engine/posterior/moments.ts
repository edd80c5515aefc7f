/**
 * Streaming weighted mean and variance of many values at once: West's weighted form of Welford's
 * update, float64 accumulators, one pass. Weights are given as logarithms and kept relative to the
 * largest seen, so that weights of exp(-10^6) neither underflow to nothing nor overflow.
 *
 * Plain data: it can be written to disk and go on from there.
 */
export interface Moments {
  /** Number of draws pushed, whatever their weight. */
  count: number
  /** Largest log weight so far; -Infinity before the first draw. */
  logScale: number
  /** Sum of weights, and of squared weights, relative to exp(logScale). */
  weight: number
  squaredWeight: number
  mean: Float64Array
  /** Weighted sum of squared deviations from the mean, relative to exp(logScale). */
  squares: Float64Array
}

export function createMoments(length: number): Moments {
  return {
    count: 0,
    logScale: -Infinity,
    weight: 0,
    squaredWeight: 0,
    mean: new Float64Array(length),
    squares: new Float64Array(length)
  }
}

/**
 * Takes one draw in. Its weight exp(logWeight) is 1 for a chain's states. A log weight of -Infinity
 * counts the draw without moving anything.
 */
export function pushDraw(moments: Moments, values: ArrayLike<number>, logWeight = 0): void {
  const { mean, squares } = moments
  moments.count++
  if (logWeight === -Infinity) return
  if (logWeight > moments.logScale) {
    const factor = Math.exp(moments.logScale - logWeight)
    moments.weight *= factor
    moments.squaredWeight *= factor * factor
    if (factor !== 1) for (let i = 0; i < squares.length; i++) squares[i] *= factor
    moments.logScale = logWeight
  }
  const weight = Math.exp(logWeight - moments.logScale)
  moments.weight += weight
  moments.squaredWeight += weight * weight
  const share = weight / moments.weight
  for (let i = 0; i < mean.length; i++) {
    const delta = values[i] - mean[i]
    mean[i] += share * delta
    squares[i] += weight * delta * (values[i] - mean[i])
  }
}

/** Population variance, as `std` of cli.md wants it; zeros before the first draw. */
export function varianceOf(moments: Moments): Float32Array {
  const out = new Float32Array(moments.mean.length)
  if (moments.weight > 0) for (let i = 0; i < out.length; i++) out[i] = moments.squares[i] / moments.weight
  return out
}

/** Kish's effective sample size of the weights, (sum w)^2 / sum w^2: method.md's 1 / sum omega^2. */
export function weightEss(moments: Moments): number {
  return moments.squaredWeight > 0 ? (moments.weight * moments.weight) / moments.squaredWeight : 0
}

/** The moments of two sets of draws together (Chan, Golub and LeVeque), as a new value. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const logScale = Math.max(a.logScale, b.logScale)
  const [fa, fb] = [a, b].map((part) => (part.weight > 0 ? Math.exp(part.logScale - logScale) : 0))
  const [wa, wb] = [a.weight * fa, b.weight * fb]
  const weight = wa + wb
  const share = weight > 0 ? wb / weight : 0
  const mean = new Float64Array(a.mean.length)
  const squares = new Float64Array(a.mean.length)
  for (let i = 0; i < mean.length; i++) {
    const delta = b.mean[i] - a.mean[i]
    mean[i] = a.mean[i] + share * delta
    squares[i] = a.squares[i] * fa + b.squares[i] * fb + wa * share * delta * delta
  }
  return {
    count: a.count + b.count,
    logScale,
    weight,
    squaredWeight: a.squaredWeight * fa * fa + b.squaredWeight * fb * fb,
    mean,
    squares
  }
}
