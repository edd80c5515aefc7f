/** What a voxel of the new grid takes from the source along one axis: samples from `first` on; none: outside of the source. */
export interface AxisWeights {
  readonly first: Int32Array
  readonly weights: readonly Float64Array[]
}

/**
 * Weights of linear interpolation along one axis. Where the new grid is coarser the triangle is as wide as two of its voxels,
 * so that what it can't hold is averaged away instead of folded back (the usual anti-aliased linear resampling).
 *
 * Positions are in the source's continuous voxel coordinates: voxel j covers [j, j + 1).
 *
 * A triangle sampled at whole voxels does not keep a straight line straight; the weights are corrected by a linear factor such
 * that their first moment vanishes (moving least squares), so ramps are exact wherever the triangle lies inside.
 *
 * @param start where the new grid's first voxel begins
 * @param step how long one of its voxels is
 */
export function axisWeights(count: number, start: number, step: number, sourceCount: number): AxisWeights {
  const first = new Int32Array(count)
  const weights: Float64Array[] = []
  const reach = step > 1 + 1e-6 ? step : 1
  for (let i = 0; i < count; i++) {
    const middle = rounded(start + (i + 0.5) * step)
    if (middle < 0 || middle > sourceCount) {
      weights.push(new Float64Array(0))
      continue
    }
    const centre = middle - 0.5
    const from = Math.floor(centre - reach) + 1
    const to = Math.ceil(centre + reach) - 1
    const low = Math.max(0, from)
    const high = Math.min(sourceCount - 1, to)
    const inside = low === from && high === to
    const triangle = Float64Array.from({ length: high - low + 1 }, (_, k) => 1 - Math.abs(low + k - centre) / reach)
    first[i] = low
    weights.push(normalised(triangle, low - centre, inside))
  }
  return { first, weights }
}

/** So that a grid that coincides with the source's copies it, in spite of the last digits of voxel sizes. */
function rounded(position: number): number {
  const half = Math.round(position * 2) / 2
  return Math.abs(position - half) < 1e-6 ? half : position
}

/** `offset`: of the first sample from the middle. */
function normalised(triangle: Float64Array, offset: number, straighten: boolean): Float64Array {
  let zeroth = 0
  let first = 0
  let second = 0
  triangle.forEach((weight, k) => {
    const distance = offset + k
    zeroth += weight
    first += weight * distance
    second += weight * distance * distance
  })
  const slope = straighten && second > 0 ? -first / second : 0
  const scale = 1 / (zeroth + slope * first)
  return triangle.map((weight, k) => weight * scale * (1 + slope * (offset + k)))
}
