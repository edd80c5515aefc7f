import type { Contrast } from '../../shared/volumes.ts'

/** Sorting this many takes some 80 ms. */
const sampleLimit = 1 << 20
const goldenRatio = 0.618_033_988_749_895

/**
 * Robust display limits: the 0.5 and 99.5 percentiles of the finite values, linear between ranks as the engine's (and numpy's); of more than
 * `maxSamples` values, those of a sample from all over. Null where there are none.
 */
export function robustContrast(values: ArrayLike<number>, maxSamples = sampleLimit): Contrast | null {
  const sorted = sampleOf(values, maxSamples).sort()
  if (sorted.length === 0) return null
  const low = percentile(sorted, 0.005)
  const high = percentile(sorted, 0.995)
  return high > low ? { low, high } : { low: low - 0.5, high: high + 0.5 }
}

function percentile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1)
  const below = Math.floor(rank)
  const lower = sorted[below]
  return lower + ((sorted[below + 1] ?? lower) - lower) * (rank - below)
}

/** The finite values, or one from each of `limit` equal runs, at a place that moves about: a fixed stride would see some columns only. */
function sampleOf(values: ArrayLike<number>, limit: number): Float64Array {
  const count = Math.min(values.length, limit)
  const run = values.length / count
  const sample = new Float64Array(count)
  let kept = 0
  for (let i = 0; i < count; i++) {
    const value = values[Math.min(values.length - 1, Math.floor((i + (run > 1 ? (i * goldenRatio) % 1 : 0)) * run))]
    if (Number.isFinite(value)) sample[kept++] = value
  }
  return sample.subarray(0, kept)
}
