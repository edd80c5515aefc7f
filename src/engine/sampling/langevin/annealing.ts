import type { Settings } from '../../../shared/settings.ts'
import { posteriorPrecision } from '../../graph/preconditioner.ts'
import { noiseLevels } from '../../graph/networks.ts'
import type { StepModel, Weights } from '../../graph/step-model.ts'
import type { Box } from '../box.ts'
import { meanCurvature, measureCurvature } from '../curvature.ts'
import { tetherPulls } from '../tether-pulls.ts'

/** A stretch of a chain at one noise level of the prior. */
export interface Level {
  /** First step of the stretch. */
  from: number
  /** s; undefined for a prior that knows no noise. */
  noiseLevel?: number
  weights: Weights
  /** Lambda(k) where the latent is the volume, with the strongest pull of the tether: the Fourier preconditioner is its inverse. */
  precision: Float64Array | null
  /** The same with the weakest pull, which starts are drawn at the scale of; absent where the pull is the same everywhere. */
  startPrecision?: Float64Array
  /** SD of dispersed starts where that is all that is known of their scale. */
  startScale?: number
}

/**
 * The levels that a chain goes through, method.md section 4: those that the bundle declares share the burn-in, from the highest down; draws
 * are counted at the lowest. At level s the data weigh 1 / (sigma^2 + s^2) = 1 / (1 / lambda + s^2), since the chain then holds x with noise
 * of that level. A prior without levels has one.
 */
export async function annealingLevels(model: StepModel, box: Box, settings: Settings): Promise<Level[]> {
  const { lambda, beta, gamma, sigma, burnIn } = settings
  const { prior } = box.networks
  const isVolume = box.latent.length === box.voxels
  const plane = box.operator.plane
  const pulls = tetherPulls(box, beta)
  const precisions = (
    weights: Weights,
    prior: Float64Array | null,
    gain: Float64Array | null = null
  ): Pick<Level, 'precision' | 'startPrecision'> => {
    const at = (pull: number): Float64Array =>
      posteriorPrecision(plane, box.size, { ...weights, beta: pull }, prior, gain)
    return {
      precision: at(pulls.strongest),
      ...(pulls.weakest < pulls.strongest && { startPrecision: at(pulls.weakest) })
    }
  }
  if (!prior || prior.spec.kind === 'energy') {
    const weights = { lambda, beta, gamma }
    const curvature = isVolume ? await measureCurvature(model, box) : null
    if (curvature) return [{ from: 0, weights, ...precisions(weights, curvature.prior, curvature.gain) }]
    if (!prior) return [{ from: 0, weights, precision: null }]
    // kappa alone would start far outside of the prior where the tether is weak.
    const held = await meanCurvature(model, box, { ...weights, lambda: 0 })
    return [{ from: 0, weights, precision: null, ...(held > 0 && { startScale: 1 / Math.sqrt(held) }) }]
  }
  const levels = noiseLevels(prior.spec, sigma)
  const curvature = isVolume && prior.spec.kind === 'score' ? await measureCurvature(model, box, levels[0]) : null
  return levels.map((s, i) => {
    const annealed = prior.spec.noiseLevels !== undefined
    const weights = { lambda: annealed ? 1 / (1 / lambda + s * s) : lambda, beta, gamma }
    // A denoiser's Jacobian lies between 0 and 1, so the curvature (1 - J) / s^2 is at most 1 / s^2: that is safe everywhere.
    const stiffest = prior.spec.kind === 'denoiser' ? new Float64Array(box.voxels).fill(s ** -2) : curvature?.prior
    return {
      from: Math.floor((i * burnIn) / levels.length),
      noiseLevel: s,
      weights,
      ...(isVolume ? precisions(weights, stiffest ?? null) : { precision: null })
    }
  })
}
