import type { Statistics } from '../../shared/volumes.ts'
import { scan } from './scan.ts'
import type { ScanOptions, Volume } from './volume.ts'

/** Exact minimum, maximum, mean and population standard deviation of the finite voxels; scans the volume. */
export async function volumeStatistics(volume: Volume, options: ScanOptions = {}): Promise<Statistics> {
  if (volume.statistics) return volume.statistics(options)
  const accumulator = new StatisticsAccumulator()
  for await (const chunk of scan(volume, options)) accumulator.add(chunk)
  return accumulator.result()
}

/**
 * One pass in float64, sums taken about the first finite value, and chunks joined by the parallel
 * formula of Chan, Golub & LeVeque (1983): a large offset in the data does not cancel the variance away.
 */
export class StatisticsAccumulator {
  #count = 0
  #mean = 0
  #squares = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  add(values: Float32Array): void {
    const first = values.find(Number.isFinite)
    if (first === undefined) return
    let count = 0
    let sum = 0
    let squares = 0
    let min = this.#min
    let max = this.#max
    for (const value of values) {
      if (!Number.isFinite(value)) continue
      const centred = value - first
      count++
      sum += centred
      squares += centred * centred
      if (value < min) min = value
      if (value > max) max = value
    }
    const mean = first + sum / count
    const difference = mean - this.#mean
    const total = this.#count + count
    this.#squares += squares - (sum * sum) / count + (difference * difference * this.#count * count) / total
    this.#mean += (difference * count) / total
    this.#count = total
    this.#min = min
    this.#max = max
  }

  /** All zero where no value was finite. */
  result(): Statistics {
    if (this.#count === 0) return { min: 0, max: 0, mean: 0, std: 0, finite: 0 }
    const std = Math.sqrt(Math.max(0, this.#squares) / this.#count)
    return { min: this.#min, max: this.#max, mean: this.#mean, std, finite: this.#count }
  }
}
