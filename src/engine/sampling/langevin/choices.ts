import { WedgeviewError } from '../../../shared/errors.ts'
import type { RequestedSettings, SettingKey, Settings } from '../../../shared/settings.ts'
import type { Stiffness } from '../stiffness.ts'
import { gaussianMalaStep } from './metropolis.ts'
import { drawsPerStep, stepAt } from './schedule.ts'

/** Takes a value as chosen and tells why, for the settings that the method reads. */
export type Choose = <K extends SettingKey>(key: K, value: Settings[K], reason: string) => Settings[K]

/** Effective draws of the family that the automatic number of steps aims at, and the most steps that it takes for them. */
const wantedEss = 200
const mostSteps = 2000

type Kind = Pick<Settings, 'mala' | 'decay' | 'integrator'>

/**
 * How chains are corrected, decay and are discretised. What is asked for wins over the bundle's, and of what is asked for not everything goes
 * together.
 *
 * @throws {WedgeviewError} usage / settings-conflict
 */
export function chooseKind(requested: RequestedSettings, bundle: RequestedSettings, choose: Choose): Kind {
  const conflict = (what: string, hint: string): WedgeviewError =>
    new WedgeviewError('usage', 'settings-conflict', what, hint)
  const decays = (requested.decay ?? 0) > 0
  if (requested.mala && decays)
    throw conflict(
      'A Metropolis-corrected chain has no step bias that a decaying step could remove: --mala and --decay don’t go together.',
      'Leave one of them out.'
    )
  const mala =
    requested.mala ??
    (decays ? false : bundle.mala) ??
    choose('mala', false, 'without a correction every move is used; a step bias is told instead')
  const decay =
    requested.decay ??
    (mala ? 0 : bundle.decay) ??
    choose('decay', 0, 'constant steps: draws of a decaying chain come ever more slowly')
  const wanted = requested.integrator
  if (wanted === 'leimkuhler-matthews' && (mala || decay > 0))
    throw conflict(
      `The Leimkuhler-Matthews integrator needs constant, uncorrected steps: its noise links each step to the next. ${mala ? '--mala' : '--decay'} does not go with it.`,
      mala ? 'Leave --mala out, or give --no-mala.' : 'Leave --decay out, or give --decay 0.'
    )
  if (mala || decay > 0)
    return {
      mala,
      decay,
      integrator:
        wanted ?? choose('integrator', 'euler', mala ? 'what MALA corrects' : 'its step bias decays with the step')
    }
  return {
    mala,
    decay,
    integrator:
      wanted ??
      bundle.integrator ??
      choose(
        'integrator',
        'leimkuhler-matthews',
        'without step bias for a Gaussian posterior and of second order for others, at the cost of an Euler step'
      )
  }
}

/** Settings that a step is chosen for. */
export type Chain = Kind & Pick<Settings, 'preconditioner'>

/** Where networks have to be tried for a choice, as seldom as possible. */
export type Measure = () => Promise<Stiffness>

/** @param isFixed false where the posterior's potential changes from look to look, or is known by its gradient only */
export async function chooseStep(
  { preconditioner, mala, integrator }: Chain,
  voxels: number,
  isFixed: boolean,
  measure: Measure,
  choose: Choose
): Promise<number> {
  if (preconditioner === 'fourier' && mala)
    return choose(
      'step',
      gaussianMalaStep(voxels),
      'the best Metropolis-corrected step for a Gaussian of this many voxels; tuned during the burn-in'
    )
  if (preconditioner === 'fourier' && !isFixed)
    return choose(
      'step',
      0.2,
      'a fifth of the preconditioned posterior’s variance: chains forget their past in about 5 steps'
    )
  const { stiffest, isGaussian } = await measure()
  const isLeimkuhlerMatthews = integrator === 'leimkuhler-matthews'
  const share = mala ? gaussianMalaStep(voxels) : !isLeimkuhlerMatthews ? 0.2 : isGaussian && isFixed ? 1 : 0.5
  const why = mala
    ? 'tuned during the burn-in'
    : !isLeimkuhlerMatthews
      ? 'a tenth of what is stable, for a small step bias'
      : isGaussian && isFixed
        ? 'the posterior is Gaussian (its curvature is the same at a typical draw), where this integrator is exact at any stable step'
        : 'a quarter of what is stable, since the posterior is not Gaussian'
  const scaled = { fourier: 'preconditioned posterior', rmsprop: 'preconditioned posterior', none: 'posterior' }
  return choose(
    'step',
    share / stiffest,
    `${share.toPrecision(2)} / ${stiffest.toPrecision(3)}, the largest curvature of the ${scaled[preconditioner]}; ${why}`
  )
}

type Schedule = Pick<Settings, 'steps' | 'burnIn' | 'thin' | 'decayDelay'>

/**
 * Burn-in, thinning and number of steps from how much a step forgets.
 *
 * @param rate what the first step forgets of a typical slow direction; null where that is not known
 */
export function chooseSchedule(
  given: RequestedSettings,
  chain: Chain & Pick<Settings, 'step' | 'chains'>,
  rate: number | null,
  choose: Choose
): Schedule {
  const { chains, decay, integrator, step } = chain
  const first = rate === null ? null : Math.min(1, rate)
  const isPaired = integrator === 'leimkuhler-matthews'
  const thin =
    given.thin ??
    (first !== null
      ? choose(
          'thin',
          Math.min(20, isPaired ? Math.max(2, Math.round(0.75 / first)) : Math.max(1, Math.round(0.5 / first))),
          isPaired
            ? 'neighbouring steps share a noise; draws nearer to each other say little new'
            : 'draws nearer to each other say little new'
        )
      : choose('thin', 4, 'a default'))
  const delay = (burnIn: number): number =>
    given.decayDelay ?? (decay > 0 ? choose('decayDelay', Math.max(1, burnIn), 'as many steps as the burn-in has') : 1)
  if (given.steps !== undefined) {
    const burnIn = given.burnIn ?? choose('burnIn', Math.floor(given.steps / 4), 'a quarter of the steps')
    return { steps: given.steps, burnIn, thin, decayDelay: delay(burnIn) }
  }
  if (first === null) {
    const burnIn = given.burnIn ?? choose('burnIn', 200, 'a default')
    return { steps: choose('steps', 1000, 'a default'), burnIn, thin, decayDelay: delay(burnIn) }
  }
  const burnIn =
    given.burnIn ??
    choose('burnIn', Math.min(500, Math.ceil(Math.log(1000) / first)), 'until a thousandth of the start is left')
  const decayDelay = delay(burnIn)
  const wanted = wantedEss / chains
  let draws = 0
  let steps = burnIn
  while (draws < wanted && steps < burnIn + 1e6) {
    const now = stepAt({ step, decay, delay: decayDelay }, steps++)
    draws += drawsPerStep(Math.min(1, (now / step) * first), integrator)
  }
  const limited = Math.max(Math.min(mostSteps, steps), burnIn + 10 * thin)
  const reason =
    limited < steps
      ? `the upper limit; an effective sample size of ${wantedEss} would take ${steps}`
      : `an effective sample size of about ${wantedEss} over all chains`
  return { steps: choose('steps', limited, reason), burnIn, thin, decayDelay }
}
