import { inferShapes, UnsupportedOperatorError } from 'onnx-autodiff'
import type { Graph, Tensor, Value } from 'onnx-autodiff'
import type { ZYX } from '../../../shared/axes.ts'
import type { Settings } from '../../../shared/settings.ts'
import type { Wedge } from '../../../shared/wedge.ts'
import type { LoadedBundle } from '../../bundle/load.ts'
import { latentShape, readNetworks } from '../../graph/networks.ts'
import { evaluateOnCpu } from '../../graph/session.ts'
import { composeStep } from '../../graph/step-graph.ts'
import { wedgePlane } from '../../wedge/mask.ts'
import type { Problem } from '../problem.ts'
import { voxelsOf } from './geometry.ts'

/** Bytes that a box of some voxels takes. Beyond what was looked at they grow by a power of its voxels. */
export interface NetworkMemory {
  /** All tensors that are alive at once in a network run, at most. */
  peakBytes(voxels: number): number
  largestTensorBytes(voxels: number): number
  weightBytes: number
}

export interface MemoryRequest {
  bundle: LoadedBundle
  wedge: Wedge
  threads: number | null
  /** What the method runs. */
  withPrior: boolean
  withGradient: boolean
  withFilter: boolean
  /** Two boxes to look at, the smaller one first; the same one twice where networks take one size only. */
  sizes: readonly [ZYX, ZYX]
}

/**
 * Predicts memory from the step graph itself: its tensors' shapes at two small sizes, each alive from the node that makes it to the last
 * one that reads it. null where the networks can't be differentiated, which the run itself will say.
 */
export async function predictMemory(request: MemoryRequest): Promise<NetworkMemory | null> {
  try {
    const [small, large] = [await looked(request, request.sizes[0]), await looked(request, request.sizes[1])]
    const growth = (pick: (look: Look) => number) => {
      const ratio = Math.log(large.voxels / small.voxels)
      const exponent = ratio > 0 ? Math.max(1, Math.log(pick(large) / pick(small)) / ratio) : 1
      return (voxels: number): number => pick(large) * (voxels / large.voxels) ** exponent
    }
    return {
      peakBytes: growth(({ peak }) => peak),
      largestTensorBytes: growth(({ largest }) => largest),
      weightBytes: large.weights
    }
  } catch (error) {
    if (error instanceof UnsupportedOperatorError) return null
    throw error
  }
}

interface Look {
  voxels: number
  peak: number
  largest: number
  weights: number
}

async function looked(request: MemoryRequest, size: ZYX): Promise<Look> {
  const { bundle, wedge, threads, withPrior, withGradient, withFilter } = request
  const networks = readNetworks(bundle)
  const evaluate = evaluateOnCpu(threads, networks.folder)
  const latent = latentShape(bundle.manifest.latent, size)
  const { graph } = await composeStep(
    {
      networks,
      size,
      latent,
      batch: 1,
      plane: wedgePlane(wedge, size),
      withPrior,
      withGradient,
      withFilter: withFilter && latent.length === voxelsOf(size),
      withPrecision: networks.encoder !== null && networks.encoder.precisionOutput !== null
    },
    evaluate
  )
  const step = aliveAtOnce(graph, await inferShapes(graph, zeros(graph, {}), evaluate))
  const encoder = networks.encoder?.graph
  const encoding = encoder
    ? aliveAtOnce(encoder, await inferShapes(encoder, zeros(encoder, { y: [1, 1, ...size] }), evaluate))
    : { peak: 0, largest: 0 }
  return {
    voxels: voxelsOf(size),
    peak: Math.max(step.peak, encoding.peak),
    largest: Math.max(step.largest, encoding.largest),
    weights: [graph, ...(encoder ? [encoder] : [])].reduce(
      (sum, { initializers }) => sum + weightBytes(initializers),
      0
    )
  }
}

/** Feeds of the right shapes; an encoder's one input takes the shape given for it, under whatever name. */
function zeros(graph: Graph, { y }: { y?: number[] }): Record<string, Tensor> {
  return Object.fromEntries(
    graph.inputs.map(({ name, type, shape }) => {
      const dims = y ?? (shape ?? []).map(Number)
      const count = dims.reduce((a, b) => a * b, 1)
      const data = type === 'int32' ? new Int32Array(count) : new Float32Array(count)
      return [name, { type: type === 'int32' ? 'int32' : 'float32', dims, data }]
    })
  )
}

const bytesPerElement = 4

/** Walks the nodes in their order with a count of what is alive. Views are counted as copies: an upper bound. */
export function aliveAtOnce(
  graph: Graph,
  shapes: ReadonlyMap<Value, readonly number[]>
): { peak: number; largest: number } {
  const bytes = (value: Value): number => (shapes.get(value) ?? []).reduce((a, b) => a * b, bytesPerElement)
  const lastRead = new Map<Value, number>()
  graph.nodes.forEach(({ inputs }, index) => inputs.forEach((value) => lastRead.set(value, index)))
  graph.outputs.forEach(({ name }) => lastRead.set(name, graph.nodes.length))
  let alive = graph.inputs.reduce((sum, { name }) => sum + bytes(name), 0)
  let peak = alive
  let largest = graph.inputs.reduce((most, { name }) => Math.max(most, bytes(name)), 0)
  graph.nodes.forEach(({ inputs, outputs }, index) => {
    for (const value of outputs) {
      alive += bytes(value)
      largest = Math.max(largest, bytes(value))
    }
    peak = Math.max(peak, alive)
    for (const value of new Set([...inputs, ...outputs]))
      if (!graph.initializers.has(value) && (lastRead.get(value) ?? index) === index) alive -= bytes(value)
  })
  return { peak, largest }
}

function weightBytes(initializers: Graph['initializers']): number {
  return [...initializers.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, bytesPerElement), 0)
}

type Sized = Pick<Settings, 'chains' | 'candidates' | 'members'> & { threshold: number | null }

/** Bytes a voxel that sampling itself keeps beside the networks: chains' states, moments in float64, members, one transform. */
export function samplerBytesPerVoxel(
  { method, sampler }: Pick<Problem, 'method' | 'sampler'>,
  { chains, members, threshold }: Sized
): number {
  const transform = 48
  const family = 48 + (threshold === null ? 0 : 8)
  const maps = 4 * (4 + members)
  if (method === 'cryogen-2') return transform + 16
  // Twelve pairs of vectors of L-BFGS, and its working vectors.
  if (method === 'cryogen-1') return transform + 24 * 4 + 32
  if (method === 'cryowgen-1' || sampler === 'split-gibbs') return transform + family + 16 + maps + 4 * 4
  // Each chain has moments of its own, position, gradient, drift, volume and its measured part before and after a step, and the noise
  // that two steps share; R-hat comes on top of the maps.
  return transform + chains * (family + 11 * 4) + family + maps + 4
}
