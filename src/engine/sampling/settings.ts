import { WedgeviewError } from '../../shared/errors.ts'
import { settingDeclarations } from '../../shared/settings.ts'
import type { ChosenSetting, Device, RequestedSettings, SettingKey, Settings } from '../../shared/settings.ts'
import { chooseKind, chooseSchedule, chooseStep } from './langevin/choices.ts'
import type { Choose } from './langevin/choices.ts'
import { estimateNoise } from './noise-level.ts'
import { assertPreconditionerFits, hasPotential } from './prior-view.ts'
import type { Problem } from './problem.ts'
import { measureStiffness } from './stiffness.ts'
import type { Stiffness } from './stiffness.ts'

/** What the automatic choices look at. */
export type Facts = Pick<Problem, 'method' | 'volume' | 'size' | 'wedge' | 'sampler'> & {
  device?: Device
  threads?: number | null
  /** The noise where somebody measured it, and how. */
  noise?: { sigma: number; reason: string }
}

/**
 * Settings as used: what was asked for overrides the bundle, the bundle overrides the automatic choices. Only the automatic choices of
 * settings that the method reads are told, each with its reason.
 *
 * @throws {WedgeviewError} usage / settings-conflict; input / noise-unknown, preconditioner-unsuitable; whatever preparing the networks throws where a step has to be measured
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

  const { noise } = facts
  const sigma =
    requested.sigma ??
    (noise && choose('sigma', noise.sigma, noise.reason)) ??
    defaults.sigma ??
    chooseSigma(bundle, facts, given.lambda, choose)
  // A noise level that was asked for or measured for this is meant to weigh the data, whatever weight the bundle has.
  const lambda =
    requested.lambda ??
    (requested.sigma === undefined && !noise ? defaults.lambda : undefined) ??
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
  const chains = given.chains ?? choose('chains', 4, 'enough to see whether they agree')
  const weights = { lambda, beta, gamma }
  const movement =
    method === 'cryowgen-2' && !isGibbs
      ? await chooseMovement(requested, bundle, facts, { preconditioner, chains, sigma, ...weights }, choose)
      : unmoved(given, isGibbs, choose)
  return {
    settings: {
      sigma,
      lambda,
      beta,
      gamma,
      ...movement,
      chains,
      candidates:
        given.candidates ??
        choose('candidates', 256, 'a default; the weights’ effective sample size tells whether it is enough'),
      preconditioner,
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

type Movement = Pick<Settings, 'step' | 'steps' | 'burnIn' | 'thin' | 'mala' | 'integrator' | 'decay' | 'decayDelay'>

/** How Langevin chains move; networks are run only where a choice depends on what they do. */
async function chooseMovement(
  requested: RequestedSettings,
  bundle: Problem['bundle'],
  facts: Facts,
  known: Pick<Settings, 'preconditioner' | 'chains' | 'sigma' | 'lambda' | 'beta' | 'gamma'>,
  choose: Choose
): Promise<Movement> {
  const defaults = bundle.manifest.methods['cryowgen-2'] ?? {}
  const { preconditioner, chains, sigma } = known
  assertPreconditionerFits(bundle, preconditioner)
  const kind = chooseKind(requested, defaults, choose)
  let measured: Promise<Stiffness> | undefined
  const measure = (): Promise<Stiffness> => {
    const { device = 'cpu', threads = null } = facts
    return (measured ??= measureStiffness({ ...facts, bundle, device, threads }, preconditioner, known, sigma))
  }
  // A step belongs to the kind of chain that it was meant for, and a schedule to the step.
  const fits =
    preconditioner === (defaults.preconditioner ?? preconditioner) &&
    kind.mala === (defaults.mala ?? false) &&
    kind.integrator === (defaults.integrator ?? kind.integrator)
  const isFixed = hasPotential(bundle.manifest.prior.kind === 'none' ? null : bundle.manifest.prior)
  const chain = { ...kind, preconditioner, chains }
  const step =
    requested.step ??
    (fits ? defaults.step : undefined) ??
    (await chooseStep(chain, facts.volume.length, isFixed, measure, choose))
  const isItsStep = fits && (requested.step ?? defaults.step) === defaults.step
  const scheduled = { ...(isItsStep ? defaults : {}), ...defined(requested) }
  const isOpen = scheduled.steps === undefined
  const rate = preconditioner === 'fourier' ? step : isOpen ? step * (await measure()).slowest : null
  return { ...kind, step, ...chooseSchedule(scheduled, { ...chain, step }, rate, choose) }
}

/** For methods without chains: what they read of it, and what run.json wants to hold. */
function unmoved(given: RequestedSettings, isGibbs: boolean, choose: Choose): Movement {
  const still = { burnIn: 0, thin: 1, mala: false, integrator: 'euler', decay: 0, decayDelay: 1 } as const
  if (isGibbs)
    return {
      ...still,
      step: given.step ?? choose('step', 0.01, 'not used: split Gibbs draws exactly at each level'),
      steps: given.steps ?? choose('steps', 40, 'noise levels that each draw comes down through')
    }
  return {
    ...still,
    step: given.step ?? choose('step', 0.01, 'used by Adam only; L-BFGS finds its step by a line search'),
    steps: given.steps ?? choose('steps', 200, 'an upper limit: it stops when the objective does')
  }
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
