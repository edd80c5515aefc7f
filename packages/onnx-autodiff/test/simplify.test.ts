import { describe, expect, it } from 'vitest'
import { Graph, foldConstants, gradient, inferShapes, removeDeadNodes, simplify } from '../src/index.ts'
import type { Tensor, Value } from '../src/index.ts'
import { normal, numbers, randomFrom, randomTensor } from './support/random.ts'
import { evaluate } from './support/runtime.ts'

/** Builds, simplifies and checks that the result is the same; returns the operators that are left. */
const simplified = async (
  shape: number[],
  build: (graph: Graph, x: Value) => Value,
  { withShapes = true, opset = 17 }: { withShapes?: boolean; opset?: number } = {}
): Promise<string[]> => {
  const graph = new Graph({ opset })
  const x = graph.input('x', 'float32', shape)
  graph.output(build(graph, x), 'y')
  const random = randomFrom(5)
  const feeds: Record<string, Tensor> = { x: randomTensor('float32', shape, () => normal(random)) }
  const before = (await evaluate(graph.encode(), feeds, ['y'])).y
  const shapes = await inferShapes(graph, feeds, evaluate)
  await simplify(graph, { evaluate, ...(withShapes ? { shapes } : {}) })
  const after = (await evaluate(graph.encode(), feeds, ['y'])).y
  expect([...(after?.dims ?? [])]).toEqual([...(before?.dims ?? [])])
  numbers(after).forEach((value, index) => expect(value).toBeCloseTo(numbers(before)[index] ?? NaN, 5))
  return graph.nodes.map(({ opType }) => opType)
}

describe('identities', () => {
  it.each<[string, string[], (graph: Graph, x: Value) => Value]>([
    ['x + 0', [], (g, x) => g.add(g.scalar(0), g.add(x, g.scalar(0)))],
    ['x * 1 / 1', [], (g, x) => g.div(g.mul(x, g.constant(Float32Array.of(1, 1, 1), [3])), g.scalar(1))],
    ['x - 0', [], (g, x) => g.sub(x, g.scalar(0))],
    ['x to the power 1', [], (g, x) => g.pow(x, g.scalar(1))],
    ['--x', [], (g, x) => g.neg(g.neg(x))],
    ['x + (-x²)', ['Mul', 'Sub'], (g, x) => g.add(x, g.neg(g.mul(x, x)))],
    ['x - (-x²)', ['Mul', 'Add'], (g, x) => g.sub(x, g.neg(g.mul(x, x)))],
    ['transpositions that cancel', [], (g, x) => g.transpose(g.transpose(x, [1, 0]), [1, 0])],
    ['reshapes', [], (g, x) => g.reshape(g.reshape(g.reshape(x, [6]), [3, 2]), [2, 3])],
    ['casts to the same type', [], (g, x) => g.cast(x, 'float32')],
    ['an expansion to the same shape', [], (g, x) => g.expand(x, [2, 3])],
    ['no padding', [], (g, x) => g.pad(x, [0, 0, 0, 0])],
    ['the whole slice', [], (g, x) => g.slice(x, [0], [100], [1])],
    ['concatenation of one', [], (g, x) => g.concat([x], 0)],
    ['dropout', [], (g, x) => g.node('Dropout', [x])]
  ])('%s', async (_, left, build) => {
    // The outer Exp and the Identity that names the output stay.
    expect(await simplified([2, 3], (graph, x) => graph.exp(build(graph, x)))).toEqual([...left, 'Exp', 'Identity'])
  })

  it('joins transpositions and reshapes', async () => {
    expect(await simplified([2, 3, 4], (g, x) => g.transpose(g.transpose(x, [1, 2, 0]), [0, 2, 1]))).toEqual([
      'Transpose',
      'Identity'
    ])
    expect(await simplified([2, 6], (g, x) => g.reshape(g.unsqueeze(x, [0]), [3, 4]))).toEqual(['Reshape', 'Identity'])
  })

  it('keeps a constant that broadcasting makes larger, and a reversal', async () => {
    expect(await simplified([1, 3], (g, x) => g.add(x, g.constant(new Float32Array(6), [2, 3])))).toContain('Add')
    expect(await simplified([3], (g, x) => g.add(x, g.constant(new Float32Array(1), [1, 1])))).toContain('Add')
    expect(await simplified([4], (g, x) => g.slice(x, [-1], [-100], [0], [-1]))).toContain('Slice')
    const unknown = { withShapes: false }
    expect(await simplified([1, 3], (g, x) => g.add(x, g.constant(new Float32Array(3), [3])), unknown)).toContain('Add')
  })
})

describe('common subexpressions', () => {
  it('are computed once, whatever the order of a sum', async () => {
    const operators = await simplified([3], (g, x) => {
      const [a, b] = [g.exp(x), g.exp(x)]
      return g.mul(g.add(a, x), g.add(x, b))
    })
    expect(operators).toEqual(['Exp', 'Add', 'Mul', 'Identity'])
  })

  it('not where attributes differ, nor for random numbers', async () => {
    const operators = await simplified([2, 3], (g, x) =>
      g.add(g.node('Softmax', [x], { axis: 0 }), g.node('Softmax', [x], { axis: 1 }))
    )
    expect(operators.filter((opType) => opType === 'Softmax')).toHaveLength(2)
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2])
    graph.output(graph.sub(graph.node('RandomNormalLike', [x]), graph.node('RandomNormalLike', [x])), 'y')
    await simplify(graph)
    expect(graph.nodes).toHaveLength(4)
  })

  it('share an optional output that only one of them has', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [1, 1, 4])
    const window = { kernel_shape: [2], strides: [2] }
    const plain = graph.node('MaxPool', [x], window)
    const [again = '', indices = ''] = graph.node('MaxPool', [x], window, { outputs: 2 })
    graph.output(graph.add(graph.add(plain, again), graph.cast(indices, 'float32')), 'y')
    await simplify(graph)
    expect(graph.nodes.filter(({ opType }) => opType === 'MaxPool')).toHaveLength(1)
    const feeds = { x: { type: 'float32' as const, data: Float32Array.of(5, 1, 2, 7), dims: [1, 1, 4] } }
    expect(numbers((await evaluate(graph.encode(), feeds, ['y'])).y)).toEqual([10, 17])
  })
})

describe('constants', () => {
  it('are folded, sizes too, as exporters write them', async () => {
    const operators = await simplified([2, 3, 4], (g, x) => {
      const size = g.node('Shape', [x])
      const first = g.unsqueeze(g.gather(size, g.constant(BigInt64Array.of(0n), []), 0), [0])
      const target = g.concat([first, g.integers([-1])], 0)
      return g.mul(g.reshape(x, target), g.cast(g.node('Size', [x]), 'float32'))
    })
    expect(operators).toEqual(['Reshape', 'Mul', 'Identity'])
  })

  it('keep sizes open without shapes, and large results computed', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', ['n'])
    const zeros = graph.node('ConstantOfShape', [graph.integers([1000])])
    const folded = graph.add(graph.scalar(1), graph.scalar(2))
    const total = graph.reduceSum(graph.add(x, folded))
    graph.output(graph.add(graph.add(total, zeros), graph.cast(graph.node('Size', [x]), 'float32')), 'y')
    await foldConstants(graph, { evaluate, maximumElements: 100 })
    expect(graph.nodes.map(({ opType }) => opType)).toEqual([
      'ConstantOfShape',
      'Add',
      'ReduceSum',
      'Add',
      'Size',
      'Cast',
      'Add',
      'Identity'
    ])
    expect(graph.constantNumbers(folded)).toEqual([3])
  })

  it('let gradients through operators that computed tensors steer', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', ['n'])
    const half = graph.div(graph.node('Shape', [x]), graph.integers([2]))
    const y = graph.slice(x, half, graph.node('Shape', [x]), [0])
    const feeds = { x: { type: 'float32' as const, data: Float32Array.of(1, 2, 3, 4), dims: [4] } }
    const shapes = await inferShapes(graph, feeds, evaluate)
    await foldConstants(graph, { evaluate, shapes })
    graph.output(gradient(graph, { of: y, withRespectTo: [x], shapes })[x] ?? '', 'dx')
    expect(numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)).toEqual([0, 0, 1, 1])
  })
})

describe('variables', () => {
  it('are weights that nothing is concluded from', async () => {
    const build = (): { graph: Graph; x: Value } => {
      const graph = new Graph()
      const x = graph.input('x', 'float32', [1, 2])
      const scale = graph.constant(Float32Array.of(1), [1], 'scale')
      const bias = graph.constant(new Float32Array(2), [2], 'bias')
      graph.output(graph.add(graph.mul(x, scale), graph.reshape(bias, [1, 2])), 'y')
      return { graph, x }
    }
    const feeds = { x: { type: 'float32' as const, data: Float32Array.of(3, 5), dims: [1, 2] } }
    const { graph } = build()
    await simplify(graph, { evaluate, shapes: await inferShapes(graph, feeds, evaluate), variables: ['scale', 'bias'] })
    const shapes = await inferShapes(graph, feeds, evaluate)
    const gradients = gradient(graph, { of: 'y', withRespectTo: ['scale', 'bias'], shapes })
    graph.output(gradients.scale ?? '', 'dscale')
    graph.output(gradients.bias ?? '', 'dbias')
    const { dscale, dbias } = await evaluate(graph.encode(), feeds, ['dscale', 'dbias'])
    expect(numbers(dscale)).toEqual([8])
    expect(numbers(dbias)).toEqual([1, 1])
    // Without being told, it concludes that nothing is left of them, and gradient says so instead of returning zeros.
    const { graph: plain } = build()
    await simplify(plain, { evaluate, shapes: await inferShapes(plain, feeds, evaluate) })
    expect(plain.nodes.map(({ opType }) => opType)).toEqual(['Identity'])
    expect(() => gradient(plain, { of: 'y', withRespectTo: ['scale'], shapes })).toThrow(/variables/)
  })
})

describe('dead nodes', () => {
  it('go, with the weights that only they used', () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2])
    graph.add(x, graph.constant(new Float32Array(2), [2], 'unused'))
    graph.output(graph.exp(x), 'y')
    removeDeadNodes(graph)
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Exp', 'Identity'])
    expect(graph.initializers.size).toBe(0)
  })
})
