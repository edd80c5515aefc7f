import type { RunDiagnostics } from '../../shared/run-diagnostics.ts'
import type { RunRecord } from '../../shared/runs.ts'

export type Mark = 'ok' | 'caution' | 'bad'

/** One thing that decides whether a run can be believed, in words. */
export interface Verdict {
  about: 'data' | 'chains' | 'draws' | 'bias' | 'optimum' | 'completeness'
  mark: Mark
  /** A few words, for a list. */
  short: string
  /** The number behind it, with its name. */
  value: string
  /** The whole of it, one sentence. */
  sentence: string
  /** What to do about it; null where all is well. */
  advice: string | null
}

/** Warnings that a verdict says already. */
export const toldByVerdicts: ReadonlySet<string> = new Set([
  'chains-diverged',
  'chains-disagree',
  'ess-low',
  'step-bias',
  'weight-ess-low',
  'few-draws',
  'map-not-converged'
])

/** What a finished run is worth. `diagnostics` may be missing: then the record alone speaks. */
export function verdictsOf(run: RunRecord, diagnostics: RunDiagnostics | null): Verdict[] {
  const family = run.method === 'cryowgen-1' || run.method === 'cryowgen-2'
  const langevin = run.method === 'cryowgen-2' && run.settings.sampler !== 'split-gibbs'
  return [
    ...(run.partial ? [stopped] : []),
    dataVerdict(run.misfitPerMeasuredVoxel, family),
    ...(run.method === 'cryogen-1' ? [optimumVerdict(run)] : []),
    ...(langevin ? [chainsVerdict(run, diagnostics)] : []),
    ...(run.method === 'cryowgen-2' ? [drawsVerdict(run)] : []),
    ...(run.method === 'cryowgen-1' ? [weightsVerdict(run)] : []),
    ...(langevin ? [biasVerdict(run, diagnostics)] : [])
  ]
}

const stopped: Verdict = {
  about: 'completeness',
  mark: 'caution',
  short: 'Stopped early',
  value: 'partial',
  sentence: 'The run was stopped before its end: its maps rest on the draws it had by then.',
  advice: 'Run again to the end before anything is concluded from it.'
}

/** 1 is what residuals that look like the noise give; a MAP follows the noise a little, so that less is usual there. */
function dataVerdict(misfit: number, family: boolean): Verdict {
  const value = `misfit ${misfit.toFixed(2)}`
  const per = `the misfit per measured voxel is ${misfit.toFixed(2)}, and 1 where residuals look like the noise`
  const common = { about: 'data', value } as const
  if (misfit > 1.2)
    return {
      ...common,
      mark: misfit > 1.5 ? 'bad' : 'caution',
      short: 'Disagrees with the data',
      sentence: `Disagrees with the data: ${per}.`,
      advice:
        'The noise σ may be underestimated or the prior too strong: raise σ, or the data weight λ, and look at the difference from the tomogram.'
    }
  if (misfit < (family ? 0.8 : 0.5))
    return {
      ...common,
      mark: misfit < 0.5 && family ? 'bad' : 'caution',
      short: 'Follows the noise',
      sentence: `Follows the noise: ${per}.`,
      advice: 'The noise σ may be overestimated or the prior too weak: lower σ, or the data weight λ.'
    }
  return {
    ...common,
    mark: 'ok',
    short: 'Agrees with the data',
    sentence: `Agrees with the data: ${per}.`,
    advice: null
  }
}

function optimumVerdict({ warnings, diagnostics: { objective } }: RunRecord): Verdict {
  const value = objective === null ? '' : `objective ${objective.toPrecision(5)}`
  if (warnings.some(({ code }) => code === 'map-not-converged'))
    return {
      about: 'optimum',
      mark: 'caution',
      short: 'Was still improving',
      value,
      sentence: 'The optimisation reached its last iteration while the objective was still falling.',
      advice: 'More steps refine it.'
    }
  return {
    about: 'optimum',
    mark: 'ok',
    short: 'Converged',
    value,
    sentence: 'The optimisation converged: the objective stopped falling before the last iteration.',
    advice: null
  }
}

function chainsVerdict({ diagnostics: { rHat }, settings }: RunRecord, diagnostics: RunDiagnostics | null): Verdict {
  const advice = 'More steps or a longer burn-in are needed; look at the potential of each chain.'
  const diverged = diagnostics?.trace.diverged?.length ?? 0
  if (diverged > 0)
    return {
      about: 'chains',
      mark: 'bad',
      short: 'Chains diverged',
      value: `${diverged} of ${text(settings.chains)}`,
      sentence: `${diverged} of ${text(settings.chains)} chains diverged and were left out whole.`,
      advice: 'A smaller step or a larger tether β confines them.'
    }
  const alone = chainsOfOneDraw(settings)
  if (rHat === null && alone !== null)
    return {
      about: 'chains',
      mark: 'caution',
      short: 'One draw per chain',
      value: `${alone} chains`,
      sentence:
        'Each member comes from a chain of its own, so members are independent. Whether the chains ran long enough can’t be told from one draw each: R-hat compares draws within chains.',
      advice: 'To see it, draw more from each chain: more steps after the burn-in.'
    }
  if (rHat === null)
    return {
      about: 'chains',
      mark: 'caution',
      short: 'Agreement unknown',
      value: 'R-hat –',
      sentence: 'Whether the chains agree can’t be told: there are too few draws.',
      advice: 'Draw more: more steps, or less thinning.'
    }
  const common = { about: 'chains', value: `R-hat ${rHat.toFixed(3)}` } as const
  const is = `R-hat is ${rHat.toFixed(3)}, and below 1.05 where they have forgotten their starts`
  if (rHat > 1.1)
    return { ...common, mark: 'bad', short: 'Chains disagree', sentence: `The chains disagree: ${is}.`, advice }
  if (rHat > 1.05)
    return {
      ...common,
      mark: 'caution',
      short: 'Chains don’t quite agree',
      sentence: `The chains don’t quite agree yet: ${is}.`,
      advice
    }
  return { ...common, mark: 'ok', short: 'Chains agree', sentence: `The chains agree: ${is}.`, advice: null }
}

/** The relative standard error of an SD from n independent Gaussian draws is 1 / sqrt(2 n). */
function drawsVerdict({ diagnostics: { ess }, settings }: RunRecord): Verdict {
  const alone = chainsOfOneDraw(settings)
  if (ess === null && alone !== null) {
    const error = 100 / Math.sqrt(2 * (alone - 1))
    return {
      about: 'draws',
      mark: error <= 10 ? 'ok' : 'caution',
      short: error <= 10 ? 'Enough independent draws' : 'Few independent draws',
      value: `${alone} draws`,
      sentence: `The family is ${alone} independent draws, so that a voxel’s SD is known to ± ${error.toFixed(0)} %; the mean over many voxels is known far better.`,
      advice: 'More chains make the maps less noisy; four times as many halve the error.'
    }
  }
  if (ess === null || !(ess > 0))
    return {
      about: 'draws',
      mark: 'caution',
      short: 'Number of draws unknown',
      value: 'ESS –',
      sentence: 'How many independent draws the family is worth can’t be told: there are too few.',
      advice: 'Draw more: more steps, or less thinning.'
    }
  const error = 100 / Math.sqrt(2 * ess)
  const worth = `the draws are worth ${ess.toFixed(0)} independent ones, so that a voxel’s SD is known to ± ${error.toFixed(error < 10 ? 1 : 0)} %`
  const common = { about: 'draws', value: `ESS ${ess.toFixed(0)}` } as const
  if (ess >= 50)
    return { ...common, mark: 'ok', short: 'Enough independent draws', sentence: `Enough: ${worth}.`, advice: null }
  return {
    ...common,
    mark: ess < 20 ? 'bad' : 'caution',
    short: 'Few independent draws',
    sentence: `Few: ${worth}.`,
    advice: 'More steps make the maps less noisy; four times as many halve the error.'
  }
}

/** How many chains there were, where each gave one draw, as those that are annealed from noise do; else null. */
function chainsOfOneDraw({ steps, burnIn, thin, chains }: RunRecord['settings']): number | null {
  if (typeof steps !== 'number' || typeof burnIn !== 'number' || typeof thin !== 'number') return null
  return typeof chains === 'number' && chains > 1 && Math.floor((steps - burnIn) / thin) === 1 ? chains : null
}

function weightsVerdict({ diagnostics: { weightEss }, settings }: RunRecord): Verdict {
  const candidates = typeof settings.candidates === 'number' ? settings.candidates : null
  const ess = weightEss ?? 0
  const common = { about: 'draws', value: `weight ESS ${ess.toFixed(1)}` } as const
  const carry = `${ess.toFixed(1)} of ${candidates ?? 'the'} candidates carry the weight`
  if (candidates !== null && ess >= 0.1 * candidates)
    return { ...common, mark: 'ok', short: 'Enough candidates count', sentence: `Enough: ${carry}.`, advice: null }
  return {
    ...common,
    mark: ess < 5 ? 'bad' : 'caution',
    short: 'Few candidates count',
    sentence: `Few: ${carry}, so mean and SD are coarse.`,
    advice: 'Use CryoWGEN-II here, or more candidates.'
  }
}

function biasVerdict(run: RunRecord, diagnostics: RunDiagnostics | null): Verdict {
  const { settings, warnings } = run
  const bias = settings.mala === true ? 0 : (diagnostics?.trace.expectedBias ?? null)
  if (bias === null) {
    const warned = warnings.find(({ code }) => code === 'step-bias')
    return {
      about: 'bias',
      mark: warned ? 'caution' : 'ok',
      short: warned ? 'Some step bias' : 'No step bias to speak of',
      value: warned ? (/[\d.]+ %/.exec(warned.message)?.[0] ?? '') : '',
      sentence: warned?.message ?? 'No bias of the variance from the size of the steps was foreseen.',
      advice: warned ? smallerSteps : null
    }
  }
  const percent = `${(100 * bias).toFixed(bias < 0.1 ? 1 : 0)} %`
  const common = { about: 'bias', value: percent } as const
  if (bias <= 0.02)
    return {
      ...common,
      mark: 'ok',
      short: 'No step bias to speak of',
      sentence:
        settings.mala === true
          ? 'No bias from the size of the steps: each is Metropolis-corrected.'
          : `The size of the steps makes the variance ${percent} too large, as far as it can be foreseen.`,
      advice: null
    }
  return {
    ...common,
    mark: bias > 0.1 ? 'bad' : 'caution',
    short: 'Variance too large by steps',
    sentence: `The size of the steps makes the variance about ${percent} too large.`,
    advice: smallerSteps
  }
}

const smallerSteps =
  'A smaller step or Metropolis correction reduces it; the Leimkuhler-Matthews integrator has none for a Gaussian posterior.'

function text(value: unknown): string {
  return typeof value === 'number' ? String(value) : '?'
}
