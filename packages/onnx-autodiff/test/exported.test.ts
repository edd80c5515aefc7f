import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import {
  Graph,
  gradient,
  inferShapes,
  inline,
  lowerForWebGpu,
  lowerTransposedConvolutions,
  simplify,
  unsupportedOperators
} from '../src/index.ts'
import type { Tensor, Value } from '../src/index.ts'
import { dot, numbers } from './support/random.ts'
import { evaluate } from './support/runtime.ts'

interface Stored {
  dims: number[]
  float32: string
}

interface Reference {
  x: Stored
  u: Stored
  y: Stored
  dx: Stored
  weights: Record<string, Stored>
}

const networks = ['unet-isonet-like', 'unet-deepdewedge-like', 'resnet-decoder', 'transformer-block', 'energy-net']

const fixture = (file: string): URL => new URL(`./fixtures/${file}`, import.meta.url)

const toTensor = ({ dims, float32 }: Stored): Tensor => {
  const bytes = Uint8Array.from(Buffer.from(float32, 'base64'))
  return { type: 'float32', dims, data: new Float32Array(bytes.buffer) }
}

const load = async (name: string): Promise<{ network: Graph; reference: Reference }> => ({
  network: Graph.decode(await readFile(fixture(`${name}.onnx`))),
  reference: JSON.parse(await readFile(fixture(`${name}.json`), 'utf8')) as Reference
})

/** ||a - b|| / ||b|| */
const relativeError = (a: Tensor | undefined, b: Stored): number => {
  const wanted = numbers(toTensor(b))
  const difference = numbers(a).map((value, index) => value - (wanted[index] ?? NaN))
  expect([...(a?.dims ?? [])]).toEqual(b.dims)
  return Math.sqrt(dot(difference, difference) / dot(wanted, wanted))
}

interface Differentiated {
  graph: Graph
  feeds: Record<string, Tensor>
  y: Value
  gradients: Record<Value, Value>
}

/** The network inside a graph with seed u, simplified and differentiated by its input and some weights. */
const differentiate = async (
  network: Graph,
  reference: Reference,
  weights: readonly string[],
  portable = false
): Promise<Differentiated> => {
  const feeds = { x: toTensor(reference.x), u: toTensor(reference.u) }
  const networkShapes = await inferShapes(network, { x: feeds.x }, evaluate)
  await simplify(network, { evaluate, shapes: networkShapes, variables: weights })
  const graph = new Graph({ opset: network.opset })
  const x = graph.input('x', 'float32', reference.x.dims)
  const u = graph.input('u', 'float32', reference.u.dims)
  const y = inline(graph, network, { x }, 'net/').y ?? ''
  const withRespectTo = [x, ...weights.map((weight) => `net/${weight}`)]
  const shapes = await inferShapes(graph, feeds, evaluate)
  return { graph, feeds, y, gradients: gradient(graph, { of: y, withRespectTo, seed: u, shapes, portable }) }
}

describe.each(networks)('%s, exported by PyTorch', (name) => {
  it('has the gradient that PyTorch computes in float64, by input and weights', async () => {
    const { network, reference } = await load(name)
    const weights = Object.keys(reference.weights)
    const { graph, feeds, y, gradients } = await differentiate(network, reference, weights)
    graph.output(y, 'y')
    graph.output(gradients.x ?? '', 'dx')
    weights.forEach((weight, index) => graph.output(gradients[`net/${weight}`] ?? '', `dw${index}`))
    const result = await evaluate(
      graph.encode(),
      feeds,
      graph.outputs.map((info) => info.name)
    )
    expect(relativeError(result.y, reference.y)).toBeLessThan(1e-5)
    expect(relativeError(result.dx, reference.dx)).toBeLessThan(1e-4)
    weights.forEach((weight, index) => {
      const stored = reference.weights[weight]
      if (stored !== undefined) expect(relativeError(result[`dw${index}`], stored)).toBeLessThan(1e-4)
    })
  })

  it('keeps it through simplification and lowering', async () => {
    const { network, reference } = await load(name)
    const { graph, feeds, gradients } = await differentiate(network, reference, [], true)
    graph.output(gradients.x ?? '', 'dx')
    const shapes = await inferShapes(graph, feeds, evaluate)
    const before = graph.nodes.length
    await simplify(graph, { evaluate, shapes })
    expect(graph.nodes.length).toBeLessThan(before)
    const fast = graph.clone()
    lowerTransposedConvolutions(fast, shapes)
    expect(relativeError((await evaluate(fast.encode(), feeds, ['dx'])).dx, reference.dx)).toBeLessThan(1e-4)
    lowerForWebGpu(graph, shapes)
    expect(graph.nodes.map(({ opType }) => opType)).not.toContain('ConvTranspose')
    expect(relativeError((await evaluate(graph.encode(), feeds, ['dx'])).dx, reference.dx)).toBeLessThan(1e-4)
  })

  it('is known to be differentiable from the file alone', async () => {
    const { network } = await load(name)
    expect(unsupportedOperators(network, ['x'], 'y')).toEqual([])
  })
})
