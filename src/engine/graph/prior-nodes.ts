import { gradient, inline } from 'onnx-autodiff'
import type { Graph, Value } from 'onnx-autodiff'
import { isWithoutRotations, type Networks } from './networks.ts'
import type { BatchShape, CasNodes, FilterNodes } from './cas.ts'

/** A prior joined to a step graph; its force is added once the shapes are known. */
export interface PriorNodes {
  /** E (B,); null where the bundle gives its gradient only. */
  energy: Value | null
  /** Which value the force acts on. */
  actsOn: 'latent' | 'volume'
  /** Appends grad w, in the shape of what it acts on; `portable` as in onnx-autodiff. */
  force(shapes: ReadonlyMap<Value, readonly number[]>, portable: boolean): Value
}

export interface PriorPlace {
  position: Value
  volume: Value
  /** (B, 1, D, H, W). */
  volumeShape: BatchShape
  cas: CasNodes
  wedge: FilterNodes
}

/** How a volume is turned before the prior sees it, as inputs of the graph. */
interface RotationNodes {
  turn(value: Value): Value
  /** The exact adjoint. */
  turnBack(value: Value): Value
}

/**
 * Joins the bundle's prior (method.md section 3): an energy E, w = -E; a score, grad w itself; or a denoiser, grad w(x) = (D(x, s) - x) / s^2
 * by Tweedie. It sees the latent, the volume, or in the observation domain T_M R x for a rotation R that the host draws.
 */
export function joinPrior(
  graph: Graph,
  prior: NonNullable<Networks['prior']>,
  { position, volume, volumeShape, cas, wedge }: PriorPlace
): PriorNodes {
  const { spec } = prior
  const batch = volumeShape[0]
  const rotation =
    spec.domain === 'observation' && !isWithoutRotations(spec)
      ? spec.rotations === 'cube'
        ? permutationInputs(graph, volumeShape)
        : interpolationInputs(graph, volumeShape)
      : null
  const turned = rotation ? rotation.turn(volume) : volume
  const argument = spec.domain === 'latent' ? position : spec.domain === 'volume' ? volume : cas.filter(turned, wedge)
  const pullBack = (value: Value): Value => {
    if (spec.domain !== 'observation') return value
    const seen = cas.filter(value, wedge)
    return rotation ? rotation.turnBack(seen) : seen
  }
  const bindings: Record<string, Value> = { [prior.input]: argument }
  if (prior.sigmaInput !== null) bindings[prior.sigmaInput] = graph.input('noiseLevel', 'float32', [batch])
  const output = inline(graph, prior.graph, bindings, 'prior/')[prior.output]
  const actsOn = spec.domain === 'latent' ? 'latent' : 'volume'
  if (spec.kind === 'energy') {
    const energy = graph.reshape(output, [batch])
    return {
      energy,
      actsOn,
      force: (shapes, portable) =>
        pullBack(graph.neg(gradient(graph, { of: energy, withRespectTo: [argument], shapes, portable })[argument]))
    }
  }
  const isDenoiser = spec.kind === 'denoiser'
  const precision = isDenoiser ? graph.input('noisePrecision', 'float32', []) : null
  return {
    energy: null,
    actsOn,
    force: () => pullBack(precision === null ? output : graph.mul(graph.sub(output, argument), precision))
  }
}

/** Rotations of the cube: one gather, and the inverse one as its adjoint. Indices run over the whole batch. */
function permutationInputs(graph: Graph, shape: BatchShape): RotationNodes {
  const count = shape.reduce((a, b) => a * b)
  const there = graph.input('rotation', 'int32', [count])
  const back = graph.input('rotationBack', 'int32', [count])
  const move = (value: Value, index: Value): Value =>
    graph.reshape(graph.gather(graph.reshape(value, [count]), index, 0), shape)
  return { turn: (value) => move(value, there), turnBack: (value) => move(value, back) }
}

const taps = 8

/** Any rotation: eight weighted gathers; the adjoint adds each voxel to the eight it was made of. */
function interpolationInputs(graph: Graph, shape: BatchShape): RotationNodes {
  const count = shape.reduce((a, b) => a * b)
  const index = graph.input('rotation', 'int32', [taps, count])
  const weight = graph.input('rotationWeight', 'float32', [taps, count])
  return {
    turn: (value) => {
      const gathered = graph.gather(graph.reshape(value, [count]), index, 0)
      return graph.reshape(graph.reduceSum(graph.mul(gathered, weight), [0], false), shape)
    },
    turnBack: (value) => {
      const shares = graph.mul(graph.reshape(value, [1, count]), weight)
      const zeros = graph.expand(graph.scalar(0), [count])
      const places = graph.cast(graph.reshape(index, [taps * count]), 'int64')
      const added = graph.node('ScatterElements', [zeros, places, graph.reshape(shares, [taps * count])], {
        axis: 0,
        reduction: 'add'
      })
      return graph.reshape(added, shape)
    }
  }
}
