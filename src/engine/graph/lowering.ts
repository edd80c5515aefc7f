import { inferShapes, lowerForWebGpu, lowerTransposedConvolutions, simplify } from 'onnx-autodiff'
import type { Dimension, Evaluate, Graph, Tensor, Value } from 'onnx-autodiff'
import type { ZYX } from '../../shared/axes.ts'
import type { LatentShape, Network, Networks } from './networks.ts'
import { convolveInPlanes } from './lowering-convolutions.ts'
import type { Shapes } from './lowering-rewrite.ts'
import { shuffleInTwoSteps } from './lowering-shuffles.ts'

/** What a graph is made for. */
export type Target = 'cpu' | 'cuda' | 'webgpu'

/** Gradients for a GPU use only operators that its providers have: onnx-autodiff's `portable`. */
export function isPortable(target: Target): boolean {
  return target !== 'cpu'
}

/** Zeros for every input of a graph of static shapes, as inferShapes wants them. */
export function zeroFeeds(graph: Graph): Record<string, Tensor> {
  return Object.fromEntries(
    graph.inputs.map(({ name, type, shape }): [string, Tensor] => {
      const dims = (shape ?? []).map(Number)
      const count = dims.reduce((a, b) => a * b, 1)
      return [
        name,
        type === 'int32'
          ? { type, dims, data: new Int32Array(count) }
          : { type: 'float32', dims, data: new Float32Array(count) }
      ]
    })
  )
}

interface BoxNetworks {
  networks: Networks
  batch: number
  size: ZYX
  latent: LatentShape
}

/**
 * Decoder and prior for boxes of one size: with static shapes exporters' shape arithmetic becomes constants, which the
 * gradient needs, and what does nothing is gone. The originals are left alone.
 */
export async function specialise(
  { networks, batch, size, latent }: BoxNetworks,
  evaluate: Evaluate
): Promise<Networks> {
  const latents = [batch, latent.channels, ...latent.size]
  const volumes = [batch, 1, ...size]
  const { decoder, prior } = networks
  return {
    ...networks,
    decoder: decoder && { ...decoder, graph: await specialiseNetwork(decoder, latents, evaluate) },
    prior: prior && {
      ...prior,
      graph: await specialiseNetwork(prior, prior.spec.domain === 'latent' ? latents : volumes, evaluate)
    }
  }
}

/** A copy of one network that takes volumes or latents of a static shape, (B, c, D, H, W), and is else as exported. */
export function withStaticInputs({ graph, sigmaInput }: Network, shape: readonly number[]): Graph {
  const copy = graph.clone()
  for (const info of copy.inputs) {
    const wanted: Dimension[] = info.name === sigmaInput ? [shape[0]] : [...shape]
    info.shape = wanted
  }
  return copy
}

/** The same, simplified for that shape. */
export async function specialiseNetwork(
  network: Network,
  shape: readonly number[],
  evaluate: Evaluate
): Promise<Graph> {
  const graph = withStaticInputs(network, shape)
  const feeds = zeroFeeds(graph)
  await simplify(graph, { evaluate, shapes: await inferShapes(graph, feeds, evaluate) })
  return graph
}

/**
 * Rewrites a finished graph, outputs declared, for where it will run, in place: constants folded, what is computed twice
 * computed once, and operators replaced that the target lacks or is slow at. Returns the shapes of what came out.
 */
export async function lowerFor(
  target: Target,
  graph: Graph,
  evaluate: Evaluate,
  architecture: string = process.arch
): Promise<Shapes> {
  const feeds = zeroFeeds(graph)
  const shapesNow = (): Promise<Map<Value, number[]>> => inferShapes(graph, feeds, evaluate)
  await simplify(graph, { evaluate, shapes: await shapesNow() })
  if (target === 'webgpu') {
    const noise = lowerForWebGpu(graph, await shapesNow())
    if (noise.length > 0) throw new RangeError('A network of the bundle draws random numbers of its own.')
  }
  if (target === 'cpu') {
    lowerTransposedConvolutions(graph, await shapesNow())
    const shapes = await shapesNow()
    // Only x86 processors have onnxruntime's direct convolutions.
    if (architecture === 'x64') convolveInPlanes(graph, shapes)
    shuffleInTwoSteps(graph, shapes)
  }
  return shapesNow()
}

/** Bytes of the largest float32 tensor. */
export function largestBytes(shapes: Shapes): number {
  let largest = 0
  for (const shape of shapes.values()) largest = Math.max(largest, 4 * shape.reduce((a, b) => a * b, 1))
  return largest
}
