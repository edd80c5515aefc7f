import { WedgeviewError } from '../../shared/errors.ts'
import { settingDeclarations } from '../../shared/settings.ts'
import type { ChosenSetting, Device, RequestedSettings, SettingKey, Settings } from '../../shared/settings.ts'
import { noiseLevels } from '../graph/networks.ts'
import { posteriorPrecision } from '../graph/preconditioner.ts'
import { openModel, prepareBox } from './box.ts'
import { largestCurvature, measureCurvature } from './curvature.ts'
import { gaussianMalaStep } from './langevin/metropolis.ts'
import { estimateNoise } from './noise-level.ts'
import type { Problem } from './problem.ts'

/** What the automatic choices look at. */
export type Facts = Pick<Problem, 'method' | 'volume' | 'size' | 'wedge' | 'sampler'> & {
  device?: Device
  threads?: number | null
}

/** Effective draws of the family that the automatic number of steps aims at, and the most steps that it takes for them. */
const wantedEss = 200
const mostSteps = 2000

/**
 * Settings as used: what was asked for overrides the bundle, the bundle overrides the automatic choices. Only the automatic choices of
 * settings that the method reads are told, each with its reason.
 *
 * @throws {WedgeviewError} input / noise-unknown; whatever preparing the networks throws where a step has to be measured
 */
export async function resolveSettings(
  requested: RequestedSettings,
  bundle: Problem['bundle'],
  facts: Facts
): Promise<{ settings: Settings; chosen: ChosenSetting[] }> {
  const { method } = facts
  const chosen: ChosenSetting[] = []
  const isGibbs = method === 'cryowgen-2' && facts.sampler === 'split-gibbs'
  const defaults = bundleDefaults(bundle, facts, isGibbs)
  const given: RequestedSettings = { ...defaults, ...defined(requested) }
  const read = new Set<string>(
    settingDeclarations.filter(({ methods }) => methods.some((id) => id === method)).map(({ key }) => key)
  )
  const choose = <K extends SettingKey>(key: K, value: Settings[K], reason: string): Settings[K] => {
    if (read.has(key)) chosen.push({ setting: key, value, reason })
    return value
  }

  const sigma = given.sigma ?? chooseSigma(bundle, facts, given.lambda, choose)
  // A noise level that was asked for is meant to weigh the data, whatever weight the bundle has.
  const lambda =
    requested.lambda ??
    (requested.sigma === undefined ? defaults.lambda : undefined) ??
    choose('lambda', 1 / (sigma * sigma), '1 / sigma^2')
  const gamma = given.gamma ?? choose('gamma', 1, 'the Bayesian posterior itself, neither cooled nor heated')
  const beta = given.beta ?? chooseBeta(bundle, facts, sigma, choose)
  const isVolume = bundle.manifest.latent === 'volume'
  const preconditioner =
    given.preconditioner ??
    (isVolume
      ? choose(
          'preconditioner',
          'fourier',
          'the latent is the volume: measured and unmeasured frequencies mix at the same rate'
        )
      : choose('preconditioner', 'none', 'the latent is not the volume'))
  const mala =
    given.mala ?? choose('mala', false, 'without a correction every move is used; the step bias is told instead')
  const weights = { lambda, beta, gamma }
  // A step belongs to the kind of chain that it was meant for.
  const bundleStepFits =
    preconditioner === (defaults.preconditioner ?? preconditioner) && mala === (defaults.mala ?? false)
  const step =
    requested.step ??
    (bundleStepFits ? given.step : undefined) ??
    (method === 'cryowgen-2' && !isGibbs
      ? await chooseStep(bundle, facts, { preconditioner, mala, sigma, weights }, choose)
      : choose(
          'step',
          0.01,
          isGibbs
            ? 'not used: split Gibbs draws exactly at each level'
            : 'used by Adam only; L-BFGS finds its step by a line search'
        ))
  const chains = given.chains ?? choose('chains', 4, 'enough to see whether they agree')
  const schedule = chooseSchedule(given, { step, chains, preconditioner }, facts, choose)
  return {
    settings: {
      sigma,
      lambda,
      beta,
      gamma,
      step,
      ...schedule,
      chains,
      candidates:
        given.candidates ??
        choose('candidates', 256, 'a default; the weights’ effective sample size tells whether it is enough'),
      preconditioner,
      mala,
      members:
        given.members ??
        (isGibbs
          ? choose('members', 16, 'split Gibbs: each member is an independent draw')
          : choose('members', 8, 'a default')),
      threshold: given.threshold ?? null,
      tile: given.tile ?? null,
      seed: given.seed ?? choose('seed', 1, 'a default: the same seed gives the same family')
    },
    chosen
  }
}

/** The bundle's own values for the method; its schedule is for Langevin chains and means nothing to split Gibbs. */
function bundleDefaults(bundle: Problem['bundle'], { method }: Facts, isGibbs: boolean): RequestedSettings {
  const defaults: RequestedSettings = bundle.manifest.methods[method] ?? {}
  return isGibbs ? { ...defaults, steps: undefined, burnIn: undefined, thin: undefined, members: undefined } : defaults
}

type Choose = <K extends SettingKey>(key: K, value: Settings[K], reason: string) => Settings[K]

/** Without the keys that are there but undefined: they would hide the bundle's. */
function defined(requested: RequestedSettings): RequestedSettings {
  return Object.fromEntries(Object.entries(requested).filter(([, value]) => value !== undefined))
}

function chooseSigma(bundle: Problem['bundle'], facts: Facts, lambda: number | undefined, choose: Choose): number {
  const known = bundle.manifest.noise?.sigma
  if (known !== undefined) return known
  if (lambda !== undefined) return choose('sigma', 1 / Math.sqrt(lambda), '1 / sqrt(lambda)')
  const estimate = estimateNoise(facts.volume, facts.size, facts.wedge)
  if (estimate !== null)
    return choose(
      'sigma',
      estimate,
      'the power of the measured frequencies between 0.4 and 0.5 cycles per voxel, taken to be noise'
    )
  throw new WedgeviewError(
    'input',
    'noise-unknown',
    'The noise can’t be estimated: the region has no measured frequency between 0.4 and 0.5 cycles per voxel.',
    'Give --sigma, in units of the normalised tomogram.'
  )
}

function chooseBeta(bundle: Problem['bundle'], facts: Facts, sigma: number, choose: Choose): number {
  const { latent, prior } = bundle.manifest
  const signal = latent === 'volume' ? Math.max(variance(facts.volume) - sigma * sigma, 0.1 * sigma * sigma) : 1
  const scale = latent === 'volume' ? 'the signal’s variance' : 'a latent’s variance of 1'
  if (facts.method === 'cryowgen-1' || prior.kind === 'none')
    return choose('beta', 1 / signal, `1 / ${scale}: nothing else confines the candidates`)
  return choose(
    'beta',
    0.01 / signal,
    `0.01 / ${scale}: keeps chains from where a learned prior extrapolates, and hardly narrows the family`
  )
}

async function chooseStep(
  bundle: Problem['bundle'],
  facts: Facts,
  {
    preconditioner,
    mala,
    sigma,
    weights
  }: Pick<Settings, 'preconditioner' | 'mala' | 'sigma'> & { weights: { lambda: number; beta: number; gamma: number } },
  choose: Choose
): Promise<number> {
  if (preconditioner === 'fourier') {
    if (mala) {
      const step = gaussianMalaStep(facts.volume.length)
      return choose(
        'step',
        step,
        'the best Metropolis-corrected step for a Gaussian of this many voxels; tuned during the burn-in'
      )
    }
    return choose(
      'step',
      0.2,
      'a fifth of the preconditioned posterior’s variance: chains forget their past in about 5 steps'
    )
  }
  if (preconditioner === 'rmsprop') return choose('step', mala ? 1e-3 : 5e-3, 'a default for gradients of unit size')
  const box = await prepareBox({ ...facts, bundle, device: facts.device ?? 'cpu', threads: facts.threads ?? null })
  const model = await openModel(box, { batch: 1, withPrior: true, withGradient: true, withFilter: false })
  try {
    const spec = box.networks.prior?.spec
    const noiseLevel = spec && spec.kind !== 'energy' ? noiseLevels(spec, sigma).at(-1) : undefined
    let stiffest: number
    if (box.latent.length === box.voxels) {
      const { prior, gain } = await measureCurvature(model, box, noiseLevel)
      const precision = posteriorPrecision(box.operator.plane, box.size, weights, prior, gain)
      stiffest = precision.reduce((a, b) => Math.max(a, b), 0)
    } else stiffest = await largestCurvature(model, box, weights, noiseLevel)
    const share = mala ? gaussianMalaStep(box.latent.length) : 0.2
    return choose(
      'step',
      share / stiffest,
      `${share.toPrecision(2)} / ${stiffest.toPrecision(3)}, the largest curvature of the posterior${mala ? '; tuned during the burn-in' : ''}`
    )
  } finally {
    await model.close()
  }
}

function chooseSchedule(
  given: RequestedSettings,
  { step, chains, preconditioner }: Pick<Settings, 'step' | 'chains' | 'preconditioner'>,
  { method, sampler }: Facts,
  choose: Choose
): Pick<Settings, 'steps' | 'burnIn' | 'thin'> {
  if (sampler === 'split-gibbs')
    return {
      steps: given.steps ?? choose('steps', 40, 'noise levels that each draw comes down through'),
      burnIn: 0,
      thin: 1
    }
  if (method !== 'cryowgen-2')
    return {
      steps: given.steps ?? choose('steps', 200, 'an upper limit: it stops when the objective does'),
      burnIn: 0,
      thin: 1
    }
  // A preconditioned chain forgets at the rate eta; without one the slowest direction is not known, and a fixed length has to do.
  const rate = preconditioner === 'fourier' ? Math.min(1, step) : null
  const burnIn =
    given.burnIn ??
    (given.steps !== undefined
      ? choose('burnIn', Math.floor(given.steps / 4), 'a quarter of the steps')
      : rate !== null
        ? choose('burnIn', Math.min(500, Math.ceil(Math.log(1000) / rate)), 'until a thousandth of the start is left')
        : choose('burnIn', 200, 'a default'))
  const thin =
    given.thin ??
    (rate !== null
      ? choose('thin', Math.max(1, Math.round(0.5 / rate)), 'draws nearer to each other say little new')
      : choose('thin', 4, 'a default'))
  if (given.steps !== undefined) return { steps: given.steps, burnIn, thin }
  if (rate === null) return { steps: choose('steps', 1000, 'a default'), burnIn, thin }
  const wanted = Math.ceil((wantedEss / chains) * ((2 - rate) / rate))
  const steps = Math.min(mostSteps, burnIn + wanted)
  const reason =
    steps < burnIn + wanted
      ? `the upper limit; an effective sample size of ${wantedEss} would take ${burnIn + wanted}`
      : `an effective sample size of about ${wantedEss} over all chains`
  return { steps: choose('steps', steps, reason), burnIn, thin }
}

function variance(values: Float32Array): number {
  let sum = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    sum += values[i]
    squares += values[i] * values[i]
  }
  return squares / values.length - (sum / values.length) ** 2
}
