import type { BlockFacts } from '../blockFacts.ts'

/** How 16-bit codes stand for grey values: value = low + step * code. Textures take their two bytes apart and give back code / 65535. */
export interface Codes {
  low: number
  step: number
}

const lastCode = 65535
/** Bins of the histogram (128 codes where it has 4096) around the commonest, and the share of voxels that has to lie beyond. */
const commonBins = 8
const leastBeyond = 1e-3

/**
 * Whole numbers are coded without a loss where their range allows; others to 1 / 65535 of their range, unless a few outliers make that so
 * wide that nearly all voxels would share a few codes.
 *
 * @param voxels how many there are: where some have no number (there is no code for that) nothing is coded
 * @returns null: to be kept as 32-bit floats
 */
export function codesFor({ min, max, count, whole, histogram }: BlockFacts, voxels: number): Codes | null {
  if (count < voxels || count === 0) return null
  if (max === min) return { low: min, step: 1 }
  if (whole && max - min <= lastCode) return { low: min, step: 1 }
  const step = (max - min) / lastCode
  const common = histogram.indexOf(histogram.reduce((most, inBin) => Math.max(most, inBin), 0))
  const near = histogram.subarray(Math.max(0, common - commonBins), common + commonBins + 1)
  const beyond = count - near.reduce((sum, inBin) => sum + inBin, 0)
  // Below the smallest normal float steps are lost.
  return beyond >= leastBeyond * count && step > 1e-37 ? { low: min, step } : null
}

/** The nearest codes. */
export function encoded(values: Float32Array, { low, step }: Codes): Uint16Array<ArrayBuffer> {
  const codes = new Uint16Array(values.length)
  const perStep = 1 / step
  // Cutting off after adding a half rounds.
  for (let i = 0; i < codes.length; i++) codes[i] = Math.min(lastCode, (values[i] - low) * perStep + 0.5)
  return codes
}

/** A grey value as a texture of codes gives it back; as it is where there are none. */
export function inTexture(codes: Codes | null, value: number): number {
  return codes ? (value - codes.low) / (codes.step * lastCode) : value
}

/** Voxels of a block: whole planes (C order) in one or more parts, one after the other; 16-bit codes, or floats where there are none. */
export interface Voxels {
  slabs: readonly (Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>)[]
  codes: Codes | null
}

export function bytesOf({ slabs }: Voxels): number {
  return slabs.reduce((sum, { byteLength }) => sum + byteLength, 0)
}

/** Grey values of all voxels, in one array. */
export function floatsOf({ slabs, codes }: Voxels): Float32Array {
  const [first] = slabs
  if (slabs.length === 1 && first instanceof Float32Array) return first
  const values = new Float32Array(slabs.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const slab of slabs) {
    values.set(slab, at)
    at += slab.length
  }
  if (codes) for (let i = 0; i < values.length; i++) values[i] = codes.low + codes.step * values[i]
  return values
}
