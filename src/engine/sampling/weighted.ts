import type { Warning } from '../../shared/runs.ts'
import type { Settings } from '../../shared/settings.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { createFamily, familyMaps, pushMember } from '../posterior/family.ts'
import type { FamilyAccumulator, FamilyMaps } from '../posterior/family.ts'
import { createMoments, pushDraw, weightEss } from '../posterior/moments.ts'
import type { Moments } from '../posterior/moments.ts'
import type { Evaluated, StepModel } from '../graph/step-model.ts'
import { isWithoutRotations } from '../graph/networks.ts'
import type { Matrix3 } from '../graph/rotation.ts'
import { batchFor, misfitPerVoxel, openModel, toRegion } from './box.ts'
import type { Box } from './box.ts'
import { fillField } from './noise/field.ts'
import { drawUniform } from './noise/normal.ts'
import { assertPriorFits, drawRotations } from './prior-view.ts'
import { assertSameSettings, cancelledError, checkpointer, letOthersRun } from './problem.ts'
import type { Hooks, Reconstruction, RunState, Trace } from './problem.ts'
import { throttled } from './progress.ts'
import type { ProgressMeter } from './progress.ts'
import { regionMaps } from './region-maps.ts'

/** What a weighted run needs to go on, as plain data. The next candidate's number is that of the weights so far. */
export interface WeightedState {
  family: FamilyAccumulator
  /** Moments of z; only where there is a decoder. */
  barycentre: Moments
  misfit: Moments
  logWeights: number[]
  trace: Trace
}

/**
 * CryoWGEN-I (method.md section 4): candidates z_m ~ kappa(z | y) = N(zbar, 1 / (beta precision)), weights
 * omega = softmax(G / gamma) in the log domain, and weighted moments of A(z_m), all in one pass: a candidate is never needed
 * again, and the few kept as members are drawn anew from their noise.
 */
export async function runWeighted(
  box: Box,
  settings: Settings,
  hooks: Hooks,
  meter: ProgressMeter,
  resumeFrom?: RunState
): Promise<Reconstruction> {
  if (!(settings.beta > 0))
    throw new WedgeviewError(
      'input',
      'beta-needed',
      'CryoWGEN-I draws its candidates from N(zbar, I / beta), and beta is 0.',
      'Give a positive --beta, or use CryoWGEN-II.'
    )
  assertPriorFits('cryowgen-1', box.networks.prior?.spec ?? null, false)
  if (resumeFrom) assertSameSettings(resumeFrom, 'cryowgen-1', settings)
  meter.start('Compiling the step graph')
  const batch = batchFor(box, Math.min(16, settings.candidates))
  const model = await openModel(box, { batch, withPrior: true, withGradient: false, withFilter: false })
  try {
    return await draw(model, box, settings, hooks, meter, resumeFrom)
  } finally {
    await model.close()
  }
}

async function draw(
  model: StepModel,
  box: Box,
  settings: Settings,
  hooks: Hooks,
  meter: ProgressMeter,
  resumeFrom?: RunState
): Promise<Reconstruction> {
  const { candidates, gamma, lambda } = settings
  const { batch } = model.spec
  const state: WeightedState =
    resumeFrom?.method === 'cryowgen-1'
      ? resumeFrom.weighted
      : {
          family: createFamily(box.voxels, settings.threshold),
          barycentre: createMoments(box.networks.decoder ? box.latent.length : 0),
          misfit: createMoments(1),
          logWeights: [],
          trace: { potential: [], misfit: [] }
        }
  const { family, barycentre, misfit, logWeights, trace } = state
  const saveState = checkpointer(hooks)
  const maps = (members: Float32Array[]): FamilyMaps => regionMaps(box, { ...familyMaps(family), members })
  const sendPartial = throttled(1000, () => hooks.onPartial?.(maps([])))
  const difference = new Float32Array(box.voxels)

  meter.start('Weighing candidates', candidates, logWeights.length)
  for (let first = logWeights.length; first < candidates; first += batch) {
    await letOthersRun()
    if (hooks.signal.aborted) break
    const latents = candidateLatents(box, settings, first, batch)
    const result = await evaluateTurned(model, box, settings.seed, latents)
    for (let b = 0; b < batch && first + b < candidates; b++) {
      const potential = result.energy[b] + 0.5 * lambda * result.misfit[b]
      const logWeight = Number.isFinite(potential) ? -potential / gamma : -Infinity
      logWeights.push(logWeight)
      const part = slice(result, b, box.voxels)
      pushMember(family, part.volume, part.measured, logWeight, difference)
      if (box.networks.decoder)
        pushDraw(barycentre, latents.subarray(b * box.latent.length, (b + 1) * box.latent.length), logWeight)
      const perVoxel = misfitPerVoxel(box, lambda, result.misfit[b])
      pushDraw(misfit, [Number.isFinite(perVoxel) ? perVoxel : 0], logWeight)
      trace.potential.push(potential)
      trace.misfit.push(perVoxel)
    }
    const done = logWeights.length
    meter.step(done, {
      potential: trace.potential[done - 1],
      misfitPerMeasuredVoxel: misfit.mean[0],
      members: done
    })
    if (done > 1) sendPartial()
    await saveState(() => ({ method: 'cryowgen-1', settings, weighted: state }))
  }
  const partial = logWeights.length < candidates
  if (partial && logWeights.length < 2) throw cancelledError()
  if (family.volume.weight === 0) throw nothingFinite()

  const ess = weightEss(family.volume)
  trace.freeEnergy = { value: -logMeanExp(logWeights), weightEss: ess }
  const picked = resample(logWeights, settings.members, settings.seed)
  const members = partial ? [] : await volumesOf(model, box, settings, picked, hooks)
  const centre = barycentre.count > 0 ? Float32Array.from(barycentre.mean) : null
  const barycentreVolume = centre && !partial ? await decode(model, box, centre) : Float32Array.from(family.volume.mean)
  return {
    map: null,
    family: maps(members),
    barycentre: toRegion(box, barycentreVolume),
    misfitPerMeasuredVoxel: misfit.mean[0],
    diagnostics: { ess: null, rHat: null, acceptance: null, objective: null, weightEss: ess },
    trace,
    warnings: essWarnings(ess, logWeights.length),
    partial,
    device: model.device,
    settings,
    chosen: []
  }
}

/** z_m of candidates first … first + count, (count, c, latent size). */
export function candidateLatents(box: Box, { beta, seed }: Settings, first: number, count: number): Float32Array {
  const { latent } = box
  const { centre, precision } = box.conditioning
  const out = new Float32Array(count * latent.length)
  for (let m = 0; m < count; m++) {
    const start = m * latent.length
    fillField(out, start, box.frame, { seed, chain: first + m, step: 0, purpose: 'candidate' })
    for (let i = 0; i < latent.length; i++)
      out[start + i] = centre[i] + out[start + i] / Math.sqrt(beta * (precision ? precision[i] : 1))
  }
  return out
}

/** Rotations that a prior of the observation domain is averaged over; the same for all candidates, so that they compare. */
const turns = 4

async function evaluateTurned(model: StepModel, box: Box, seed: number, latents: Float32Array): Promise<Evaluated> {
  const { batch } = model.spec
  const spec = box.networks.prior?.spec
  if (!spec || isWithoutRotations(spec)) return model.evaluate(latents, box.conditioning)
  const looks: Evaluated[] = []
  for (let turn = 0; turn < turns; turn++) {
    const [rotation] = drawRotations(box, seed, 0, 1, turn) ?? []
    const view = { rotations: new Array<Matrix3>(batch).fill(rotation) }
    looks.push(await model.evaluate(latents, box.conditioning, view))
  }
  const energy = looks[0].energy.map((_, b) => looks.reduce((sum, look) => sum + look.energy[b] / turns, 0))
  return { ...looks[0], energy }
}

function slice(
  { volume, measured }: Evaluated,
  b: number,
  voxels: number
): { volume: Float32Array; measured: Float32Array } {
  const [from, to] = [b * voxels, (b + 1) * voxels]
  return { volume: volume.subarray(from, to), measured: measured.subarray(from, to) }
}

/** Systematic resampling: `count` candidates, each in proportion to its weight, with one random number. */
export function resample(logWeights: readonly number[], count: number, seed: number): number[] {
  const top = logWeights.reduce((a, b) => Math.max(a, b), -Infinity)
  const weights = logWeights.map((value) => Math.exp(value - top))
  const total = weights.reduce((a, b) => a + b, 0)
  const offset = drawUniform({ seed, chain: 0, step: 0, purpose: 'resample' })
  const picked: number[] = []
  let sum = 0
  for (let m = 0; m < weights.length && picked.length < count; m++) {
    sum += weights[m]
    while (picked.length < count && ((picked.length + offset) / count) * total < sum) picked.push(m)
  }
  while (picked.length < count) picked.push(weights.length - 1)
  return picked
}

/** log of the mean of exp(values), without overflow. */
export function logMeanExp(values: readonly number[]): number {
  const top = values.reduce((a, b) => Math.max(a, b), -Infinity)
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0) / values.length)
}

async function volumesOf(
  model: StepModel,
  box: Box,
  settings: Settings,
  picked: readonly number[],
  hooks: Hooks
): Promise<Float32Array[]> {
  const volumes = new Map<number, Float32Array>()
  for (const m of new Set(picked)) {
    await letOthersRun()
    if (hooks.signal.aborted) break
    volumes.set(m, await decode(model, box, candidateLatents(box, settings, m, 1)))
  }
  return picked.flatMap((m) => volumes.get(m) ?? [])
}

async function decode(model: StepModel, box: Box, latent: Float32Array): Promise<Float32Array> {
  if (!box.networks.decoder) return latent
  const latents = new Float32Array(model.spec.batch * box.latent.length)
  for (let b = 0; b < model.spec.batch; b++) latents.set(latent, b * box.latent.length)
  const { volume } = await model.evaluate(latents, box.conditioning)
  return volume.slice(0, box.voxels)
}

function essWarnings(ess: number, candidates: number): Warning[] {
  if (ess >= 0.1 * candidates) return []
  return [
    {
      code: 'weight-ess-low',
      message:
        `Few candidates carry the weight: the effective sample size is ${ess.toFixed(1)} of ${candidates}, below 10 %. ` +
        (ess < 2
          ? 'One candidate stands for all, so the variance says nothing; use CryoWGEN-II.'
          : 'The mean and the variance are coarse; use CryoWGEN-II.')
    }
  ]
}

function nothingFinite(): WedgeviewError {
  return new WedgeviewError(
    'job',
    'no-finite-candidate',
    'The bundle’s networks gave no finite potential for any candidate.',
    'Check the normalisation and the bundle with `wedgeview bundle check`, or give a larger --beta.'
  )
}
