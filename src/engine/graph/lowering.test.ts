import fc from 'fast-check'
import { Graph, inferShapes } from 'onnx-autodiff'
import type { Tensor as GraphTensor } from 'onnx-autodiff'
import { describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { normalField } from '../sampling/oracle/gaussian-problem.ts'
import { convolveInPlanes } from './lowering-convolutions.ts'
import { shuffleInTwoSteps } from './lowering-shuffles.ts'
import { zeroFeeds } from './lowering.ts'
import type { Target } from './lowering.ts'
import { evaluateOnCpu } from './session.ts'
import { composeStep } from './step-graph.ts'
import { energyStep } from './testing/network-energy.ts'

const evaluate = evaluateOnCpu(1)

/** Runs a graph on reproducible noise. */
async function outputsOf(graph: Graph): Promise<Record<string, Float32Array>> {
  const feeds: Record<string, GraphTensor> = {}
  graph.inputs.forEach(({ name, shape }, i) => {
    const dims = (shape ?? []).map(Number)
    const data = normalField(
      dims.reduce((a, b) => a * b, 1),
      7 + i
    )
    feeds[name] = { type: 'float32', dims, data }
  })
  const names = graph.outputs.map(({ name }) => name)
  const results = await evaluate(graph.encode(), feeds, names)
  return Object.fromEntries(names.map((name) => [name, results[name].data as Float32Array]))
}

function expectClose(got: Float32Array, expected: Float32Array, bound: number): void {
  expect(got.length).toBe(expected.length)
  let worst = 0
  let largest = 0
  for (let i = 0; i < got.length; i++) {
    worst = Math.max(worst, Math.abs(got[i] - expected[i]))
    largest = Math.max(largest, Math.abs(expected[i]))
  }
  expect(worst / largest).toBeLessThan(bound)
}

const ranks = (graph: Graph): number[] =>
  graph.nodes
    .filter(({ opType }) => opType === 'Conv')
    .map((node) => node.attributes.get('pads')?.value as number[])
    .map((pads) => pads.length / 2)

describe('convolutions in planes', () => {
  const geometry = fc.record({
    batch: fc.integer({ min: 1, max: 2 }),
    inputs: fc.constantFrom(8, 12, 16, 32),
    outputs: fc.constantFrom(1, 2, 3, 4, 8, 12, 16, 17, 32),
    size: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
    kernel: fc.tuple(fc.constantFrom(3, 5), fc.constantFrom(3, 5), fc.constantFrom(1, 3, 5)),
    hasBias: fc.boolean()
  })

  it('sum up to the 3-D convolution', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ batch, inputs, outputs, size, kernel, hasBias }) => {
        const graph = new Graph({ opset: 17 })
        const x = graph.input('x', 'float32', [batch, inputs, ...size])
        const shape: number[] = [outputs, inputs, ...kernel]
        const weight = graph.constant(
          normalField(
            shape.reduce((a, b) => a * b),
            3
          ),
          shape
        )
        const bias = hasBias ? [graph.constant(normalField(outputs, 4), [outputs])] : []
        const half = kernel.map((k) => (k - 1) / 2)
        graph.output(graph.node('Conv', [x, weight, ...bias], { pads: [...half, ...half] }), 'y')
        const expected = await outputsOf(graph)
        convolveInPlanes(graph, await inferShapes(graph, zeroFeeds(graph), evaluate))
        expectClose((await outputsOf(graph)).y, expected.y, 1e-5)
      }),
      { numRuns: 60, seed: 5 }
    )
  })

  it('leave alone what they don’t fit', async () => {
    const graph = new Graph({ opset: 17 })
    const x = graph.input('x', 'float32', [1, 16, 8, 8, 8])
    const kernel = (...shape: number[]): string =>
      graph.constant(
        normalField(
          shape.reduce((a, b) => a * b),
          3
        ),
        shape
      )
    const [whole, grouped, even] = [kernel(16, 16, 3, 3, 3), kernel(16, 1, 3, 3, 3), kernel(16, 16, 2, 2, 2)]
    const same = [1, 1, 1, 1, 1, 1]
    graph.output(graph.node('Conv', [x, whole], { pads: same, strides: [2, 2, 2] }), 'strided')
    graph.output(graph.node('Conv', [x, whole], { pads: [2, 2, 2, 2, 2, 2], dilations: [2, 2, 2] }), 'dilated')
    graph.output(graph.node('Conv', [x, grouped], { pads: same, group: 16 }), 'grouped')
    graph.output(graph.node('Conv', [x, even], { pads: [0, 0, 0, 1, 1, 1] }), 'even')
    graph.output(graph.node('Conv', [x, whole], { pads: [0, 0, 0, 0, 0, 0] }), 'valid')
    graph.output(graph.node('Conv', [x, kernel(2, 16, 1, 1, 1)], { pads: [0, 0, 0, 0, 0, 0] }), 'pointwise')
    convolveInPlanes(graph, await inferShapes(graph, zeroFeeds(graph), evaluate))
    expect(ranks(graph)).toEqual([3, 3, 3, 3, 3, 3])
  })
})

it('a pixel shuffle in two steps is the same one', async () => {
  const graph = new Graph({ opset: 17 })
  const x = graph.input('x', 'float32', [2, 2, 3, 4, 5, 3, 2, 7])
  graph.output(graph.transpose(x, [0, 4, 5, 1, 6, 2, 7, 3]), 'y')
  const expected = await outputsOf(graph)
  shuffleInTwoSteps(graph, await inferShapes(graph, zeroFeeds(graph), evaluate))
  expect(graph.nodes.filter(({ opType }) => opType === 'Transpose')).toHaveLength(2)
  expect((await outputsOf(graph)).y).toEqual(expected.y)
})

describe('a step graph for each device', () => {
  it.each(['unet-isonet-like', 'unet-deepdewedge-like'])('computes the same, %s', async (name) => {
    const spec = await energyStep(fromRoot(`./packages/onnx-autodiff/test/fixtures/${name}.onnx`), [8, 12, 8], 2)
    const compose = async (target: Target): Promise<Graph> => (await composeStep(spec, evaluate, target)).graph
    const [cpu, cuda, webgpu] = [await compose('cpu'), await compose('cuda'), await compose('webgpu')]
    const expected = await outputsOf(cuda)
    for (const graph of [cpu, webgpu]) {
      const got = await outputsOf(graph)
      expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort())
      for (const [output, values] of Object.entries(expected)) expectClose(got[output], values, 1e-4)
      expect(graph.nodes.some(({ opType }) => opType === 'ConvTranspose')).toBe(false)
    }
    expect(webgpu.nodes.some(({ opType, outputs }) => opType === 'MaxPool' && outputs.length > 1)).toBe(false)
  })
})
