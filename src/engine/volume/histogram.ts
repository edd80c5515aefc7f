import type { Contrast } from '../../shared/volumes.ts'
import { scan } from './scan.ts'
import type { ScanOptions, Volume } from './volume.ts'

export interface VolumeHistogram {
  /** The range the bins divide evenly. */
  min: number
  max: number
  counts: number[]
  /** Finite voxels outside the range. */
  below: number
  above: number
}

/** Counts every finite voxel in `bins` bins of equal width over [range.low, range.high]; scans the volume. */
export async function volumeHistogram(
  volume: Volume,
  range: Contrast,
  bins: number,
  options: ScanOptions = {}
): Promise<VolumeHistogram> {
  const counts = new Array<number>(bins).fill(0)
  const scale = bins / (range.high - range.low)
  let below = 0
  let above = 0
  for await (const chunk of scan(volume, options)) {
    for (const value of chunk) {
      if (!Number.isFinite(value)) continue
      if (value < range.low) below++
      else if (value > range.high) above++
      else counts[Math.min(bins - 1, Math.floor((value - range.low) * scale))]++
    }
  }
  return { min: range.low, max: range.high, counts, below, above }
}

/**
 * The range a person wants to see: the robust contrast and half its width on either side. Hot pixels
 * and erased gold would otherwise squeeze the whole histogram into one bin.
 */
export function histogramRange(contrast: Contrast): Contrast {
  const margin = (contrast.high - contrast.low) / 2
  return { low: contrast.low - margin, high: contrast.high + margin }
}
