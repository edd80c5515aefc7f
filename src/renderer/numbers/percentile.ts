import type { Contrast } from '../../shared/volumes.ts'

/** Robust display limits: the 0.5 and 99.5 percentiles of the finite values; null where there are none. */
export function robustContrast(values: ArrayLike<number>, maxSamples = 65_536): Contrast | null {
  const stride = Math.max(1, Math.floor(values.length / maxSamples))
  const finite: number[] = []
  for (let i = 0; i < values.length; i += stride) if (Number.isFinite(values[i])) finite.push(values[i])
  if (finite.length === 0) return null
  const sorted = Float64Array.from(finite).sort()
  const at = (fraction: number): number => sorted[Math.round(fraction * (sorted.length - 1))]
  const low = at(0.005)
  const high = at(0.995)
  return high > low ? { low, high } : { low: low - 0.5, high: low + 0.5 }
}
