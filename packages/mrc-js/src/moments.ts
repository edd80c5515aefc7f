/** Statistics over the finite voxels. `std` is the population's. All are NaN where `finite` is 0. */
export interface VoxelStatistics {
  min: number
  max: number
  mean: number
  std: number
  /** Number of finite voxels. */
  finite: number
}

/**
 * Streaming minimum, maximum, mean and variance of float32 values in float64. Each block's sums are taken about the running mean, so that
 * a small spread on a large offset keeps its digits, and blocks are joined by the formula of Chan, Golub and LeVeque (1979).
 */
export class Moments {
  private count = 0
  private mean = 0
  private sumOfSquares = 0
  private min = Infinity
  private max = -Infinity

  add(values: Float32Array): void {
    let shift = this.mean
    if (this.count === 0) {
      const first = values.findIndex((value) => Number.isFinite(value))
      if (first < 0) return
      shift = values[first]
    }
    let { min, max } = this
    let count = 0
    let sum = 0
    let squares = 0
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      const deviation = value - shift
      // Infinity and NaN are the only values whose difference with themselves is not 0.
      if (deviation - deviation !== 0) continue
      count++
      sum += deviation
      squares += deviation * deviation
      if (value < min) min = value
      if (value > max) max = value
    }
    if (count === 0) return
    this.min = min
    this.max = max
    const blockMean = shift + sum / count
    const blockSquares = Math.max(0, squares - (sum * sum) / count)
    const total = this.count + count
    const delta = blockMean - this.mean
    this.sumOfSquares += blockSquares + (this.count === 0 ? 0 : (delta * delta * this.count * count) / total)
    this.mean = this.count === 0 ? blockMean : this.mean + (delta * count) / total
    this.count = total
  }

  statistics(): VoxelStatistics {
    const finite = this.count
    if (finite === 0) return { min: Number.NaN, max: Number.NaN, mean: Number.NaN, std: Number.NaN, finite }
    return { min: this.min, max: this.max, mean: this.mean, std: Math.sqrt(this.sumOfSquares / finite), finite }
  }
}
