import { WedgeviewError } from '../../shared/errors.ts'

/** normalised = (grey value - mean) / std; the identity for bundles that take grey values as they are. */
export interface Normalisation {
  readonly mean: number
  readonly std: number
}

export const noNormalisation: Normalisation = { mean: 0, std: 1 }

/**
 * The z-score of method.md section 6: one mean and one standard deviation for everything that is computed together.
 *
 * @throws {WedgeviewError} input / no-contrast where every voxel has the same value, or none is finite
 */
export function zScore(statistics: { mean: number; std: number; finite: number }, what: string): Normalisation {
  if (statistics.finite > 0 && statistics.std > 0) return { mean: statistics.mean, std: statistics.std }
  throw new WedgeviewError(
    'input',
    'no-contrast',
    statistics.finite > 0
      ? `Every voxel of ${what} has the value ${statistics.mean}, so there is nothing to reconstruct.`
      : `No voxel of ${what} is a finite number, so there is nothing to reconstruct.`,
    'Check the file with `wedgeview info --stats`, or choose another one.'
  )
}

/**
 * Grey values into normalised ones, in place. What is not a finite number becomes the mean, which says nothing;
 * returns how many such voxels there were.
 */
export function normaliseInPlace(values: Float32Array, { mean, std }: Normalisation): number {
  let replaced = 0
  for (let i = 0; i < values.length; i++) {
    const normalised = (values[i] - mean) / std
    if (Number.isFinite(normalised)) values[i] = normalised
    else {
      values[i] = 0
      replaced++
    }
  }
  return replaced
}

export function toGreyValues(normalised: Float32Array, { mean, std }: Normalisation): Float32Array {
  return normalised.map((value) => value * std + mean)
}

/** Variance scales with the square and knows no offset. */
export function toGreyVariance(normalised: Float32Array, { std }: Normalisation): Float32Array {
  const square = std * std
  return normalised.map((value) => value * square)
}

export function toNormalisedValue(greyValue: number, { mean, std }: Normalisation): number {
  return (greyValue - mean) / std
}
