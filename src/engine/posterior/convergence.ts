import { normalQuantile } from './normal-quantile.ts'

/**
 * Convergence diagnostics of Vehtari, Gelman, Simpson, Carpenter and Burkner, "Rank-normalization,
 * folding, and localization: an improved R-hat for assessing convergence of MCMC", Bayesian Analysis
 * 16 (2021). Draws are given as one array a chain; chains of unequal length are cut to the shortest.
 */
type Chains = readonly ArrayLike<number>[]

/** Each chain cut into its two halves; the middle draw of an odd chain is left out. */
export function splitChains(chains: Chains): Float64Array[] {
  const length = Math.min(...chains.map((chain) => chain.length))
  const half = Math.floor(length / 2)
  return chains.flatMap((chain) => {
    const values = Float64Array.from({ length }, (_, i) => chain[i])
    return [values.slice(0, half), values.slice(length - half)]
  })
}

/** Values replaced by normal scores of their ranks over all chains (Blom's offset, ties share the average rank). */
export function rankNormalise(chains: readonly Float64Array[]): Float64Array[] {
  const flat = chains.flatMap((chain, c) => Array.from(chain, (value, i) => ({ value, c, i })))
  flat.sort((a, b) => a.value - b.value)
  const out = chains.map((chain) => new Float64Array(chain.length))
  for (let from = 0; from < flat.length;) {
    let to = from + 1
    while (to < flat.length && flat[to].value === flat[from].value) to++
    const rank = (from + 1 + to) / 2
    const score = normalQuantile((rank - 0.375) / (flat.length + 0.25))
    for (let k = from; k < to; k++) out[flat[k].c][flat[k].i] = score
    from = to
  }
  return out
}

const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

const sampleVariance = (values: ArrayLike<number>): number => {
  const mean = meanOf(values)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2
  return sum / (values.length - 1)
}

/** The classical potential scale reduction of chains as they are. NaN where it is not defined. */
export function plainRHat(chains: readonly Float64Array[]): number {
  const n = chains[0].length
  const between = n * sampleVariance(chains.map(meanOf))
  const within = meanOf(chains.map(sampleVariance))
  return Math.sqrt((between / within + n - 1) / n)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** True where every draw is the same or one is not finite: nothing can be said then. */
function isDegenerate(chains: Chains): boolean {
  let low = Infinity
  let high = -Infinity
  for (const chain of chains)
    for (let i = 0; i < chain.length; i++) {
      if (!Number.isFinite(chain[i])) return true
      low = Math.min(low, chain[i])
      high = Math.max(high, chain[i])
    }
  return !(high > low)
}

/**
 * Rank-normalised split R-hat: the larger of the bulk's and the folded draws'. Near 1 where chains
 * agree; above 1.01 they have not mixed. NaN for fewer than four draws a chain or constant draws.
 */
export function rHat(chains: Chains): number {
  if (chains.length === 0 || Math.min(...chains.map((chain) => chain.length)) < 4 || isDegenerate(chains)) return NaN
  const split = splitChains(chains)
  const bulk = plainRHat(rankNormalise(split))
  const centre = median(split.flatMap((chain) => Array.from(chain)))
  const folded = plainRHat(rankNormalise(split.map((chain) => chain.map((value) => Math.abs(value - centre)))))
  return Math.max(bulk, folded)
}

function autocovariance(chain: Float64Array, lag: number): number {
  const mean = meanOf(chain)
  let sum = 0
  for (let i = 0; i + lag < chain.length; i++) sum += (chain[i] - mean) * (chain[i + lag] - mean)
  return sum / chain.length
}

/**
 * Effective sample size of chains as they are: Geyer's initial monotone sequence on the
 * autocorrelations combined over chains (section 3.2 of the paper).
 */
export function plainEss(chains: readonly Float64Array[]): number {
  const n = chains[0].length
  const draws = chains.length * n
  const covariance = (lag: number): number => meanOf(chains.map((chain) => autocovariance(chain, lag)))
  const within = (covariance(0) * n) / (n - 1)
  let total = (within * (n - 1)) / n
  if (chains.length > 1) total += sampleVariance(chains.map(meanOf))
  const correlation = (lag: number): number => 1 - (within - covariance(lag)) / total
  const rho = new Float64Array(n)
  let even = 1
  let odd = correlation(1)
  rho[0] = even
  rho[1] = odd
  let t = 1
  while (t < n - 3 && even + odd > 0) {
    even = correlation(t + 1)
    odd = correlation(t + 2)
    if (even + odd >= 0) {
      rho[t + 1] = even
      rho[t + 2] = odd
    }
    t += 2
  }
  const last = Math.max(t - 2, 0)
  if (even > 0) rho[last + 1] = even
  for (let k = 1; k <= last - 2; k += 2)
    if (rho[k + 1] + rho[k + 2] > rho[k - 1] + rho[k]) {
      rho[k + 1] = (rho[k - 1] + rho[k]) / 2
      rho[k + 2] = rho[k + 1]
    }
  let tau = -1 + rho[last + 1]
  for (let k = 0; k <= last; k++) tau += 2 * rho[k]
  return draws / Math.max(tau, 1 / Math.log10(draws))
}

/** Bulk ESS: of the rank-normalised split chains. NaN for fewer than four draws a chain or constant draws. */
export function bulkEss(chains: Chains): number {
  if (chains.length === 0 || Math.min(...chains.map((chain) => chain.length)) < 4 || isDegenerate(chains)) return NaN
  return plainEss(rankNormalise(splitChains(chains)))
}
