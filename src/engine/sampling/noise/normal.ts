import { philox4x32 } from './philox.ts'

/**
 * What a draw is for. Each purpose has counters of its own, so that no number is ever used twice.
 * The values are part of the definition of a seed's result: never renumber them.
 */
export const purposes = {
  start: 0,
  langevin: 1,
  accept: 2,
  candidate: 3,
  resample: 4,
  probe: 5,
  annealing: 6,
  rotation: 7,
  simulation: 8
} as const
export type Purpose = keyof typeof purposes

/** Names one field of noise: method.md section 5. */
export interface NoiseKey {
  /** 32-bit unsigned. */
  seed: number
  chain: number
  step: number
  purpose: Purpose
}

const twoTo32 = 4294967296

/** A 32-bit word to the middle of its 2^-32 wide cell, inside (0, 1). */
const toUnit = (word: number): number => (word + 0.5) / twoTo32

/**
 * Standard normal numbers addressed by global index: element i of the field is a function of (key, i)
 * only. Fills `out[outStart .. outStart + count)` with the elements `first .. first + count` of the
 * field.
 *
 * Four consecutive indices share one Philox block and are two Box-Muller pairs, computed in float64
 * and stored in the precision of `out`.
 */
export function fillNormal(
  out: Float32Array | Float64Array,
  outStart: number,
  count: number,
  first: number,
  key: NoiseKey
): void {
  const words = new Uint32Array(4)
  const normals = new Float64Array(4)
  const last = first + count
  const purpose = purposes[key.purpose]
  for (let block = Math.floor(first / 4); block * 4 < last; block++) {
    philox4x32(words, block, Math.floor(block / twoTo32), key.step, purpose, key.seed, key.chain)
    for (let pair = 0; pair < 4; pair += 2) {
      const radius = Math.sqrt(-2 * Math.log(toUnit(words[pair])))
      const angle = 2 * Math.PI * toUnit(words[pair + 1])
      normals[pair] = radius * Math.cos(angle)
      normals[pair + 1] = radius * Math.sin(angle)
    }
    const base = block * 4
    const from = Math.max(first, base)
    const to = Math.min(last, base + 4)
    for (let index = from; index < to; index++) out[outStart + index - first] = normals[index - base]
  }
}

/** One uniform number in (0, 1), for decisions such as a Metropolis acceptance. */
export function drawUniform(key: NoiseKey, index = 0): number {
  const words = new Uint32Array(4)
  philox4x32(words, Math.floor(index / 4), 0, key.step, purposes[key.purpose], key.seed, key.chain)
  return toUnit(words[index % 4])
}
