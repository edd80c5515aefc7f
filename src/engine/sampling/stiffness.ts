import type { Settings } from '../../shared/settings.ts'
import { noiseLevels } from '../graph/networks.ts'
import { fourierPreconditioner, posteriorPrecision } from '../graph/preconditioner.ts'
import type { FilterPair, StepModel, Stepped, Weights } from '../graph/step-model.ts'
import { openModel, prepareBox } from './box.ts'
import type { Box, BoxRequest } from './box.ts'
import { flatFilter, meanCurvature, measureCurvature } from './curvature.ts'
import { fillField } from './noise/field.ts'
import { drawRotations } from './prior-view.ts'
import { tetherPulls, typicalPull } from './tether-pulls.ts'

/** How a Langevin chain of one preconditioner will fare on a posterior, H the Hessian of -log q*. */
export interface Stiffness {
  /** Largest eigenvalue of P H: an unadjusted step below 2 / stiffest is stable. */
  stiffest: number
  /** What a step of size eta forgets of a typical slow direction is about eta * slowest. */
  slowest: number
  /** The curvature at a typical draw is that at zbar: the posterior is Gaussian. */
  isGaussian: boolean
}

const mostIterations = 12
/** Curvatures that differ by less are the same to what float32 differences of a gradient can tell. */
const sameCurvature = 0.02

/**
 * Measures it around zbar and at one typical draw, with power iterations and Hutchinson probes: some 10 to 50 steps' worth of
 * network runs. A prior that sees the volume turned at random is looked at from one side.
 */
export async function measureStiffness(
  request: BoxRequest,
  preconditioner: Settings['preconditioner'],
  weights: Weights,
  sigma: number
): Promise<Stiffness> {
  const box = await prepareBox(request)
  const withFilter = preconditioner === 'fourier'
  const model = await openModel(box, { batch: 1, withPrior: true, withGradient: true, withFilter })
  try {
    const isVolume = box.latent.length === box.voxels
    const spec = box.networks.prior?.spec
    const noiseLevel = spec && spec.kind !== 'energy' ? noiseLevels(spec, sigma).at(-1) : undefined
    const curvature = isVolume ? await measureCurvature(model, box, noiseLevel) : null
    const precisionAt = (beta: number): Float64Array | null =>
      curvature &&
      posteriorPrecision(box.operator.plane, box.size, { ...weights, beta }, curvature.prior, curvature.gain)
    const precision = precisionAt(tetherPulls(box, weights.beta).strongest)
    const typical = precisionAt(typicalPull(box, weights.beta))
    const filter = withFilter && precision ? fourierPreconditioner(precision, box.size) : flatFilter(model)
    const hessian = new HessianProbe(model, box, weights, filter, noiseLevel)
    const there = await hessian.largest(box.conditioning.centre)
    const mean = precision ? average(precision) : positive(await meanCurvature(model, box, weights, noiseLevel))
    const draw = hessian.draw(precision, mean)
    const isGaussian = (await hessian.change(box.conditioning.centre, draw)) < sameCurvature
    const elsewhere = isGaussian ? 0 : await hessian.largest(draw)
    // Shells of a radial mean are exact where the Hessian is radial, and power iterations stop short of the largest.
    const known = precision && !withFilter ? precision.reduce((a, b) => Math.max(a, b), 0) : 0
    const scale = preconditioner === 'rmsprop' ? 1 / Math.sqrt(mean) : 1
    // Without frequencies to tell apart: what the data don't hold, the prior and the tether do.
    const unmeasured = precision ? 0 : await meanCurvature(model, box, { ...weights, lambda: 0 }, noiseLevel)
    const slow = typical && slowestGroup(box, typical)
    const filtered = precision && slow !== null ? slow / slowestGroup(box, precision) : 1
    const slowest = withFilter ? filtered : (slow ?? Math.min(mean, positive(unmeasured)))
    return { stiffest: scale * Math.max(there, elsewhere, known), slowest: scale * slowest, isGaussian }
  } finally {
    await model.close()
  }
}

/** Products with the Hessian of -log q* from central differences of the gradient. */
class HessianProbe {
  readonly #model: StepModel
  readonly #box: Box
  readonly #weights: Weights
  readonly #filter: FilterPair | undefined
  readonly #noiseLevel: number | undefined

  constructor(model: StepModel, box: Box, weights: Weights, filter: FilterPair | undefined, noiseLevel?: number) {
    this.#model = model
    this.#box = box
    this.#weights = weights
    this.#filter = filter
    this.#noiseLevel = noiseLevel
  }

  /** Largest eigenvalue of P H by power iteration, as Rayleigh quotients v.Hv / v.P^-1 v, in which P^-1 v is known from the step before. */
  async largest(at: Float32Array): Promise<number> {
    let { product, filtered } = await this.#times(at, this.#noise(0))
    let quotient = 0
    for (let iteration = 0; iteration < mostIterations; iteration++) {
      const [before, v] = [product, filtered]
      ;({ product, filtered } = await this.#times(at, v))
      const last = quotient
      // The difference's step normalises v: `product` and `filtered` belong to v as it is.
      quotient = Math.abs(dot(v, product) / dot(v, before))
      if (!Number.isFinite(quotient)) return last
      if (Math.abs(quotient - last) < 0.005 * quotient) break
    }
    return quotient
  }

  /** |H(a) v - H(b) v| / |H(a) v| for white noise v. */
  async change(a: Float32Array, b: Float32Array): Promise<number> {
    const v = this.#noise(1)
    const [one, other] = [(await this.#times(a, v)).product, (await this.#times(b, v)).product]
    const difference = one.map((value, i) => value - other[i])
    return Math.sqrt(dot(difference, difference) / dot(one, one))
  }

  /** zbar with noise of the posterior's own scale. */
  draw(precision: Float64Array | null, mean: number): Float32Array {
    const { centre } = this.#box.conditioning
    const scale = precision
      ? Math.sqrt(average(precision.filter((value) => value > 0).map((value) => 1 / value)))
      : 1 / Math.sqrt(mean)
    const noise = this.#noise(2)
    return centre.map((value, i) => value + scale * noise[i])
  }

  async #times(at: Float32Array, v: Float32Array): Promise<{ product: Float32Array; filtered: Float32Array }> {
    const size = Math.sqrt(dot(v, v) / v.length) || 1
    const step = (0.1 * (Math.sqrt(dot(at, at) / at.length) || 1)) / size
    const up = await this.#forces(at.map((value, i) => value + step * v[i]))
    const down = await this.#forces(at.map((value, i) => value - step * v[i]))
    const difference = (a: Float32Array, b: Float32Array): Float32Array =>
      a.map((value, i) => (b[i] - value) / (2 * step))
    return { product: difference(up.gradient, down.gradient), filtered: difference(up.drift, down.drift) }
  }

  #forces(position: Float32Array): Promise<Stepped> {
    const still = new Float32Array(position.length)
    return this.#model.step(
      { position, drift: still, noise: still, steps: [0] },
      this.#box.conditioning,
      this.#weights,
      this.#filter,
      { noiseLevel: this.#noiseLevel, rotations: drawRotations(this.#box, 0x52, 0, 1, 0) }
    )
  }

  #noise(number: number): Float32Array {
    const out = new Float32Array(this.#box.latent.length)
    fillField(out, 0, this.#box.frame, { seed: 0x52, chain: 0, step: number, purpose: 'probe' })
    return out
  }
}

/** Precision of the slower of the two groups that chains are judged by, measured frequencies and the wedge: harmonic means. */
function slowestGroup({ operator, size }: Box, precision: Float64Array): number {
  const { plane } = operator
  const sums = { measured: 0, wedge: 0 }
  const counts = { measured: 0, wedge: 0 }
  const k = [0, 0, 0]
  let i = 0
  for (k[0] = 0; k[0] < size[0]; k[0]++)
    for (k[1] = 0; k[1] < size[1]; k[1]++)
      for (k[2] = 0; k[2] < size[2]; k[2]++, i++) {
        if (!(precision[i] > 0)) continue
        const m = plane.values[k[plane.axes[0]] * plane.size[1] + k[plane.axes[1]]]
        const group = m > 0.5 ? 'measured' : 'wedge'
        sums[group] += 1 / precision[i]
        counts[group]++
      }
  const harmonic = (group: 'measured' | 'wedge'): number => (counts[group] > 0 ? counts[group] / sums[group] : Infinity)
  return Math.min(harmonic('measured'), harmonic('wedge'))
}

/** A curvature to divide by: a concave direction tells no scale. */
const positive = (curvature: number): number => (curvature > 0 ? curvature : 1)

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function average(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}
