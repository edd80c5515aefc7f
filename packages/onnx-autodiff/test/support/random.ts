import type { Tensor } from '../../src/index.ts'

export type Random = () => number

/** mulberry32: small, seeded, uniform in [0, 1). */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export const count = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

/** A tensor of the given shape, `draw` giving each element. */
export const randomTensor = (type: 'float32' | 'float64', shape: readonly number[], draw: () => number): Tensor => {
  const values = Array.from({ length: count(shape) }, draw)
  return { type, dims: [...shape], data: type === 'float32' ? Float32Array.from(values) : Float64Array.from(values) }
}

export const numbers = (tensor: Tensor | undefined): number[] =>
  Array.from((tensor?.data ?? []) as ArrayLike<number>, Number)

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0)
