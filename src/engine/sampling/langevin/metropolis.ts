/**
 * The Metropolis correction of a preconditioned Langevin step, Roberts and Tweedie (1996), method.md
 * section 4. With u = z' - z, drifts P g and P g', and the proposal's density
 * exp(-|z' - z - eta P g|^2_{P^-1} / (4 eta)), the quadratic forms in P^-1 cancel:
 *
 *   log alpha = log q(z') - log q(z) - 1/2 u . (g + g') - eta / 4 (g' . P g' - g . P g)
 *
 * so that neither P^-1 nor the noise is needed again.
 */
export function logAcceptance(from: ChainPoint, to: ChainPoint, step: number): number {
  let along = 0
  let forward = 0
  let backward = 0
  const n = from.position.length
  for (let i = 0; i < n; i++) {
    const g = from.gradient[i]
    const h = to.gradient[i]
    along += (to.position[i] - from.position[i]) * (g + h)
    forward += from.drift[i] * g
    backward += to.drift[i] * h
  }
  return to.logDensity - from.logDensity - 0.5 * along - 0.25 * step * (backward - forward)
}

/** A chain's place: z, g = grad log q*(z), drift = P g and log q*(z). */
export interface ChainPoint {
  position: Float32Array
  gradient: Float32Array
  drift: Float32Array
  logDensity: number
}

/** Acceptance rate at which MALA mixes fastest in many dimensions (Roberts and Rosenthal 1998). */
export const bestAcceptance = 0.574

/**
 * Where step tuning of MALA starts: the optimal step for a Gaussian of `dimensions` independent
 * components in units of its variance. Roberts and Rosenthal's limit 2 Phi(-K l^3 / 2) with K = 1/4
 * is 0.574 at l = 1.65, and eta = l^2 / 2 * dimensions^(-1/3).
 */
export function gaussianMalaStep(dimensions: number): number {
  return 1.361 / Math.cbrt(dimensions)
}

/** Nesterov's dual averaging as Hoffman and Gelman (2014, section 3.2) use it to tune a step size. Plain data. */
export interface StepTuning {
  /** What log step is drawn towards. */
  centre: number
  count: number
  /** Running mean of target minus observed acceptance. */
  shortfall: number
  logStep: number
  /** Average of the iterates, the answer. */
  logStepAverage: number
}

export function startTuning(step: number): StepTuning {
  // Unlike Hoffman and Gelman no factor of 10: the Gaussian limit is a good start already.
  return { centre: Math.log(step), count: 0, shortfall: 0, logStep: Math.log(step), logStepAverage: Math.log(step) }
}

/** Takes an observed acceptance probability in and gives the step to try next. */
export function tuneStep(tuning: StepTuning, acceptance: number, target = bestAcceptance): number {
  const shrinkage = 0.05
  const delay = 10
  const forgetting = 0.75
  tuning.count++
  const t = tuning.count
  tuning.shortfall += ((Number.isFinite(acceptance) ? target - acceptance : target) - tuning.shortfall) / (t + delay)
  tuning.logStep = tuning.centre - (Math.sqrt(t) / shrinkage) * tuning.shortfall
  const share = t ** -forgetting
  tuning.logStepAverage += share * (tuning.logStep - tuning.logStepAverage)
  return Math.exp(tuning.logStep)
}

export function tunedStep(tuning: StepTuning): number {
  return Math.exp(tuning.logStepAverage)
}
