import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Graph, gradient, inferShapes, lowerForWebGpu, lowerTransposedConvolutions } from '../src/index.ts'
import type { Tensor, Value } from '../src/index.ts'
import { normal, numbers, randomFrom, randomTensor } from './support/random.ts'
import type { Random } from './support/random.ts'
import { evaluate } from './support/runtime.ts'

const weight = (graph: Graph, shape: number[], random: Random): Value =>
  graph.constant(randomTensor('float32', shape, () => normal(random)).data, shape)

/** Lowers a graph and checks that its output is the same; returns the lowered graph. */
const lowered = async (
  shape: number[],
  build: (graph: Graph, x: Value, random: Random) => Value,
  {
    lower = lowerForWebGpu,
    opset = 17
  }: { lower?: typeof lowerForWebGpu | typeof lowerTransposedConvolutions; opset?: number } = {}
): Promise<Graph> => {
  const random = randomFrom(8)
  const graph = new Graph({ opset })
  const x = graph.input('x', 'float32', shape)
  graph.output(build(graph, x, random), 'y')
  const feeds: Record<string, Tensor> = { x: randomTensor('float32', shape, () => normal(random)) }
  const before = (await evaluate(graph.encode(), feeds, ['y'])).y
  lower(graph, await inferShapes(graph, feeds, evaluate))
  const after = (await evaluate(graph.encode(), feeds, ['y'])).y
  expect([...(after?.dims ?? [])]).toEqual([...(before?.dims ?? [])])
  const wanted = numbers(before)
  const scale = Math.max(...wanted.map(Math.abs), 1e-3)
  expect(Math.max(...numbers(after).map((value, index) => Math.abs(value - (wanted[index] ?? NaN))))).toBeLessThan(
    3e-6 * scale
  )
  return graph
}

const operators = (graph: Graph): string[] => graph.nodes.map(({ opType }) => opType)

const axes = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min, max }), { minLength: 3, maxLength: 3 })

describe('lowering', () => {
  it('ConvTranspose of any geometry', async () => {
    const geometry = fc.record({
      size: axes(2, 4),
      kernel: axes(1, 4),
      strides: axes(1, 3),
      dilations: axes(1, 2),
      pads: axes(0, 1),
      groups: fc.integer({ min: 1, max: 3 }),
      bias: fc.boolean()
    })
    await fc.assert(
      fc.asyncProperty(geometry, async ({ size, kernel, strides, dilations, pads, groups, bias }) => {
        const graph = await lowered([2, 2 * groups, ...size], (target, x, random) => {
          const inputs = [x, weight(target, [2 * groups, 3, ...kernel], random)]
          if (bias) inputs.push(weight(target, [3 * groups], random))
          return target.node('ConvTranspose', inputs, {
            strides,
            dilations,
            group: groups,
            pads: [...pads, ...pads.map((pad, axis) => (kernel[axis] === 1 ? 0 : pad))]
          })
        })
        expect(operators(graph)).not.toContain('ConvTranspose')
      }),
      { numRuns: 25, seed: 81 }
    )
  })

  it('ConvTranspose with kernel and stride 2 is one 1x1x1 convolution and a shuffle', async () => {
    const graph = await lowered(
      [1, 3, 4, 3, 2],
      (target, x, random) =>
        target.node('ConvTranspose', [x, weight(target, [3, 2, 2, 2, 2], random)], { strides: [2, 2, 2] }),
      { lower: lowerTransposedConvolutions }
    )
    expect(operators(graph).filter((opType) => opType === 'Conv')).toHaveLength(1)
  })

  it.each([1, 2, 3, 6, 16])('Conv of %i groups', async (groups) => {
    const graph = await lowered([2, 2 * groups, 4, 5, 3], (target, x, random) =>
      target.node('Conv', [x, weight(target, [groups, 2, 3, 3, 3], random), weight(target, [groups], random)], {
        group: groups,
        pads: [1, 1, 1, 1, 1, 1],
        strides: [1, 2, 1]
      })
    )
    expect(graph.nodes.every(({ attributes }) => (attributes.get('group')?.value ?? 1) === 1)).toBe(true)
    expect(operators(graph).filter((opType) => opType === 'Conv').length).toBeLessThanOrEqual(8)
  })

  it.each<[string, number[], number, (graph: Graph, x: Value, random: Random) => Value]>([
    ['Or', [8], 17, (g, x) => g.cast(g.node('Or', [g.greater(x, g.scalar(1)), g.less(x, g.scalar(0))]), 'float32')],
    ['Sign', [8], 17, (g, x) => g.node('Sign', [g.mul(x, g.constant(Float32Array.of(1, 1, 0, 1, 1, 0, 1, 1), [8]))])],
    ['Softsign', [8], 17, (g, x) => g.node('Softsign', [x])],
    ['Selu', [8], 17, (g, x) => g.node('Selu', [x])],
    ['Celu', [8], 17, (g, x) => g.node('Celu', [x], { alpha: 0.6 })],
    [
      'GroupNormalization',
      [2, 4, 3, 2, 2],
      21,
      (g, x, r) => g.node('GroupNormalization', [x, weight(g, [4], r), weight(g, [4], r)], { num_groups: 2 })
    ],
    [
      'GroupNormalization',
      [2, 4, 3, 2, 2],
      18,
      (g, x, r) => g.node('GroupNormalization', [x, weight(g, [2], r), weight(g, [2], r)], { num_groups: 2 })
    ],
    ['MatMul', [2, 8], 17, (g, x, r) => g.exp(g.matmul(x, weight(g, [8], r)))]
  ])('%s', async (opType, shape, opset, build) => {
    const graph = await lowered(shape, build, { opset })
    if (opType !== 'MatMul') expect(operators(graph)).not.toContain(opType)
  })

  it('makes an input of random numbers', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [3])
    graph.output(graph.add(x, graph.node('RandomNormalLike', [x], { mean: 1, scale: 2 })), 'y')
    const feeds = { x: randomTensor('float32', [3], () => 5) }
    const [noise = ''] = lowerForWebGpu(graph, await inferShapes(graph, feeds, evaluate))
    const fed = { ...feeds, [noise]: randomTensor('float32', [3], () => 3) }
    expect(numbers((await evaluate(graph.encode(), fed, ['y'])).y)).toEqual([12, 12, 12])
  })

  it('holds for gradients, once shapes are taken again', async () => {
    const random = randomFrom(9)
    const graph = new Graph()
    const x = graph.input('x', 'float32', [1, 2, 4, 4, 4])
    const grouped = graph.node('Conv', [x, weight(graph, [4, 1, 3, 3, 3], random)], {
      group: 2,
      pads: [1, 1, 1, 1, 1, 1]
    })
    const raised = graph.node('ConvTranspose', [graph.relu(grouped), weight(graph, [4, 1, 3, 3, 3], random)], {
      strides: [2, 2, 2],
      group: 2
    })
    const energy = graph.reduceSum(graph.mul(raised, raised), [1, 2, 3, 4], false)
    const feeds = { x: randomTensor('float32', [1, 2, 4, 4, 4], () => normal(random)) }
    const gradients = gradient(graph, {
      of: energy,
      withRespectTo: [x],
      shapes: await inferShapes(graph, feeds, evaluate)
    })
    graph.output(gradients[x] ?? '', 'dx')
    const wanted = numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)
    lowerForWebGpu(graph, await inferShapes(graph, feeds, evaluate))
    expect(operators(graph)).not.toContain('ConvTranspose')
    expect(graph.nodes.every(({ attributes }) => (attributes.get('group')?.value ?? 1) === 1)).toBe(true)
    const scale = Math.max(...wanted.map(Math.abs))
    const got = numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)
    got.forEach((value, index) => expect(Math.abs(value - (wanted[index] ?? NaN))).toBeLessThan(1e-5 * scale))
  })
})
