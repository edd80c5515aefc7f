import type { Warning } from '../../../shared/runs.ts'
import type { ChosenSetting, Settings } from '../../../shared/settings.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import { inversePrecision } from '../../graph/preconditioner.ts'
import type { StepModel } from '../../graph/step-model.ts'
import { familyMaps, mergeFamilies } from '../../posterior/family.ts'
import type { FamilyMaps } from '../../posterior/family.ts'
import { weightEss } from '../../posterior/moments.ts'
import { diagnoseChains } from '../../posterior/probes.ts'
import { rHatMap } from '../../posterior/r-hat-map.ts'
import { batchFor, misfitPerVoxel, openModel } from '../box.ts'
import type { Box } from '../box.ts'
import { assertPreconditionerFits, assertPriorFits } from '../prior-view.ts'
import { assertSameSettings, cancelledError, checkpointer, letOthersRun, throwIfCancelled } from '../problem.ts'
import type { Hooks, Reconstruction, RunState, Trace } from '../problem.ts'
import { throttled } from '../progress.ts'
import type { ProgressMeter } from '../progress.ts'
import { regionMaps } from '../region-maps.ts'
import { annealingLevels } from './annealing.ts'
import { countedDraws } from './chains.ts'
import type { ChainRecord } from './chains.ts'
import { Sampler } from './sampler.ts'
import { biasWarnings, chainBias } from './step-bias.ts'

/** How a chain is run beyond its settings. */
export interface LangevinOptions {
  /** The step was chosen automatically, so a Metropolis chain may tune it. */
  tunesStep: boolean
  /** Volumes that the chains start from, in turn; absent where they start dispersed around zbar. */
  starts?: readonly Float32Array[]
}

/** CryoWGEN-II: Langevin chains that sample log q* (method.md section 4). */
export async function runLangevin(
  box: Box,
  settings: Settings,
  options: LangevinOptions,
  hooks: Hooks,
  meter: ProgressMeter,
  resumeFrom?: RunState
): Promise<Reconstruction> {
  assertPreconditionerFits(box.bundle, settings.preconditioner)
  if (countedDraws(settings) < 1)
    throw new WedgeviewError(
      'usage',
      'no-draws',
      `${settings.steps} steps with a burn-in of ${settings.burnIn} and thinning ${settings.thin} leave no draw to count.`,
      'Give more --steps or a shorter --burn-in.'
    )
  assertPriorFits('cryowgen-2', box.networks.prior?.spec ?? null, settings.mala)
  if (resumeFrom) assertSameSettings(resumeFrom, 'cryowgen-2', settings)
  meter.start('Compiling the step graph')
  const model = await openModel(box, {
    batch: batchFor(box, settings.chains),
    withPrior: true,
    withGradient: true,
    withFilter: settings.preconditioner === 'fourier'
  })
  try {
    throwIfCancelled(hooks.signal)
    return await sample(model, box, settings, options, hooks, meter, resumeFrom)
  } finally {
    await model.close()
  }
}

async function sample(
  model: StepModel,
  box: Box,
  settings: Settings,
  options: LangevinOptions,
  hooks: Hooks,
  meter: ProgressMeter,
  stopped?: RunState
): Promise<Reconstruction> {
  const resumeFrom = stopped?.method === 'cryowgen-2' ? stopped : null
  const annealed = await annealingLevels(model, box, settings)
  const last = annealed[annealed.length - 1]
  // Chains that are where they belong already would only forget it at the higher levels.
  const levels = options.starts ? [{ ...last, from: 0 }] : annealed
  const { precision } = last
  throwIfCancelled(hooks.signal)
  const plan = { settings, levels, ...options }
  const sampler = resumeFrom
    ? Sampler.resume(model, box, plan, resumeFrom.sampler)
    : await Sampler.start(model, box, plan)
  const trace: Trace = resumeFrom
    ? resumeFrom.trace
    : {
        potential: [],
        misfit: [],
        chainPotentials: sampler.records.map(() => []),
        ...(settings.mala && { acceptance: [], steps: [] })
      }
  const sendPartial = throttled(1000, () =>
    hooks.onPartial?.(regionMaps(box, mergedMaps(aliveRecords(sampler.records))))
  )
  const saveState = checkpointer(hooks)
  meter.start('Sampling', settings.steps, sampler.stepsDone)
  while (sampler.stepsDone < settings.steps) {
    await letOthersRun()
    if (hooks.signal.aborted) break
    const report = await sampler.advance()
    if (sampler.records.every((record) => record.diverged)) throw allDiverged(settings, sampler.stepsDone)
    const misfit = misfitPerVoxel(box, settings.lambda, report.misfit)
    trace.potential.push(report.potential)
    trace.misfit.push(misfit)
    report.chainPotentials.forEach((potential, chain) => trace.chainPotentials?.[chain]?.push(potential))
    if (report.acceptance !== null) {
      trace.acceptance?.push(report.acceptance)
      trace.steps?.push(report.step)
    }
    const members = aliveRecords(sampler.records).reduce((sum, record) => sum + record.counted, 0)
    meter.step(sampler.stepsDone, {
      potential: report.potential,
      misfitPerMeasuredVoxel: misfit,
      acceptance: report.acceptance,
      members
    })
    if (members > 1) sendPartial()
    await saveState(() => ({ method: 'cryowgen-2', settings, sampler: sampler.state, trace }))
  }
  const alive = aliveRecords(sampler.records)
  const counted = alive.reduce((sum, record) => sum + record.counted, 0)
  const partial = sampler.stepsDone < settings.steps
  if (partial && counted < 2) throw cancelledError()

  const diagnosis = diagnoseChains(
    sampler.probes,
    alive.map((record) => record.series)
  )
  // Unequal weights are worth fewer equal ones.
  const ess = diagnosis.ess === null ? null : diagnosis.ess * evenness(alive)
  trace.groups = diagnosis.groups
  const diverged = sampler.records.filter((record) => record.diverged).map((record) => record.chain)
  if (diverged.length > 0) trace.diverged = diverged
  const used: Settings = { ...settings, step: sampler.stepSize }
  const chosen: ChosenSetting[] =
    options.tunesStep && settings.mala
      ? [
          {
            setting: 'step',
            value: used.step,
            reason:
              'tuned during the burn-in to the acceptance at which a Metropolis-corrected chain mixes fastest, 0.574'
          }
        ]
      : []
  // A score's or a denoiser's curvature is a bound here, not the posterior's own.
  const isEnergy = (box.networks.prior?.spec.kind ?? 'energy') === 'energy'
  const bias = settings.mala ? 0 : precision && isEnergy ? biasOf(settings, precision) : null
  if (bias !== null && Number.isFinite(bias)) trace.expectedBias = bias
  const [misfitSum, weight] = [sumOf(alive, 'misfit'), sumOf(alive, 'weight')]
  return {
    map: null,
    family: regionMaps(box, { ...mergedMaps(alive), rHat: rHatMap(alive.map(({ family }) => family.volume)) }),
    barycentre: null,
    misfitPerMeasuredVoxel: misfitPerVoxel(box, settings.lambda, misfitSum / weight),
    diagnostics: {
      ess,
      rHat: diagnosis.rHat,
      acceptance: acceptanceOf(trace, sampler.stepsDone - settings.burnIn),
      objective: null,
      weightEss: null
    },
    trace,
    warnings: [
      ...divergenceWarnings(diverged, settings.chains),
      ...(bias === null ? [] : biasWarnings(bias)),
      ...mixingWarnings(diagnosis.rHat, ess)
    ],
    partial,
    device: model.device,
    settings: used,
    chosen
  }
}

/** Mean acceptance of the counted part of the chains. */
function acceptanceOf({ acceptance }: Trace, counted: number): number | null {
  if (!acceptance || counted < 1) return null
  const rates = acceptance.slice(-counted)
  return rates.reduce((a, b) => a + b, 0) / rates.length
}

function aliveRecords(records: readonly ChainRecord[]): ChainRecord[] {
  return records.filter((record) => !record.diverged)
}

function sumOf(records: readonly ChainRecord[], key: 'misfit' | 'weight'): number {
  return records.reduce((sum, record) => sum + record[key], 0)
}

/** Kish's share of the draws that their weights leave: 1 where all weigh the same. */
function evenness(records: readonly ChainRecord[]): number {
  const moments = records.map(({ family }) => family.volume)
  const draws = moments.reduce((sum, { count }) => sum + count, 0)
  return draws > 0 ? moments.reduce((sum, one) => sum + weightEss(one), 0) / draws : 1
}

function mergedMaps(records: readonly ChainRecord[]): FamilyMaps {
  return familyMaps(records.map(({ family }) => family).reduce(mergeFamilies))
}

/** Null where it can't be foreseen. */
function biasOf(settings: Settings, precision: Float64Array): number | null {
  if (settings.preconditioner === 'rmsprop') return null
  const preconditioner = settings.preconditioner === 'fourier' ? inversePrecision(precision) : null
  return chainBias(settings, precision, preconditioner)
}

function divergenceWarnings(diverged: readonly number[], chains: number): Warning[] {
  if (diverged.length === 0) return []
  return [
    {
      code: 'chains-diverged',
      message: `${diverged.length} of ${chains} chains diverged and were left out whole. A smaller --step or a larger --beta confines them.`
    }
  ]
}

function mixingWarnings(rHat: number | null, ess: number | null): Warning[] {
  const warnings: Warning[] = []
  if (rHat !== null && rHat > 1.05)
    warnings.push({
      code: 'chains-disagree',
      message: `The chains do not agree yet: R-hat is ${rHat.toFixed(3)}, and should be below 1.05. More --steps or a longer --burn-in are needed.`
    })
  if (ess !== null && ess < 50)
    warnings.push({
      code: 'ess-low',
      message:
        `The draws are worth only ${ess.toFixed(0)} independent ones: each voxel's standard deviation is uncertain by ` +
        `about ${(100 / Math.sqrt(2 * ess)).toFixed(0)} %. More --steps make the maps less noisy.`
    })
  return warnings
}

function allDiverged(settings: Settings, step: number): WedgeviewError {
  return new WedgeviewError(
    'job',
    'chains-diverged',
    `All ${settings.chains} chains diverged by step ${step}.`,
    `Give a smaller --step than ${settings.step.toPrecision(3)}, a larger --beta, or --mala.`
  )
}
