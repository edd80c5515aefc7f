/**
 * L-BFGS (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5) for the MAP, with a
 * preconditioner as initial inverse Hessian and a backtracking line search (sufficient decrease, quadratic interpolation).
 * Dot products are float64 sums.
 */
export interface Evaluation {
  /** Objective to be minimised. */
  value: number
  gradient: Float32Array
}

export interface LbfgsOptions {
  memory: number
  iterations: number
  /** Stops when the objective has fallen by less than this share of itself in two iterations running. */
  relativeDecrease: number
  /** Initial inverse Hessian; the usual scaled identity where absent. */
  precondition?(vector: Float32Array): Float32Array
  /** Called after each iteration with its accepted point; false stops. `state` is what a search needs to go on from there, made when asked. */
  onIteration?(
    iteration: number,
    point: Float32Array,
    value: number,
    state: () => LbfgsState
  ): Promise<boolean> | boolean
  /** Where an earlier search of the same objective stopped; the same numbers come out as without the stop. */
  resumeFrom?: LbfgsState
}

/** A search between two iterations, as plain data. */
export interface LbfgsState {
  iteration: number
  point: Float32Array
  value: number
  gradient: Float32Array
  evaluations: number
  pairs: Pair[]
  quiet: number
}

export interface LbfgsResult {
  point: Float32Array
  value: number
  iterations: number
  evaluations: number
  /** Why it stopped. */
  reason: 'converged' | 'iterations' | 'line-search' | 'stopped'
}

export interface Pair {
  /** Step, change of gradient, and 1 / (their product). */
  s: Float32Array
  y: Float32Array
  rho: number
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** The quasi-Newton direction -H g by the two-loop recursion. */
export function twoLoop(
  gradient: Float32Array,
  pairs: readonly Pair[],
  precondition?: (vector: Float32Array) => Float32Array
): Float32Array {
  let q = Float32Array.from(gradient)
  const alphas = new Float64Array(pairs.length)
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k]
    const alpha = rho * dot(s, q)
    alphas[k] = alpha
    for (let i = 0; i < q.length; i++) q[i] -= alpha * y[i]
  }
  if (precondition) q = Float32Array.from(precondition(q))
  else if (pairs.length > 0) {
    const { s, y } = pairs[pairs.length - 1]
    const scale = dot(s, y) / dot(y, y)
    for (let i = 0; i < q.length; i++) q[i] *= scale
  }
  for (let k = 0; k < pairs.length; k++) {
    const { s, y, rho } = pairs[k]
    const beta = rho * dot(y, q)
    for (let i = 0; i < q.length; i++) q[i] += (alphas[k] - beta) * s[i]
  }
  for (let i = 0; i < q.length; i++) q[i] = -q[i]
  return q
}

/** Minimiser of the parabola through f(0), f'(0), f(t), kept inside [t / 10, t / 2]. */
function shorter(t: number, value: number, slope: number, tried: number): number {
  const quadratic = (-slope * t * t) / (2 * (tried - value - slope * t))
  return Number.isFinite(quadratic) ? Math.min(t / 2, Math.max(t / 10, quadratic)) : t / 10
}

const sufficientDecrease = 1e-4

export async function minimiseLbfgs(
  start: Float32Array,
  evaluate: (point: Float32Array) => Promise<Evaluation>,
  options: LbfgsOptions
): Promise<LbfgsResult> {
  const before = options.resumeFrom
  let point = before?.point ?? start
  let { value, gradient } = before ?? (await evaluate(point))
  let evaluations = before?.evaluations ?? 1
  let pairs: Pair[] = before?.pairs ?? []
  let quiet = before?.quiet ?? 0
  const done = (iterations: number, reason: LbfgsResult['reason']): LbfgsResult => ({
    point,
    value,
    iterations,
    evaluations,
    reason
  })
  if (before && quiet >= 2) return done(before.iteration, 'converged')
  for (let iteration = (before?.iteration ?? 0) + 1; iteration <= options.iterations; iteration++) {
    let direction = twoLoop(gradient, pairs, options.precondition)
    let slope = dot(direction, gradient)
    if (!(slope < 0)) {
      // Rounding or an indefinite region spoiled the pairs: begin anew along the preconditioned gradient.
      pairs = []
      direction = twoLoop(gradient, pairs, options.precondition)
      slope = dot(direction, gradient)
      if (!(slope < 0)) return done(iteration - 1, 'converged')
    }
    // Without a scale yet, the first trial moves by the length of the gradient at most 1.
    const unscaled = pairs.length === 0 && !options.precondition
    let t = unscaled ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1
    let trial: Float32Array = point
    let next: Evaluation | null = null
    for (let attempt = 0; attempt < 20; attempt++) {
      trial = new Float32Array(point.length)
      for (let i = 0; i < trial.length; i++) trial[i] = point[i] + t * direction[i]
      const tried = await evaluate(trial)
      evaluations++
      // The last term forgives the rounding of a float32 objective near the minimum.
      if (tried.value <= value + sufficientDecrease * t * slope + 1e-8 * Math.abs(value)) {
        next = tried
        break
      }
      t = shorter(t, value, slope, tried.value)
    }
    if (!next) return done(iteration - 1, quiet > 0 ? 'converged' : 'line-search')
    const s = new Float32Array(point.length)
    const y = new Float32Array(point.length)
    for (let i = 0; i < s.length; i++) {
      s[i] = trial[i] - point[i]
      y[i] = next.gradient[i] - gradient[i]
    }
    const curvature = dot(s, y)
    // Cautious update: a pair without clear positive curvature would spoil the inverse Hessian.
    if (curvature > 1e-10 * Math.sqrt(dot(s, s) * dot(y, y))) {
      pairs.push({ s, y, rho: 1 / curvature })
      if (pairs.length > options.memory) pairs.shift()
    }
    const decrease = value - next.value
    point = trial
    value = next.value
    gradient = next.gradient
    quiet = decrease <= options.relativeDecrease * Math.abs(value) ? quiet + 1 : 0
    const state = (): LbfgsState => ({ iteration, point, value, gradient, evaluations, pairs, quiet })
    if (options.onIteration && !(await options.onIteration(iteration, point, value, state)))
      return done(iteration, 'stopped')
    if (quiet >= 2) return done(iteration, 'converged')
  }
  return done(options.iterations, 'iterations')
}
