import type { Settings } from '../../shared/settings.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { forwardReal, inverseReal } from '../fourier/real.ts'
import { applyMultiplier } from '../fourier/multiplier.ts'
import { openNetwork } from '../graph/network-session.ts'
import { noiseLevels } from '../graph/networks.ts'
import type { Network } from '../graph/networks.ts'
import { posteriorPrecision } from '../graph/preconditioner.ts'
import { floatTensor } from '../graph/session.ts'
import type { NetworkSession } from '../graph/session.ts'
import { refuseAbove } from '../graph/step-model.ts'
import { createFamily, familyMaps, pushMember } from '../posterior/family.ts'
import type { FamilyAccumulator } from '../posterior/family.ts'
import { broadcastPlane } from '../wedge/mask.ts'
import { batchFor, exceptionOf, misfitPerVoxel } from './box.ts'
import type { Box } from './box.ts'
import { fillField } from './noise/field.ts'
import { assertSameSettings, cancelledError, checkpointer, letOthersRun } from './problem.ts'
import type { Hooks, Reconstruction, RunState, Trace } from './problem.ts'
import { throttled } from './progress.ts'
import type { ProgressMeter } from './progress.ts'
import { regionMaps } from './region-maps.ts'

/**
 * Split Gibbs for denoiser priors whose latent is the volume (method.md section 4): at noise level s,
 * x0 ~ N(D(x_s), r^2 gamma) with r^2 = s^2 / (1 + s^2), conditioned on y exactly, in Fourier space, where its precision is
 * Lambda = (lambda M^2 + 1 / r^2) / gamma + beta; then x_s' = x0 + s' sqrt(gamma) xi at the next level.
 *
 * For volumes of unit variance r^2 is the exact variance of x0 given x_s, and each sweep leaves the posterior of x0 as it
 * is, at every level and temperature: that is the test. Each draw comes down through all levels on its own, one network run a level:
 * draws are independent, max(chains, members) of them, and `steps` is the number of levels.
 */
export async function runSplitGibbs(
  box: Box,
  settings: Settings,
  hooks: Hooks,
  meter: ProgressMeter,
  resumeFrom?: RunState
): Promise<Reconstruction> {
  const { prior } = box.networks
  if (resumeFrom) assertSameSettings(resumeFrom, 'split-gibbs', settings)
  if (prior?.spec.kind !== 'denoiser' || prior.spec.domain !== 'volume' || box.networks.decoder)
    throw new WedgeviewError(
      'input',
      'sampler-unsuitable',
      'Split Gibbs needs a denoiser prior in the volume domain, and a bundle whose latent is the volume.',
      'Use the Langevin sampler with this bundle.'
    )
  meter.start('Compiling the denoiser')
  const draws = Math.max(settings.chains, settings.members)
  const batch = batchFor(box, Math.min(settings.chains, draws))
  const session = await openDenoiser(box, prior, batch)
  try {
    // Where zbar is, too, is decided now.
    await box.encode(session.device)
    return await sample(
      session,
      box,
      batch,
      settings,
      hooks,
      meter,
      resumeFrom?.method === 'split-gibbs' ? resumeFrom : null
    )
  } finally {
    await session.close()
  }
}

/** The denoiser where `auto` found it fastest; asked for by name, on the CPU where it can't run there. */
async function openDenoiser(box: Box, network: Network, batch: number): Promise<NetworkSession> {
  const { device, threads, say, deviceChoice: decided, networks } = box
  const { session, choice } = await openNetwork(
    { network, shape: [batch, 1, ...box.size], folder: networks.folder },
    { device, threads, say, decided },
    (bytes) => refuseAbove(bytes, box.size)
  )
  if (device === 'auto') {
    box.deviceChoice = choice
    if (choice && choice !== decided) await box.onDevice?.(choice)
  } else if (choice) box.exceptions.push(exceptionOf('denoiser', choice))
  return session
}

/** Draws between two levels, as plain data. */
export interface GibbsState {
  /** Number of the batch's first draw, and the level that comes next. */
  first: number
  level: number
  /** x0 of each draw of the batch, after the level before. */
  clean: Float32Array[]
  family: FamilyAccumulator
  misfitSum: number
  /** Levels that were gone through in all. */
  steps: number
}

/** Levels from the highest that the bundle declares to the lowest, equal steps of log s. */
export function gibbsLevels(declared: readonly number[], count: number): number[] {
  const [high, low] = [declared[0], declared[declared.length - 1]]
  return Array.from({ length: count }, (_, i) => high * (low / high) ** (count > 1 ? i / (count - 1) : 1))
}

async function sample(
  session: NetworkSession,
  box: Box,
  batch: number,
  settings: Settings,
  hooks: Hooks,
  meter: ProgressMeter,
  before: Extract<RunState, { draws: GibbsState }> | null
): Promise<Reconstruction> {
  const { prior } = box.networks
  if (!prior) throw new RangeError('Split Gibbs without a prior.')
  const { voxels, size } = box
  const levels = gibbsLevels(noiseLevels(prior.spec, settings.sigma), settings.steps)
  const draws = Math.max(settings.chains, settings.members)
  const conditional = new Conditional(box, settings)
  const family = before?.draws.family ?? createFamily(voxels, settings.threshold)
  const trace: Trace = before?.trace ?? { potential: [], misfit: [] }
  const saveState = checkpointer(hooks)
  const sendPartial = throttled(1000, () => hooks.onPartial?.(regionMaps(box, familyMaps(family))))
  const volumeShape = [batch, 1, ...size]
  const denoise = async (volumes: Float32Array, s: number): Promise<Float32Array> => {
    const feeds = { [prior.input]: floatTensor(volumes, volumeShape) }
    if (prior.sigmaInput !== null) feeds[prior.sigmaInput] = floatTensor(new Float32Array(batch).fill(s), [batch])
    return (await session.run(feeds, [prior.output]))[prior.output].data as Float32Array
  }
  const heat = Math.sqrt(settings.gamma)
  const noise = (chain: number, level: number): Float32Array => {
    const out = new Float32Array(voxels)
    fillField(out, 0, box.frame, { seed: settings.seed, chain, step: level, purpose: 'annealing' })
    return out
  }

  let steps = before?.draws.steps ?? 0
  let misfitSum = before?.draws.misfitSum ?? 0
  meter.start('Sampling', Math.ceil(draws / batch) * levels.length, steps)
  const from = before?.draws ?? { first: 0, level: 0, clean: null }
  for (let { first } = from; first < draws && !hooks.signal.aborted; first += batch) {
    const state = new Float32Array(batch * voxels)
    const goesOn = first === from.first ? from.clean : null
    const clean: Float32Array[] = goesOn ?? Array.from({ length: batch }, () => box.conditioning.centre)
    for (let level = goesOn ? from.level : 0; level < levels.length; level++) {
      const s = levels[level]
      // Never after the last level: those draws are counted first.
      await saveState(() => ({
        method: 'split-gibbs',
        settings,
        draws: { first, level, clean, family, misfitSum, steps },
        trace
      }))
      await letOthersRun()
      if (hooks.signal.aborted) break
      for (let b = 0; b < batch; b++) {
        const xi = noise(first + b, 2 * level)
        for (let i = 0; i < voxels; i++) state[b * voxels + i] = clean[b][i] + s * heat * xi[i]
      }
      const denoised = await denoise(state, s)
      for (let b = 0; b < batch; b++)
        clean[b] = conditional.draw(denoised.subarray(b * voxels, (b + 1) * voxels), s, noise(first + b, 2 * level + 1))
      meter.step(++steps, { members: family.volume.count })
    }
    if (hooks.signal.aborted) break
    for (let b = 0; b < batch && first + b < draws; b++) {
      const measured = box.operator.apply(clean[b])
      pushMember(family, clean[b], measured)
      if (family.members.length < settings.members) family.members.push(clean[b])
      let misfit = 0
      for (let i = 0; i < voxels; i++) misfit += (box.conditioning.measuredData[i] - measured[i]) ** 2
      misfitSum += misfit
      trace.misfit.push(misfitPerVoxel(box, settings.lambda, misfit))
    }
    if (family.volume.count > 1) sendPartial()
  }
  const { count } = family.volume
  const partial = count < draws
  if (partial && count < 2) throw cancelledError()
  return {
    map: null,
    family: regionMaps(box, familyMaps(family)),
    barycentre: null,
    misfitPerMeasuredVoxel: misfitPerVoxel(box, settings.lambda, misfitSum / count),
    diagnostics: { ess: count, rHat: null, acceptance: null, objective: null, weightEss: null },
    trace,
    warnings:
      count < 20
        ? [
            {
              code: 'few-draws',
              message: `The maps rest on ${count} independent draws only; more --members refine them.`
            }
          ]
        : [],
    partial,
    device: session.device,
    settings,
    chosen: []
  }
}

/** x0 given the denoiser's answer and y, drawn exactly in Fourier space. */
class Conditional {
  readonly #box: Box
  readonly #settings: Settings
  /** (lambda / gamma) T_M^2 y + beta zbar: what does not depend on the level. */
  readonly #fixed: Float64Array
  #level = NaN
  #inverse = new Float64Array(0)

  constructor(box: Box, settings: Settings) {
    this.#box = box
    this.#settings = settings
    const { lambda, gamma, beta } = settings
    const square = broadcastPlane(box.operator.plane, box.size).map((m) => m * m)
    const data = applyMultiplier(box.volume, box.size, square)
    this.#fixed = data.map((value, i) => (lambda / gamma) * value + beta * box.conditioning.centre[i])
  }

  draw(denoised: Float32Array, s: number, noise: Float32Array): Float32Array {
    const { size, operator } = this.#box
    const { gamma } = this.#settings
    const precision = (1 + s * s) / (s * s)
    if (s !== this.#level) {
      const prior = new Float64Array(denoised.length).fill(precision)
      this.#inverse = posteriorPrecision(operator.plane, size, this.#settings, prior).map((value) => 1 / value)
      this.#level = s
    }
    const right = this.#fixed.map((value, i) => value + (precision / gamma) * denoised[i])
    const mean = forwardReal(right, size)
    const spread = forwardReal(noise, size)
    const width = size[2]
    for (let row = 0, i = 0; row < size[0] * size[1]; row++)
      for (let x = 0; x < mean.halfWidth; x++, i++) {
        const inverse = this.#inverse[row * width + x]
        const root = Math.sqrt(inverse)
        mean.re[i] = inverse * mean.re[i] + root * spread.re[i]
        mean.im[i] = inverse * mean.im[i] + root * spread.im[i]
      }
    return Float32Array.from(inverseReal(mean))
  }
}
