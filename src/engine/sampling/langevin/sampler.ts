import type { Settings } from '../../../shared/settings.ts'
import { fourierPreconditioner } from '../../graph/preconditioner.ts'
import type { FilterPair, PriorView, Stepped, StepModel } from '../../graph/step-model.ts'
import { chooseProbes, readProbes } from '../../posterior/probes.ts'
import type { Probes } from '../../posterior/probes.ts'
import type { Box } from '../box.ts'
import { fillField } from '../noise/field.ts'
import { drawUniform } from '../noise/normal.ts'
import type { Purpose } from '../noise/normal.ts'
import { drawRotations } from '../prior-view.ts'
import type { Level } from './annealing.ts'
import { countDraw, createRecord } from './chains.ts'
import type { ChainGroup, ChainRecord } from './chains.ts'
import { disperse, placeAt } from './starts.ts'
import { copyChain, pointOf, rootMeanSquare } from './group-point.ts'
import type { GroupPoint } from './group-point.ts'
import { logAcceptance, startTuning, tunedStep, tuneStep } from './metropolis.ts'
import type { StepTuning } from './metropolis.ts'
import { createRmsprop, learnRmsprop, rmspropDiagonal } from './rmsprop.ts'
import { stepAt } from './schedule.ts'

/** How a chain is run, beside the settings. */
export interface SamplerPlan {
  settings: Settings
  /** At least one; the first from step 0 on. */
  levels: readonly Level[]
  /** Metropolis steps are tuned to the best acceptance in the second half of the burn-in. */
  tunesStep: boolean
  /** Volumes that the chains start from, in turn; absent where they start dispersed around zbar. */
  starts?: readonly Float32Array[]
}

/** What a step told, over the chains that have not diverged. */
export interface StepReport {
  potential: number
  /** Of every chain; null once it has diverged. */
  chainPotentials: (number | null)[]
  /** Mean |T_M (y - A(z))|^2. */
  misfit: number
  /** null where every move is taken. */
  acceptance: number | null
  /** eta of the step. */
  step: number
}

/** Everything that a sampler needs to go on from where it stopped: plain data, arrays included. */
export interface SamplerState {
  step: number
  stepSize: number
  tuning: StepTuning | null
  /** Root mean square of a volume beyond which a chain counts as diverged. */
  bound: number
  groups: ChainGroup[]
  records: ChainRecord[]
}

/** Langevin chains of one box (method.md section 4), advanced a step at a time. */
export class Sampler {
  readonly probes: Probes
  readonly #model: StepModel
  readonly #box: Box
  readonly #plan: SamplerPlan
  #level: Level
  #filter: FilterPair | undefined
  readonly #state: SamplerState
  /** Noise that the next step shares with the one before, by group: a copy of what could be drawn again. */
  readonly #shared = new Map<number, { step: number; noise: Float32Array }>()

  private constructor(model: StepModel, box: Box, plan: SamplerPlan, state: SamplerState) {
    this.#model = model
    this.#box = box
    this.#plan = plan
    this.#state = state
    this.#level = this.#levelNow()
    this.#filter = this.#filterNow()
    this.probes = chooseProbes(box.size, box.operator.plane)
  }

  /** Places the chains where the plan says, else at dispersed starts around zbar: at the posterior's own scale where that is known, else at kappa's. */
  static async start(model: StepModel, box: Box, plan: SamplerPlan): Promise<Sampler> {
    const stepSize = plan.settings.step
    const empty: SamplerState = { step: 0, stepSize, tuning: null, bound: Infinity, groups: [], records: [] }
    const sampler = new Sampler(model, box, plan, empty)
    await sampler.#place()
    return sampler
  }

  /** Goes on from a state that a sampler of the same model and plan had; the same numbers come out as without the stop. */
  static resume(model: StepModel, box: Box, plan: SamplerPlan, state: SamplerState): Sampler {
    return new Sampler(model, box, plan, state)
  }

  /** The state itself, not a copy: it changes with the next step. */
  get state(): SamplerState {
    return this.#state
  }

  get records(): readonly ChainRecord[] {
    return this.#state.records
  }

  get stepsDone(): number {
    return this.#state.step
  }

  /** eta as used once the burn-in is over. */
  get stepSize(): number {
    return this.#state.stepSize
  }

  async #place(): Promise<void> {
    const { settings } = this.#plan
    const { batch, latent } = this.#model.spec
    for (let first = 0; first < settings.chains; first += batch) {
      const start = this.#plan.starts
        ? placeAt(this.#box, this.#plan.starts, first, batch)
        : disperse(this.#box, this.#level, this.#noise(first, 0, 'start'))
      const stepped = await this.#evaluate(start, first)
      this.#state.groups.push({
        first,
        count: Math.min(batch, settings.chains - first),
        ...pointOf(stepped, this.#level.weights),
        rmsprop:
          settings.preconditioner === 'rmsprop' ? Array.from({ length: batch }, () => createRmsprop(latent.length)) : []
      })
      this.#learn(this.#state.groups[this.#state.groups.length - 1])
    }
    for (let chain = 0; chain < settings.chains; chain++)
      this.#state.records.push(createRecord(chain, this.#box.voxels, settings))
    this.#state.bound = this.#divergenceBound()
  }

  /** Everything at a place of a batch of chains, without moving. */
  #evaluate(position: Float32Array, first: number): Promise<Stepped> {
    const { batch } = this.#model.spec
    const still = new Float32Array(position.length)
    return this.#model.step(
      { position, drift: still, noise: still, steps: new Array<number>(batch).fill(0) },
      this.#box.conditioning,
      this.#level.weights,
      this.#filter,
      this.#view(first)
    )
  }

  #levelNow(): Level {
    return this.#plan.levels.findLast(({ from }) => from <= this.#state.step) ?? this.#plan.levels[0]
  }

  #filterNow(): FilterPair | undefined {
    const { precision } = this.#level
    return this.#model.spec.withFilter && precision ? fourierPreconditioner(precision, this.#box.size) : undefined
  }

  /** The prior's view of the chains from `first` on at this step. */
  #view(first: number): PriorView {
    const { batch } = this.#model.spec
    const rotations = drawRotations(this.#box, this.#plan.settings.seed, first, batch, this.#state.step)
    return { noiseLevel: this.#level.noiseLevel, rotations }
  }

  /** Goes over to the level that is due: forces of the one before no longer hold. */
  async #changeLevel(): Promise<void> {
    const level = this.#levelNow()
    if (level === this.#level) return
    this.#level = level
    this.#filter = this.#filterNow()
    for (const group of this.#state.groups)
      Object.assign(group, pointOf(await this.#evaluate(group.position, group.first), level.weights))
  }

  /** Moves every chain by one step, counts those that are due, and tells how it went. */
  async advance(): Promise<StepReport> {
    const { settings, tunesStep } = this.#plan
    await this.#changeLevel()
    const t = this.#state.step
    const inBurnIn = t < settings.burnIn
    // A chain that starts below its typical energy would have all its first moves rejected: it is let in uncorrected.
    const corrects = settings.mala && t >= Math.floor(settings.burnIn / 2)
    const tunes = corrects && tunesStep && inBurnIn
    if (tunes && !this.#state.tuning) this.#state.tuning = startTuning(this.#state.stepSize)
    const step = this.#stepNow(t, corrects, tunes)
    const accepted: number[] = []
    for (const group of this.#state.groups) accepted.push(...(await this.#move(group, step, corrects)))
    this.#state.step = t + 1
    if (tunes && this.#state.tuning && accepted.length > 0) {
      tuneStep(this.#state.tuning, accepted.reduce((a, b) => a + b) / accepted.length)
      this.#state.stepSize = tunedStep(this.#state.tuning)
    }
    const since = t - settings.burnIn + 1
    if (since > 0 && since % settings.thin === 0) this.#count(step)
    return this.#report(step, corrects ? accepted : null)
  }

  #stepNow(t: number, corrects: boolean, tunes: boolean): number {
    const { settings, tunesStep } = this.#plan
    if (tunes && this.#state.tuning) return Math.exp(this.#state.tuning.logStep)
    if (settings.mala)
      return corrects || !tunesStep ? this.#state.stepSize : letInStep(this.#state.stepSize, this.#filter)
    return stepAt({ step: settings.step, decay: settings.decay, delay: settings.decayDelay }, t)
  }

  /** One proposal for each chain of a group; returns acceptance probabilities where moves are corrected. */
  async #move(group: ChainGroup, step: number, corrects: boolean): Promise<number[]> {
    const { settings } = this.#plan
    const { length } = this.#model.spec.latent
    const noise = this.#langevinNoise(group.first, this.#state.step + 1)
    let drift = group.drift
    if (group.rmsprop.length > 0) drift = this.#diagonal(group, noise)
    const steps = Array.from({ length: this.#model.spec.batch }, (_, b) => (this.#isAlive(group, b) ? step : 0))
    const stepped = await this.#model.step(
      { position: group.position, drift, noise, steps },
      this.#box.conditioning,
      this.#level.weights,
      this.#filter,
      this.#view(group.first)
    )
    const proposal = pointOf(stepped, this.#level.weights)
    if (!corrects) {
      Object.assign(group, proposal)
      for (let b = 0; b < group.count; b++) if (this.#isAlive(group, b)) this.#checkDivergence(group, b)
      this.#learn(group)
      return []
    }
    const acceptances: number[] = []
    for (let b = 0; b < group.count; b++) {
      if (!this.#isAlive(group, b)) continue
      const view = (values: Float32Array): Float32Array => values.subarray(b * length, (b + 1) * length)
      const scale = group.rmsprop.length > 0 ? this.#diagonalOf(group, b) : null
      const point = (at: GroupPoint): Parameters<typeof logAcceptance>[0] => ({
        position: view(at.position),
        gradient: view(at.gradient),
        drift: scale ? view(at.gradient).map((g, i) => g * scale[i]) : view(at.drift),
        logDensity: at.logDensity[b]
      })
      const ratio = logAcceptance(point(group), point(proposal), step)
      const acceptance = Number.isNaN(ratio) ? 0 : Math.min(1, Math.exp(ratio))
      acceptances.push(acceptance)
      const key = {
        seed: settings.seed,
        chain: group.first + b,
        step: this.#state.step + 1,
        purpose: 'accept'
      } as const
      if (drawUniform(key) < acceptance) copyChain(proposal, group, b, length, this.#box.voxels)
    }
    return acceptances
  }

  #noise(first: number, step: number, purpose: Purpose): Float32Array {
    const { batch, latent } = this.#model.spec
    const { seed } = this.#plan.settings
    const noise = new Float32Array(batch * latent.length)
    for (let b = 0; b < batch; b++)
      fillField(noise, b * latent.length, this.#box.frame, { seed, chain: first + b, step, purpose })
    return noise
  }

  /**
   * xi of a step; for Leimkuhler and Matthews (2013) the mean of its own noise and the next step's, (xi_t + xi_t+1) / 2, which takes the
   * step bias of a Gaussian away altogether.
   */
  #langevinNoise(first: number, step: number): Float32Array {
    if (this.#plan.settings.integrator === 'euler') return this.#noise(first, step, 'langevin')
    const kept = this.#shared.get(first)
    const own = kept?.step === step ? kept.noise : this.#noise(first, step, 'langevin')
    const next = this.#noise(first, step + 1, 'langevin')
    this.#shared.set(first, { step: step + 1, noise: next })
    for (let i = 0; i < own.length; i++) own[i] = (own[i] + next[i]) / 2
    return own
  }

  /** Scales the noise of a group by sqrt P in place and returns P g, for the diagonal preconditioner. */
  #diagonal(group: ChainGroup, noise: Float32Array): Float32Array {
    const { length } = this.#model.spec.latent
    const drift = new Float32Array(group.gradient.length)
    for (let b = 0; b < group.rmsprop.length; b++) {
      const scale = this.#diagonalOf(group, b)
      for (let i = 0; i < length; i++) {
        drift[b * length + i] = scale[i] * group.gradient[b * length + i]
        noise[b * length + i] *= Math.sqrt(scale[i])
      }
    }
    return drift
  }

  #diagonalOf(group: ChainGroup, b: number): Float32Array {
    return rmspropDiagonal(group.rmsprop[b], new Float32Array(this.#model.spec.latent.length))
  }

  /** The diagonal preconditioner learns until the chain is corrected or counted, and is constant from then on. */
  #learn(group: ChainGroup): void {
    const { burnIn, mala } = this.#plan.settings
    if (this.#state.step >= (mala ? Math.floor(burnIn / 2) : burnIn)) return
    const { length } = this.#model.spec.latent
    group.rmsprop.forEach((state, b) => learnRmsprop(state, group.gradient.subarray(b * length, (b + 1) * length)))
  }

  #count(step: number): void {
    const { settings } = this.#plan
    const weight = settings.decay === 0 ? 1 : step / settings.step
    const scratch = new Float32Array(this.#box.voxels)
    for (const group of this.#state.groups)
      for (let b = 0; b < group.count; b++) {
        if (!this.#isAlive(group, b)) continue
        const from = b * this.#box.voxels
        const volume = group.volume.subarray(from, from + this.#box.voxels)
        const measured = group.measured.subarray(from, from + this.#box.voxels)
        countDraw(
          this.records[group.first + b],
          volume,
          measured,
          readProbes(this.probes, volume),
          group.misfit[b],
          weight,
          scratch
        )
      }
  }

  #isAlive(group: ChainGroup, b: number): boolean {
    return b < group.count && !this.records[group.first + b].diverged
  }

  /** A hundred times the scale of the data and of the starts: nothing that a posterior of this box could hold. */
  #divergenceBound(): number {
    const { volume, voxels } = this.#box
    const starts = this.#state.groups.flatMap((group) =>
      Array.from({ length: group.count }, (_, b) => rootMeanSquare(group.volume, b * voxels, voxels))
    )
    return 100 * Math.max(rootMeanSquare(volume, 0, voxels), ...starts.filter(Number.isFinite))
  }

  #checkDivergence(group: ChainGroup, b: number): void {
    const { voxels } = this.#box
    const size = rootMeanSquare(group.volume, b * voxels, voxels)
    if (size <= this.#state.bound && Number.isFinite(group.logDensity[b])) return
    this.records[group.first + b].diverged = true
    // Its place is taken by zbar, so that no infinity goes through the networks beside the other chains.
    const { length } = this.#model.spec.latent
    group.position.set(this.#box.conditioning.centre, b * length)
    group.drift.fill(0, b * length, (b + 1) * length)
    group.gradient.fill(0, b * length, (b + 1) * length)
  }

  #report(step: number, accepted: number[] | null): StepReport {
    let potential = 0
    let misfit = 0
    let alive = 0
    const chainPotentials: (number | null)[] = this.records.map(() => null)
    for (const group of this.#state.groups)
      for (let b = 0; b < group.count; b++) {
        if (!this.#isAlive(group, b)) continue
        alive++
        potential -= group.logDensity[b]
        chainPotentials[group.first + b] = -group.logDensity[b]
        misfit += group.misfit[b]
      }
    return {
      potential: potential / alive,
      chainPotentials,
      misfit: misfit / alive,
      acceptance: accepted && accepted.length > 0 ? accepted.reduce((a, b) => a + b) / accepted.length : null,
      step
    }
  }
}

/** A preconditioned chain comes in from its start in a few large steps, whatever step it will be corrected at. */
function letInStep(step: number, filter: FilterPair | undefined): number {
  return filter ? Math.max(step, 0.2) : step
}
