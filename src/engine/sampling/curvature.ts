import type { ZYX } from '../../shared/axes.ts'
import { frequency } from '../fourier/frequency.ts'
import { columnWeight, forwardReal } from '../fourier/real.ts'
import type { PriorView, StepModel, Weights } from '../graph/step-model.ts'
import { broadcastPlane } from '../wedge/mask.ts'
import type { Box } from './box.ts'
import { fillField, wholeFrame } from './noise/field.ts'
import { drawRotations } from './prior-view.ts'

/**
 * Curvature of the two terms of G(z; y) around zbar, at every frequency, (D, H, W) in FFT order. method.md 8.1 writes the
 * Hessian of -G as lambda M^2 |a|^2 + Q.
 */
export interface Curvature {
  /** Q(k) of the prior, in units of z; null without one. */
  prior: Float64Array | null
  /** |a(k)|^2 of the decoder; null where the latent is the volume itself. */
  gain: Float64Array | null
}

const probes = 2

/**
 * Measures both, as the radial functions of |k| that the Hessians H have on average: Hutchinson probes v of white noise,
 * sum Re(conj(v) F H v) / sum |v|^2 over each shell of frequencies, H v from central differences of the gradient. Exact where H is
 * diagonal in Fourier space and radial, as for the Gaussian prior of method.md 8.1.
 *
 * @param model a step graph with gradient of a bundle whose latent has the volume's size
 */
export async function measureCurvature(model: StepModel, box: Box, noiseLevel?: number): Promise<Curvature> {
  const prior =
    model.spec.withPrior && box.networks.prior ? await radialHessian(model, box, priorOnly, null, noiseLevel) : null
  const mask = broadcastPlane(box.operator.plane, box.size)
  const gain = box.networks.decoder ? await radialHessian(model, box, dataOnly, mask, noiseLevel) : null
  return { prior, gain }
}

/** Weights that leave one term in the graph's gradient. */
const priorOnly: Weights = { lambda: 0, beta: 0, gamma: 1 }
// The prior's force is divided by gamma, which takes it out; lambda / gamma stays 1.
const dataOnly: Weights = { lambda: 1e30, beta: 0, gamma: 1e30 }

async function radialHessian(
  model: StepModel,
  box: Box,
  weights: Weights,
  mask: Float32Array | null,
  noiseLevel: number | undefined
): Promise<Float64Array> {
  const { size, voxels } = box
  const centre = box.conditioning.centre
  const step = 0.1 * rootMeanSquare(box.volume)
  const shells = Math.ceil(largestRadius * Math.max(...size)) + 1
  const along = new Float64Array(shells)
  const power = new Float64Array(shells)
  for (let probe = 0; probe < probes; probe++) {
    const v = new Float32Array(voxels)
    fillField(v, 0, wholeFrame(1, size), { seed: 0x51, chain: 0, step: probe, purpose: 'probe' })
    // A prior that sees the volume turned at random is probed turned at random.
    const view = { noiseLevel, rotations: drawRotations(box, 0x51, 0, model.spec.batch, probe) }
    const forceAt = (sign: number): Promise<Float32Array> =>
      force(
        model,
        box,
        weights,
        centre.map((value, i) => value + sign * step * v[i]),
        view
      )
    const up = await forceAt(1)
    const down = await forceAt(-1)
    const product = v.map((_, i) => (down[i] - up[i]) / (2 * step))
    const a = forwardReal(v, size)
    const b = forwardReal(product, size)
    forEachHalf(size, a.halfWidth, (index, full, radius, weight) => {
      const m = mask ? mask[full] : 1
      const shell = shellOf(radius, shells)
      along[shell] += weight * (a.re[index] * b.re[index] + a.im[index] * b.im[index])
      power[shell] += weight * m * m * (a.re[index] ** 2 + a.im[index] ** 2)
    })
  }
  // Concave shells count as flat: a preconditioner has to be positive.
  const radial = along.map((sum, shell) => (power[shell] > 0 ? Math.max(0, sum / power[shell]) : NaN))
  fillGaps(radial)
  return spread(radial, size)
}

/**
 * Mean eigenvalue of the Hessian of -log q* at zbar with the given weights, by one Hutchinson probe. With lambda = 0 it is that of what
 * holds the directions that the data say nothing about: the prior and the tether.
 */
export async function meanCurvature(
  model: StepModel,
  box: Box,
  weights: Weights,
  noiseLevel?: number
): Promise<number> {
  const { centre } = box.conditioning
  const v = new Float32Array(centre.length)
  fillField(v, 0, box.frame, { seed: 0x51, chain: 0, step: 0, purpose: 'probe' })
  const step = 0.1 * rootMeanSquare(centre)
  const view = { noiseLevel, rotations: drawRotations(box, 0x51, 0, model.spec.batch, 0) }
  const at = (sign: number): Float32Array => centre.map((value, i) => value + sign * step * v[i])
  const up = await force(model, box, weights, at(1), view)
  const down = await force(model, box, weights, at(-1), view)
  let along = 0
  let power = 0
  for (let i = 0; i < v.length; i++) {
    along += (v[i] * (down[i] - up[i])) / (2 * step)
    power += v[i] * v[i]
  }
  return along / power
}

/** Gradient of log q* with the given weights at one latent; the other chains of the batch stand at the same place. */
async function force(
  model: StepModel,
  box: Box,
  weights: Weights,
  latent: Float32Array,
  view: PriorView
): Promise<Float32Array> {
  const { batch } = model.spec
  const position = new Float32Array(batch * latent.length)
  for (let b = 0; b < batch; b++) position.set(latent, b * latent.length)
  const still = new Float32Array(position.length)
  const steps = new Array<number>(batch).fill(0)
  const stepped = await model.step(
    { position, drift: still, noise: still, steps },
    box.conditioning,
    weights,
    flatFilter(model),
    view
  )
  return stepped.gradient.subarray(0, latent.length)
}

/** P = 1, for a graph that insists on a preconditioner. */
export function flatFilter(model: StepModel): Parameters<StepModel['step']>[3] {
  if (!model.spec.withFilter) return undefined
  const { size } = model.spec
  const ones = { size, even: new Float32Array(size[0] * size[1] * size[2]).fill(1), odd: [] }
  return { full: ones, root: ones }
}

/** Shells are centred on equally spaced radii, a Fourier pixel apart, from 0 to the corner's sqrt(3)/2 cycles per voxel. */
const largestRadius = Math.sqrt(3) / 2
const shellPosition = (radius: number, shells: number): number => (radius / largestRadius) * (shells - 1)
const shellOf = (radius: number, shells: number): number => Math.round(shellPosition(radius, shells))

function forEachHalf(
  size: ZYX,
  halfWidth: number,
  visit: (index: number, fullIndex: number, radius: number, weight: number) => void
): void {
  let index = 0
  for (let z = 0; z < size[0]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < halfWidth; x++, index++) {
        const radius = Math.hypot(frequency(z, size[0]), frequency(y, size[1]), frequency(x, size[2]))
        visit(index, (z * size[1] + y) * size[2] + x, radius, columnWeight(x, size[2]))
      }
}

/** Shells without a frequency take the nearest shell's value. */
function fillGaps(radial: Float64Array): void {
  for (let i = 1; i < radial.length; i++) if (Number.isNaN(radial[i])) radial[i] = radial[i - 1]
  for (let i = radial.length - 2; i >= 0; i--) if (Number.isNaN(radial[i])) radial[i] = radial[i + 1]
}

/** A radial function at every frequency, linear between its shells. */
function spread(radial: Float64Array, size: ZYX): Float64Array {
  const out = new Float64Array(size[0] * size[1] * size[2])
  let at = 0
  for (let z = 0; z < size[0]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < size[2]; x++) {
        const radius = Math.hypot(frequency(z, size[0]), frequency(y, size[1]), frequency(x, size[2]))
        const position = shellPosition(radius, radial.length)
        const lower = Math.min(radial.length - 2, Math.floor(position))
        const share = position - lower
        out[at++] = (1 - share) * radial[lower] + share * radial[lower + 1]
      }
  return out
}

function rootMeanSquare(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
  return Math.sqrt(sum / values.length) || 1
}
