import type { Settings } from '../../../shared/settings.ts'
import { fourierPreconditioner } from '../../graph/preconditioner.ts'
import { logDensity } from '../../graph/step-model.ts'
import type { Stepped, StepModel } from '../../graph/step-model.ts'
import { misfitPerVoxel, toRegion } from '../box.ts'
import type { Box } from '../box.ts'
import { createMoments, pushDraw } from '../../posterior/moments.ts'
import type { Moments } from '../../posterior/moments.ts'
import { annealingLevels } from '../langevin/annealing.ts'
import type { Level } from '../langevin/annealing.ts'
import { drawRotations } from '../prior-view.ts'
import { checkpointer, letOthersRun, throwIfCancelled } from '../problem.ts'
import type { Hooks, Reconstruction, RunState, Trace } from '../problem.ts'
import type { ProgressMeter } from '../progress.ts'
import { adamStep, createAdam } from './adam.ts'
import type { AdamState } from './adam.ts'
import { hasTetherMap, tetheredStep } from './tether.ts'

/** An ascent between two iterations, as plain data; forces are looked at again where it goes on. */
export interface AscentState {
  iteration: number
  position: Float32Array
  quiet: number
  adam: AdamState
  /** Of the later places, where each look is random. */
  average: Moments
}

/** Share of the preconditioned gradient that a step takes; 1 would be Newton's step for the Gaussian part. */
const rate = 0.5
/** Change of z, relative to itself, below which the MAP counts as found. */
const smallChange = 1e-4
/** Share of the iterations that goes through the noise levels; the rest is spent at the lowest. */
const annealedShare = 0.5

/**
 * CryoGEN-I for priors that give a gradient only, or an energy at a random rotation: gradient ascent with the Fourier
 * preconditioner where the latent is the volume, else Adam; through the noise levels of a denoiser, and with steps that fall off where
 * each look is random. The objective is reported without the prior's part where that has no value.
 */
export async function ascend(
  model: StepModel,
  box: Box,
  settings: Settings,
  hooks: Hooks,
  meter: ProgressMeter,
  before: Extract<RunState, { ascent: AscentState }> | null
): Promise<Reconstruction> {
  const annealing = { ...settings, gamma: 1, burnIn: Math.floor(annealedShare * settings.steps) }
  const levels = await annealingLevels(model, box, annealing)
  const { prior } = box.networks
  const isRandom = prior?.spec.kind === 'energy'
  const adam = before?.ascent.adam ?? createAdam(box.latent.length)
  const still = new Float32Array(box.latent.length)
  const isTethered = hasTetherMap(box, settings.beta)
  const trace: Trace = before?.trace ?? { potential: [], misfit: [] }
  const saveState = checkpointer(hooks)
  const levelAt = (iteration: number): Level => levels.findLast(({ from }) => from <= iteration) ?? levels[0]
  const evaluate = async (position: Float32Array, iteration: number, level = levels[0]): Promise<Stepped> => {
    await letOthersRun()
    throwIfCancelled(hooks.signal)
    const filter =
      model.spec.withFilter && level.precision ? fourierPreconditioner(level.precision, box.size) : undefined
    const view = { noiseLevel: level.noiseLevel, rotations: drawRotations(box, settings.seed, 0, 1, iteration) }
    return model.step(
      { position, drift: still, noise: still, steps: [0] },
      box.conditioning,
      level.weights,
      filter,
      view
    )
  }
  let iteration = before?.ascent.iteration ?? 0
  meter.start('Finding the MAP', settings.steps, iteration)
  let at = before
    ? await evaluate(before.ascent.position, iteration, levelAt(iteration))
    : await evaluate(box.conditioning.centre, 0)
  const average = before?.ascent.average ?? createMoments(isRandom ? box.latent.length : 0)
  let quiet = before?.ascent.quiet ?? 0
  while (iteration < settings.steps && quiet < 3) {
    iteration++
    const level = levelAt(iteration)
    const falling = isRandom ? rate / (1 + iteration / 20) : rate
    let position: Float32Array = at.position.slice()
    if (model.spec.withFilter && isTethered) position = tetheredStep(box, levelAt(iteration - 1), at, falling)
    else if (model.spec.withFilter) for (let i = 0; i < position.length; i++) position[i] += falling * at.drift[i]
    else
      adamStep(
        adam,
        position,
        at.gradient.map((value) => -value),
        (settings.step * falling) / rate
      )
    const change = relativeChange(at.position, position)
    at = await evaluate(position, iteration, level)
    quiet = level === levels[levels.length - 1] && change < smallChange ? quiet + 1 : 0
    const potential = -logDensity(at, level.weights, 0)
    const misfit = misfitPerVoxel(box, settings.lambda, at.misfit[0])
    trace.potential.push(potential)
    trace.misfit.push(misfit)
    if (isRandom && 2 * iteration > settings.steps) pushDraw(average, at.position)
    meter.step(iteration, { potential, misfitPerMeasuredVoxel: misfit })
    await saveState(() => ({
      method: 'cryogen-1',
      settings,
      ascent: { iteration, position: at.position, quiet, adam, average },
      trace
    }))
  }
  // Averaging the later places (Polyak) takes most of the random looks' noise out.
  if (average.count > 0) at = await evaluate(Float32Array.from(average.mean), iteration, levels[levels.length - 1])
  return {
    map: toRegion(box, at.volume),
    family: null,
    barycentre: null,
    misfitPerMeasuredVoxel: misfitPerVoxel(box, settings.lambda, at.misfit[0]),
    diagnostics: {
      ess: null,
      rHat: null,
      acceptance: null,
      objective: trace.potential.at(-1) ?? null,
      weightEss: null
    },
    trace,
    warnings:
      quiet < 3 && !isRandom
        ? [
            {
              code: 'map-not-converged',
              message: `The MAP was still moving after ${iteration} iterations; more steps would refine it.`
            }
          ]
        : [],
    partial: false,
    device: model.device,
    settings,
    chosen: []
  }
}

function relativeChange(from: Float32Array, to: Float32Array): number {
  let moved = 0
  let whole = 0
  for (let i = 0; i < from.length; i++) {
    moved += (to[i] - from[i]) ** 2
    whole += to[i] * to[i]
  }
  return whole > 0 ? Math.sqrt(moved / whole) : 0
}
