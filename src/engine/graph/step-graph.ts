import { Graph, gradient, inferShapes, inline } from 'onnx-autodiff'
import type { Evaluate, Value } from 'onnx-autodiff'
import type { ZYX } from '../../shared/axes.ts'
import type { SpectralPlane } from '../wedge/mask.ts'
import { CasNodes } from './cas.ts'
import type { BatchShape, FilterNodes } from './cas.ts'
import { isPortable, largestBytes, lowerFor, specialise, zeroFeeds } from './lowering.ts'
import type { Target } from './lowering.ts'
import type { LatentShape, Networks } from './networks.ts'
import { joinPrior } from './prior-nodes.ts'
import { isAsymmetric, isBinary, wedgeFilter } from './wedge-nodes.ts'

/** What a step graph is compiled for. */
export interface StepGraphSpec {
  networks: Networks
  /** Box in voxels. */
  size: ZYX
  latent: LatentShape
  /** Chains a run. */
  batch: number
  plane: SpectralPlane
  /** Leaves the prior out where false: CryoGEN-II needs none. */
  withPrior: boolean
  /** With the Langevin move and the gradient of log q*; without, the graph only evaluates. */
  withGradient: boolean
  /** With the Fourier preconditioner as an input symbol. */
  withFilter: boolean
  /** True where the encoder gives kappa's precision as a map. */
  withPrecision: boolean
}

export interface StepGraph {
  graph: Graph
  /** Names of the outputs that the graph has. */
  outputs: Set<StepOutput>
  /** Bytes of the largest tensor in it. */
  largestTensorBytes: number
}

/**
 * Outputs of a step graph, B chains each:
 * - position z' = z + eta drift + sqrt(2 eta) P^1/2 xi, everything else evaluated at it
 * - volume A(z') where there is a decoder (else it is z' itself), measured = T_M A(z')
 * - misfit: |T_M y - T_M A(z')|^2 as a sum a z plane, (B, D): the host adds them up in float64, since a float32
 *   total of a large box is too coarse for a Metropolis decision
 * - tether: precision . (z' - zbar)^2 a latent plane, (B, planes)
 * - energy E (B,)
 * - gradient g' of log q* and, with a filter, drift P g'
 */
export type StepOutput = 'position' | 'volume' | 'measured' | 'misfit' | 'tether' | 'energy' | 'gradient' | 'drift'

/**
 * Joins decoder, prior, T_M and the Langevin step into one graph: method.md section 3,
 * log q* = (w - lambda/2 |T_M (y - A(z))|^2) / gamma - beta/2 |z - zbar|^2.
 *
 * Inputs: `z`, `driftBefore`, `noise` (B, c, latent size); `step` = eta and `noiseScale` = sqrt(2 eta), (B, 1, 1, 1, 1);
 * `centre` = zbar and `precision` (1, c, latent size); `measuredData` = T_M y (1, 1, D, H, W); scalars `dataWeight` =
 * lambda / gamma, `priorWeight` = 1 / gamma and `tetherWeight` = beta; the symbols of P and P^1/2 by parity; a denoiser's
 * `noiseLevel` = s (B,) and `noisePrecision` = 1 / s^2; a rotation as `rotation` and `rotationBack` or `rotationWeight`
 * (prior-nodes.ts). A graph that only evaluates has no drift, noise, steps and weights.
 *
 * The graph is simplified and lowered for its target (lowering.ts).
 */
export async function composeStep(spec: StepGraphSpec, evaluate: Evaluate, target: Target = 'cpu'): Promise<StepGraph> {
  const { size, latent, batch, plane } = spec
  const networks = await specialise(spec, evaluate)
  const portable = isPortable(target)
  const graph = new Graph({ opset: 17, name: 'step' })
  const latentShape: BatchShape = [batch, latent.channels, ...latent.size]
  const volumeShape: BatchShape = [batch, 1, ...size]
  const outputs = new Set<StepOutput>()
  const offer = (name: StepOutput, value: Value): void => {
    graph.output(value, name)
    outputs.add(name)
  }

  const cas = new CasNodes(graph, volumeShape)
  const wedge = wedgeFilter(graph, plane)
  const filters = spec.withFilter ? filterInputs(graph, spec) : null

  let position = graph.input('z', 'float32', latentShape)
  if (spec.withGradient) {
    const drift = graph.input('driftBefore', 'float32', latentShape)
    const noise = graph.input('noise', 'float32', latentShape)
    const step = graph.input('step', 'float32', [batch, 1, 1, 1, 1])
    const noiseScale = graph.input('noiseScale', 'float32', [batch, 1, 1, 1, 1])
    const shaped = filters ? cas.filter(noise, filters.root) : noise
    position = graph.add(position, graph.add(graph.mul(drift, step), graph.mul(shaped, noiseScale)))
    offer('position', position)
  }

  const decoder = networks.decoder
  const volume = decoder
    ? inline(graph, decoder.graph, { [decoder.input]: position }, 'decoder/')[decoder.output]
    : position
  if (decoder) offer('volume', volume)
  const measured = cas.filter(volume, wedge)
  offer('measured', measured)

  const residual = graph.sub(graph.input('measuredData', 'float32', [1, 1, ...size]), measured)
  offer('misfit', graph.reduceSum(graph.mul(residual, residual), [1, 3, 4], false))

  const deviation = graph.sub(position, graph.input('centre', 'float32', [1, ...latentShape.slice(1)]))
  const precision = spec.withPrecision ? graph.input('precision', 'float32', [1, ...latentShape.slice(1)]) : null
  const pull = precision ? graph.mul(deviation, precision) : deviation
  offer('tether', graph.reduceSum(graph.mul(pull, deviation), [1, 3, 4], false))

  const prior =
    spec.withPrior && networks.prior
      ? joinPrior(graph, networks.prior, { position, volume, volumeShape, cas, wedge })
      : null
  if (prior?.energy) offer('energy', prior.energy)

  const finish = async (): Promise<StepGraph> => {
    const shapes = await lowerFor(target, graph, evaluate)
    return { graph, outputs, largestTensorBytes: largestBytes(shapes) }
  }
  if (!spec.withGradient) return finish()

  const shapes = await inferShapes(graph, zeroFeeds(graph), evaluate)
  const dataWeight = graph.input('dataWeight', 'float32', [])
  const tetherWeight = graph.input('tetherWeight', 'float32', [])
  // T_M is self-adjoint, and for a binary mask the residual is already in its range: T_M r = r.
  const pushed = isBinary(plane) ? residual : cas.filter(residual, wedge)
  let onVolume = graph.mul(pushed, dataWeight)
  let onLatent = graph.neg(graph.mul(pull, tetherWeight))
  if (prior) {
    const force = graph.mul(prior.force(shapes, portable), graph.input('priorWeight', 'float32', []))
    if (prior.actsOn === 'latent') onLatent = graph.add(onLatent, force)
    else onVolume = graph.add(onVolume, force)
  }
  const pulledBack = decoder
    ? gradient(graph, { of: volume, withRespectTo: [position], seed: onVolume, shapes, portable })[position]
    : onVolume
  const total = graph.add(pulledBack, onLatent)
  offer('gradient', total)
  if (filters) offer('drift', cas.filter(total, filters.full))
  return finish()
}

/** The preconditioner's symbols as inputs, so that one compiled graph serves every lambda, beta, gamma and prior. */
function filterInputs(graph: Graph, { plane, size }: StepGraphSpec): { full: FilterNodes; root: FilterNodes } {
  const shape = [1, 1, ...size]
  const symbol = (name: string): FilterNodes => ({
    axes: [0, 1, 2],
    even: graph.input(`${name}Even`, 'float32', shape),
    odd: isAsymmetric(plane) ? { axes: plane.axes, values: graph.input(`${name}Odd`, 'float32', shape) } : null
  })
  return { full: symbol('filter'), root: symbol('filterRoot') }
}
