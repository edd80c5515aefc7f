/**
 * The diagonal preconditioner of pSGLD (Li, Chen, Carlson and Carin, AAAI 2016):
 * V <- a V + (1 - a) g^2, P = 1 / (d + sqrt V), with g the gradient per dimension.
 *
 * The correct Langevin equation with a preconditioner that depends on z has a further drift, Gamma(z) = div P. As in the
 * paper it is left out: its share falls as a -> 1, since P then hardly depends on the present z. To keep what is left
 * of that bias out of the family, P is learned during burn-in and frozen when counting begins; from then on P is a
 * constant, the chain is a plain Langevin chain and Gamma is exactly zero.
 */
export interface RmspropState {
  /** V, one value a latent element. */
  squares: Float32Array
  count: number
}

export interface RmspropOptions {
  memory: number
  floor: number
}

export const rmspropDefaults: RmspropOptions = { memory: 0.99, floor: 1e-5 }

export function createRmsprop(length: number): RmspropState {
  return { squares: new Float32Array(length), count: 0 }
}

/**
 * Takes a gradient in. V starts from the mean of the first gradient's squares: from nothing, or from each element's own first square,
 * elements whose first gradient happens to be near zero would be thrown far away by their first steps.
 */
export function learnRmsprop(state: RmspropState, gradient: Float32Array, { memory } = rmspropDefaults): void {
  const { squares } = state
  if (state.count++ === 0) {
    let sum = 0
    for (let i = 0; i < gradient.length; i++) sum += gradient[i] * gradient[i]
    squares.fill(sum / gradient.length)
    return
  }
  for (let i = 0; i < squares.length; i++) squares[i] += (1 - memory) * (gradient[i] * gradient[i] - squares[i])
}

/** P = 1 / (floor + sqrt V). */
export function rmspropDiagonal(state: RmspropState, out: Float32Array, { floor } = rmspropDefaults): Float32Array {
  for (let i = 0; i < out.length; i++) out[i] = 1 / (floor + Math.sqrt(state.squares[i]))
  return out
}
