import type { Box } from '../../shared/axes.ts'
import type { ContrastOfBox } from '../../shared/api.ts'
import type { Contrast } from '../../shared/volumes.ts'
import { stratifiedSample } from './stratified-sample.ts'
import type { ReadOptions, Volume } from './volume.ts'

/** What the window maps to black and white at first: 0.5 and 99.5 percent of a stratified sample's voxels. */
export async function robustContrast(volume: Volume, options: ReadOptions = {}): Promise<Contrast> {
  return percentileContrast(await stratifiedSample(volume, options))
}

/**
 * Robust limits and median of a box of a volume, from a stratified sample where it is large.
 *
 * @throws WedgeviewError `roi-outside`
 */
export async function contrastOfBox(volume: Volume, box: Box, options: ReadOptions = {}): Promise<ContrastOfBox> {
  const values = (await stratifiedSample(volume, options, box)).filter(Number.isFinite).sort()
  const median = values.length === 0 ? null : percentile(values, 0.5)
  return { ...percentileContrast(values), median, voxels: values.length }
}

/**
 * The 0.5 and 99.5 percentiles of the finite values. Where they are equal (an empty or nearly constant
 * volume) the range is widened, so that every contrast has a width.
 */
export function percentileContrast(values: Float32Array): Contrast {
  const sorted = values.filter(Number.isFinite).sort()
  if (sorted.length === 0) return { low: 0, high: 1 }
  const low = percentile(sorted, 0.005)
  const high = percentile(sorted, 0.995)
  if (high > low) return { low, high }
  const least = sorted[0] ?? low
  const most = sorted[sorted.length - 1] ?? high
  if (most > least) return { low: least, high: most }
  const halfWidth = Math.max(0.5, Math.abs(low) * 1e-3)
  return { low: low - halfWidth, high: high + halfWidth }
}

/** Linear between the two nearest ranks, as numpy's default. `sorted` must not be empty. */
export function percentile(sorted: Float32Array, fraction: number): number {
  const rank = fraction * (sorted.length - 1)
  const below = Math.floor(rank)
  const lower = sorted[below] ?? Number.NaN
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] ?? lower
  return lower + (upper - lower) * (rank - below)
}
