/** What the values of a block are like: for levels, ranges and which end of the grey scale is dense. */
export interface BlockFacts {
  min: number
  max: number
  mean: number
  std: number
  /** Third standardised moment; negative where the few outstanding voxels are dark. */
  skewness: number
  /** Voxels with a number. */
  count: number
  /** Whether every one of them is a whole number. */
  whole: boolean
  /** Voxels by value, from min to max. */
  histogram: Uint32Array<ArrayBuffer>
}

const bins = 4096

/** @param slabs the values, in as many parts as they come in */
export function blockFacts(slabs: readonly Float32Array[]): BlockFacts {
  let count = 0
  let min = Infinity
  let max = -Infinity
  let sum = 0
  let whole = true
  for (const slab of slabs)
    for (const value of slab)
      if (Number.isFinite(value)) {
        count++
        sum += value
        if (value < min) min = value
        if (value > max) max = value
        if (whole && value !== Math.floor(value)) whole = false
      }
  const histogram = new Uint32Array(bins)
  if (count === 0) return { min: 0, max: 0, mean: 0, std: 0, skewness: 0, count, whole, histogram }
  const mean = sum / count
  const scale = max > min ? bins / (max - min) : 0
  let squares = 0
  let cubes = 0
  for (const slab of slabs)
    for (const value of slab)
      if (Number.isFinite(value)) {
        const d = value - mean
        squares += d * d
        cubes += d * d * d
        histogram[Math.min(bins - 1, Math.floor((value - min) * scale))]++
      }
  const std = Math.sqrt(squares / count)
  return { min, max, mean, std, skewness: std > 0 ? cubes / count / std ** 3 : 0, count, whole, histogram }
}

/** How many voxels lie on the dense side of a level, to a bin of the histogram. */
export function voxelsBeyond(facts: BlockFacts, level: number, denseIsDark: boolean): number {
  const { min, max, histogram, count } = facts
  if (!(max > min)) return denseIsDark === level > min ? count : 0
  const at = Math.min(bins, Math.max(0, ((level - min) / (max - min)) * bins))
  const whole = Math.floor(at)
  let below = 0
  for (let i = 0; i < whole; i++) below += histogram[i]
  if (whole < bins) below += (at - whole) * histogram[whole]
  return denseIsDark ? below : count - below
}

/** The level beyond which this many voxels lie: the inverse of `voxelsBeyond`. */
export function levelEnclosing(facts: BlockFacts, voxels: number, denseIsDark: boolean): number {
  const { min, max, histogram, count } = facts
  const below = Math.min(count, Math.max(0, denseIsDark ? voxels : count - voxels))
  let seen = 0
  for (let i = 0; i < bins; i++) {
    if (seen + histogram[i] >= below && histogram[i] > 0)
      return min + ((i + (below - seen) / histogram[i]) / bins) * (max - min)
    seen += histogram[i]
  }
  return max
}

/** What a surface begins with: two and a half SD on the dense side, or near the extreme where the values don't go that far. */
export function firstLevel({ mean, std, min, max }: BlockFacts, denseIsDark: boolean): number {
  return denseIsDark
    ? Math.max(mean - 2.5 * std, min + 0.1 * (mean - min))
    : Math.min(mean + 2.5 * std, max - 0.1 * (max - mean))
}
