import { weightEss } from './moments.ts'
import type { Moments } from './moments.ts'

/**
 * Potential scale reduction of every value, sqrt(((n - 1)/n W + B/n) / W), from the moments of C >= 2 chains of n draws each (Gelman and
 * Rubin, Statistical Science 7 (1992)): W is the mean of the chains' sample variances, B/n the sample variance of their means. Near 1 where
 * the chains agree; sqrt((n - 1)/n) at least. Plain, neither split nor by ranks as `rHat` is: that would need every draw of every voxel.
 *
 * Draws of a chain with decaying steps don't weigh the same: n is then how many equal ones they are worth (Kish).
 *
 * Where no chain moves, W = 0: 1 where all stand at the same value, else NaN.
 *
 * @param chains before they are merged, without those that diverged
 * @returns null where there are fewer than two chains, fewer than two draws each, or not as many in each
 */
export function rHatMap(chains: readonly Moments[]): Float32Array | null {
  if (chains.length < 2) return null
  const [first] = chains
  const n = weightEss(first)
  if (!(n >= 2) || chains.some((chain) => chain.count !== first.count || weightEss(chain) !== n)) return null
  const out = new Float32Array(first.mean.length)
  for (let i = 0; i < out.length; i++) {
    let spread = 0
    let shift = 0
    for (const chain of chains) {
      spread += chain.squares[i] / chain.weight
      shift += chain.mean[i] - first.mean[i]
    }
    // (n - 1)/n W: the mean of the population variances.
    spread /= chains.length
    shift /= chains.length
    let between = 0
    for (const chain of chains) between += (chain.mean[i] - first.mean[i] - shift) ** 2
    between /= chains.length - 1
    const within = (spread * n) / (n - 1)
    out[i] = within === 0 && between === 0 ? 1 : within === 0 ? NaN : Math.sqrt((spread + between) / within)
  }
  return out
}
