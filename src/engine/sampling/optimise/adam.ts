/** Adam (Kingma and Ba 2015): for potentials that are noisy or known by their gradient only. Plain data. */
export interface AdamState {
  first: Float32Array
  second: Float32Array
  count: number
}

export const adamDefaults = { memory: 0.9, squareMemory: 0.999, floor: 1e-8 }

export function createAdam(length: number): AdamState {
  return { first: new Float32Array(length), second: new Float32Array(length), count: 0 }
}

/** Moves `point` down the gradient, in place. */
export function adamStep(
  state: AdamState,
  point: Float32Array,
  gradient: Float32Array,
  rate: number,
  { memory, squareMemory, floor } = adamDefaults
): void {
  state.count++
  const firstScale = 1 / (1 - memory ** state.count)
  const secondScale = 1 / (1 - squareMemory ** state.count)
  const { first, second } = state
  for (let i = 0; i < point.length; i++) {
    first[i] += (1 - memory) * (gradient[i] - first[i])
    second[i] += (1 - squareMemory) * (gradient[i] * gradient[i] - second[i])
    point[i] -= (rate * first[i] * firstScale) / (Math.sqrt(second[i] * secondScale) + floor)
  }
}
