import type { Settings } from '../../../shared/settings.ts'
import { applyMultiplier } from '../../fourier/multiplier.ts'
import { inversePrecision, posteriorPrecision } from '../../graph/preconditioner.ts'
import { logDensity } from '../../graph/step-model.ts'
import type { StepModel, Stepped, Weights } from '../../graph/step-model.ts'
import { misfitPerVoxel, openModel, toRegion } from '../box.ts'
import type { Box } from '../box.ts'
import { measureCurvature } from '../curvature.ts'
import { assertSameSettings, checkpointer, letOthersRun, throwIfCancelled } from '../problem.ts'
import type { Hooks, Reconstruction, RunState, Trace } from '../problem.ts'
import type { ProgressMeter } from '../progress.ts'
import { hasPotential } from '../prior-view.ts'
import { ascend } from './ascent.ts'
import { minimiseLbfgs } from './lbfgs.ts'
import type { LbfgsState } from './lbfgs.ts'

/** Relative decrease of the objective below which the MAP counts as found. */
const relativeDecrease = 1e-7

/**
 * CryoGEN-I: argmin_z lambda/2 |T_M (y - A(z))|^2 + E + beta/2 |z - zbar|^2 from z = zbar, by L-BFGS. Where the latent is the
 * volume, the inverse of the Gaussian Hessian is the first guess of the inverse Hessian. A prior that has no value to search along, or
 * another one at each look, is ascended by its gradient instead (ascent.ts).
 */
export async function runMap(
  box: Box,
  settings: Settings,
  hooks: Hooks,
  meter: ProgressMeter,
  resumeFrom?: RunState
): Promise<Reconstruction> {
  if (resumeFrom) assertSameSettings(resumeFrom, 'cryogen-1', settings)
  const before = resumeFrom?.method === 'cryogen-1' ? resumeFrom : null
  meter.start('Compiling the step graph')
  const searches = hasPotential(box.networks.prior?.spec ?? null)
  const withFilter = !searches && box.latent.length === box.voxels
  const model = await openModel(box, { batch: 1, withPrior: true, withGradient: true, withFilter })
  try {
    throwIfCancelled(hooks.signal)
    if (searches)
      return await minimise(model, box, settings, hooks, meter, before && 'search' in before ? before : null)
    return await ascend(model, box, settings, hooks, meter, before && 'ascent' in before ? before : null)
  } finally {
    await model.close()
  }
}

async function minimise(
  model: StepModel,
  box: Box,
  settings: Settings,
  hooks: Hooks,
  meter: ProgressMeter,
  before: Extract<RunState, { search: LbfgsState }> | null
): Promise<Reconstruction> {
  const weights: Weights = { lambda: settings.lambda, beta: settings.beta, gamma: 1 }
  const still = new Float32Array(box.latent.length)
  const trace: Trace = before?.trace ?? { potential: [], misfit: [] }
  const saveState = checkpointer(hooks)
  let latest: Stepped | null = null
  const evaluate = async (position: Float32Array): Promise<{ value: number; gradient: Float32Array }> => {
    await letOthersRun()
    throwIfCancelled(hooks.signal)
    latest = await model.step({ position, drift: still, noise: still, steps: [0] }, box.conditioning, weights)
    return { value: -logDensity(latest, weights, 0), gradient: latest.gradient.map((value) => -value) }
  }
  const precondition = await preconditionerOf(model, box, weights)
  meter.start('Finding the MAP', settings.steps, before?.search.iteration)
  let best: { volume: Float32Array; misfit: number } | null = null
  const result = await minimiseLbfgs(box.conditioning.centre, evaluate, {
    memory: 12,
    iterations: settings.steps,
    relativeDecrease,
    precondition,
    resumeFrom: before?.search,
    onIteration: async (iteration, _, value, state) => {
      if (latest) best = { volume: latest.volume, misfit: latest.misfit[0] }
      const misfit = best ? misfitPerVoxel(box, settings.lambda, best.misfit) : NaN
      trace.potential.push(value)
      trace.misfit.push(misfit)
      meter.step(iteration, { potential: value, misfitPerMeasuredVoxel: misfit })
      await saveState(() => ({ method: 'cryogen-1', settings, search: state(), trace }))
      return true
    }
  })
  await evaluate(result.point)
  const final = latest as Stepped | null
  if (!final) throw new Error('The MAP was not evaluated.')
  return {
    map: toRegion(box, final.volume),
    family: null,
    barycentre: null,
    misfitPerMeasuredVoxel: misfitPerVoxel(box, settings.lambda, final.misfit[0]),
    diagnostics: { ess: null, rHat: null, acceptance: null, objective: result.value, weightEss: null },
    trace,
    warnings:
      result.reason === 'iterations'
        ? [
            {
              code: 'map-not-converged',
              message: `The MAP was still improving after ${result.iterations} iterations; more steps would refine it.`
            }
          ]
        : [],
    partial: false,
    device: model.device,
    settings,
    chosen: []
  }
}

async function preconditionerOf(
  model: StepModel,
  box: Box,
  weights: Weights
): Promise<((vector: Float32Array) => Float32Array) | undefined> {
  if (box.latent.length !== box.voxels) return undefined
  const { prior, gain } = await measureCurvature(model, box)
  const inverse = inversePrecision(posteriorPrecision(box.operator.plane, box.size, weights, prior, gain))
  return (vector) => Float32Array.from(applyMultiplier(vector, box.size, inverse))
}
