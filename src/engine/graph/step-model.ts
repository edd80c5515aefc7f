import { Tensor } from 'onnxruntime-node'
import type { ZYX } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { SplitSymbol } from '../wedge/symbol.ts'
import type { DeviceChoice } from './device.ts'
import { openStep } from './device-session.ts'
import type { OpenedGraph } from './decided-session.ts'
import type { Target } from './lowering.ts'
import { isWithoutRotations } from './networks.ts'
import type { Networks, Prior } from './networks.ts'
import { inverseIndex, permutationMap, trilinearMap } from './rotation.ts'
import type { Matrix3 } from './rotation.ts'
import { floatTensor, largestTensorBytes } from './session.ts'
import type { NetworkSession, SessionSettings } from './session.ts'
import type { StepGraphSpec, StepOutput } from './step-graph.ts'
import { isAsymmetric } from './wedge-nodes.ts'

/** method.md section 3's weights. */
export interface Weights {
  lambda: number
  beta: number
  gamma: number
}

/** What a box's posterior is conditioned on, as the graph takes it. */
export interface Conditioning {
  /** T_M y, (1, 1, D, H, W). */
  measuredData: Float32Array
  /** zbar and, where the encoder gives it, kappa's precision map; (c, latent size). */
  centre: Float32Array
  precision: Float32Array | null
}

/** A symbol with its square root, both split by parity: the Fourier preconditioner. */
export interface FilterPair {
  full: SplitSymbol
  root: SplitSymbol
}

/** The values of log q*'s terms for each chain of a batch, summed in float64. */
export interface Terms {
  /** |T_M (y - A(z))|^2. */
  misfit: number[]
  /** precision . (z - zbar)^2. */
  tether: number[]
  /** E(z); zeros without a prior. */
  energy: number[]
}

export interface Evaluated extends Terms {
  /** A(z) and T_M A(z), (B, D, H, W). */
  volume: Float32Array
  measured: Float32Array
}

/** A batch of chains after a step. Arrays are (B, c, latent size) and belong to the caller. */
export interface Stepped extends Evaluated {
  position: Float32Array
  /** g = grad log q*, and P g (g itself without a filter). */
  gradient: Float32Array
  drift: Float32Array
}

export interface StepInput {
  position: Float32Array
  drift: Float32Array
  noise: Float32Array
  /** eta of each chain. 0 evaluates at `position`. */
  steps: readonly number[]
}

/** How the prior looks at a step, where that is not fixed. */
export interface PriorView {
  /** s of a denoiser or a score that knows noise levels. */
  noiseLevel?: number
  /** R of each chain in the observation domain; the identity where absent. */
  rotations?: readonly Matrix3[]
}

/** log q*(z | y) of chain b up to a constant. */
export function logDensity({ misfit, tether, energy }: Terms, { lambda, beta, gamma }: Weights, chain: number): number {
  return -(energy[chain] + 0.5 * lambda * misfit[chain]) / gamma - 0.5 * beta * tether[chain]
}

/** A compiled step graph in a session: evaluations and Langevin steps of one batch on one box size. */
export class StepModel {
  readonly spec: StepGraphSpec
  readonly #session: NetworkSession
  readonly #outputs: ReadonlySet<string>
  readonly #isAsymmetric: boolean

  /** Why it runs where it runs; null where the device was asked for by name. */
  readonly choice: DeviceChoice | null

  private constructor(spec: StepGraphSpec, { session, choice }: OpenedGraph) {
    this.spec = spec
    this.choice = choice
    this.#session = session
    this.#outputs = new Set(session.outputNames)
    this.#isAsymmetric = isAsymmetric(spec.plane)
  }

  /**
   * Composes, compiles and opens; 'auto' tries devices on this very graph and takes the fastest.
   * @throws {WedgeviewError} input / box-too-large where a tensor nears the runtime's allocation limit; job /
   *   device-inaccurate; what openSession throws. An operator without a derivative throws onnx-autodiff's
   *   UnsupportedOperatorError.
   */
  static async open(spec: StepGraphSpec, settings: SessionSettings): Promise<StepModel> {
    const voxels = spec.batch * spec.size[0] * spec.size[1] * spec.size[2]
    refuseAbove(voxels * 4, spec.size)
    return new StepModel(spec, await openStep(spec, settings, (bytes) => refuseAbove(bytes, spec.size)))
  }

  get device(): Target {
    return this.#session.device
  }

  /** A graph without gradient: the terms and volumes of B latents, (B, c, latent size). */
  async evaluate(position: Float32Array, conditioning: Conditioning, view: PriorView = {}): Promise<Evaluated> {
    const results = await this.#session.run(
      this.#feeds(position, conditioning, view),
      this.#fetches(['volume', 'measured', 'misfit', 'tether', 'energy'])
    )
    return this.#evaluated(results, position)
  }

  /** One Langevin move of B chains and everything at the place it leads to. */
  async step(
    input: StepInput,
    conditioning: Conditioning,
    weights: Weights,
    filter?: FilterPair,
    view: PriorView = {}
  ): Promise<Stepped> {
    const { batch, latent, withFilter } = this.spec
    const shape = [batch, latent.channels, ...latent.size]
    const feeds = this.#feeds(input.position, conditioning, view)
    feeds.driftBefore = floatTensor(input.drift, shape)
    feeds.noise = floatTensor(input.noise, shape)
    feeds.step = floatTensor(Float32Array.from(input.steps), [batch, 1, 1, 1, 1])
    feeds.noiseScale = floatTensor(
      Float32Array.from(input.steps, (step) => Math.sqrt(2 * step)),
      [batch, 1, 1, 1, 1]
    )
    feeds.dataWeight = floatTensor(Float32Array.of(weights.lambda / weights.gamma), [])
    feeds.tetherWeight = floatTensor(Float32Array.of(weights.beta), [])
    if (this.#prior) feeds.priorWeight = floatTensor(Float32Array.of(1 / weights.gamma), [])
    if (withFilter) {
      if (!filter) throw new RangeError('This step graph needs a preconditioner.')
      Object.assign(feeds, this.#filterFeeds('filter', filter.full), this.#filterFeeds('filterRoot', filter.root))
    }
    const results = await this.#session.run(
      feeds,
      this.#fetches(['position', 'volume', 'measured', 'misfit', 'tether', 'energy', 'gradient', 'drift'])
    )
    const position = floats(results.position)
    const gradient = floats(results.gradient)
    return {
      ...this.#evaluated(results, position),
      position,
      gradient,
      drift: withFilter ? floats(results.drift) : gradient
    }
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  #fetches(wanted: readonly StepOutput[]): StepOutput[] {
    return wanted.filter((name) => this.#outputs.has(name))
  }

  get #prior(): Networks['prior'] {
    return this.spec.withPrior ? this.spec.networks.prior : null
  }

  #feeds(
    position: Float32Array,
    { measuredData, centre, precision }: Conditioning,
    view: PriorView
  ): Record<string, Tensor> {
    const { batch, latent, size } = this.spec
    const feeds: Record<string, Tensor> = {
      ...this.#priorFeeds(view),
      z: floatTensor(position, [batch, latent.channels, ...latent.size]),
      measuredData: floatTensor(measuredData, [1, 1, ...size]),
      centre: floatTensor(centre, [1, latent.channels, ...latent.size])
    }
    if (precision) feeds.precision = floatTensor(precision, [1, latent.channels, ...latent.size])
    return feeds
  }

  #priorFeeds({ noiseLevel, rotations }: PriorView): Record<string, Tensor> {
    const prior = this.#prior
    if (!prior) return {}
    const { batch, size } = this.spec
    const feeds: Record<string, Tensor> = {}
    if (prior.sigmaInput !== null || prior.spec.kind === 'denoiser') {
      if (noiseLevel === undefined) throw new RangeError('This prior needs a noise level.')
      if (prior.sigmaInput !== null) feeds.noiseLevel = floatTensor(new Float32Array(batch).fill(noiseLevel), [batch])
      if (prior.spec.kind === 'denoiser') feeds.noisePrecision = floatTensor(Float32Array.of(noiseLevel ** -2), [])
    }
    if (!isWithoutRotations(prior.spec)) Object.assign(feeds, rotationFeeds(prior.spec, size, batch, rotations))
    return feeds
  }

  #filterFeeds(name: string, symbol: SplitSymbol): Record<string, Tensor> {
    const shape = [1, 1, ...this.spec.size]
    const feeds: Record<string, Tensor> = { [`${name}Even`]: floatTensor(symbol.even, shape) }
    if (this.#isAsymmetric)
      feeds[`${name}Odd`] = floatTensor(symbol.odd[0]?.values ?? new Float32Array(symbol.even.length), shape)
    return feeds
  }

  #evaluated(results: Record<string, Tensor>, position: Float32Array): Evaluated {
    const { batch } = this.spec
    return {
      volume: this.#outputs.has('volume') ? floats(results.volume) : position,
      measured: floats(results.measured),
      misfit: sums(floats(results.misfit), batch),
      tether: sums(floats(results.tether), batch),
      energy: this.#outputs.has('energy') ? Array.from(floats(results.energy)) : new Array<number>(batch).fill(0)
    }
  }
}

/** Rotations of all chains as one map of the whole batch, flattened. */
function rotationFeeds(
  { rotations: kind }: Prior,
  size: ZYX,
  batch: number,
  rotations: readonly Matrix3[] = []
): Record<string, Tensor> {
  const voxels = size[0] * size[1] * size[2]
  const count = batch * voxels
  const taps = kind === 'cube' ? 1 : 8
  const index = new Int32Array(taps * count)
  const weight = new Float32Array(taps * count)
  for (let b = 0; b < batch; b++) {
    const matrix = rotations[b] ?? identity
    const map = kind === 'cube' ? permutationMap(matrix, size) : trilinearMap(matrix, size)
    for (let tap = 0; tap < taps; tap++)
      for (let i = 0; i < voxels; i++) {
        const to = tap * count + b * voxels + i
        index[to] = b * voxels + map.index[tap * voxels + i]
        weight[to] = map.weight[tap * voxels + i]
      }
  }
  if (kind === 'cube')
    return {
      rotation: new Tensor('int32', index, [count]),
      rotationBack: new Tensor('int32', inverseIndex(index), [count])
    }
  return { rotation: new Tensor('int32', index, [taps, count]), rotationWeight: floatTensor(weight, [taps, count]) }
}

const identity: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1]

function floats(tensor: Tensor): Float32Array {
  return tensor.data as Float32Array
}

function sums(partial: Float32Array, batch: number): number[] {
  const width = partial.length / batch
  return Array.from({ length: batch }, (_, b) => {
    let sum = 0
    for (let i = b * width; i < (b + 1) * width; i++) sum += partial[i]
    return sum
  })
}

/** @throws {WedgeviewError} input / box-too-large */
export function refuseAbove(bytes: number, size: ZYX): void {
  if (bytes <= largestTensorBytes) return
  throw new WedgeviewError(
    'input',
    'box-too-large',
    `A box of ${[...size].reverse().join(' x ')} voxels needs a tensor of ${(bytes / 2 ** 30).toFixed(1)} GiB; ` +
      `${(largestTensorBytes / 2 ** 30).toFixed(1)} GiB is the most that one allocation can hold.`,
    'Choose a smaller region of interest.'
  )
}
