import { describe, expect, it } from 'vitest'
import {
  Graph,
  UnsupportedOperatorError,
  differentiableOperators,
  gradient,
  inferShapes,
  unsupportedOperators
} from '../src/index.ts'
import type { RuleDefinition, Tensor } from '../src/index.ts'
import { numbers } from './support/random.ts'
import { evaluate } from './support/runtime.ts'

const tensor = (values: number[], dims: number[]): Tensor => ({
  type: 'float32',
  data: Float32Array.from(values),
  dims
})

describe('gradient', () => {
  it('of an energy a sample (B,) is per sample', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2, 3])
    const energy = graph.mul(graph.scalar(0.5), graph.reduceSum(graph.mul(x, x), [1], false))
    const feeds = { x: tensor([1, 2, 3, 4, 5, 6], [2, 3]) }
    const shapes = await inferShapes(graph, feeds, evaluate)
    graph.output(gradient(graph, { of: energy, withRespectTo: [x], shapes })[x] ?? '', 'dx')
    expect(numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('takes a seed for results of any shape', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2])
    const y = graph.matmul(graph.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]), x)
    const seed = graph.input('u', 'float32', [3])
    const feeds = { x: tensor([1, 1], [2]), u: tensor([1, 0, -1], [3]) }
    const shapes = await inferShapes(graph, feeds, evaluate)
    graph.output(gradient(graph, { of: y, withRespectTo: [x], seed, shapes })[x] ?? '', 'dx')
    expect(numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)).toEqual([-4, -4])
  })

  it('is zero where the result does not depend on the value', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2])
    const z = graph.input('z', 'float32', [3])
    const y = graph.reduceSum(graph.exp(x))
    const feeds = { x: tensor([0, 0], [2]), z: tensor([1, 2, 3], [3]) }
    const shapes = await inferShapes(graph, feeds, evaluate)
    graph.output(gradient(graph, { of: y, withRespectTo: [z, x], shapes })[z] ?? '', 'dz')
    expect(numbers((await evaluate(graph.encode(), feeds, ['dz'])).dz)).toEqual([0, 0, 0])
  })

  it('differentiates by weights and by intermediate values', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2])
    const weight = graph.constant(Float32Array.of(3, 4), [2], 'weight')
    const hidden = graph.mul(x, weight)
    const y = graph.reduceSum(graph.mul(hidden, hidden))
    const feeds = { x: tensor([1, 2], [2]) }
    const shapes = await inferShapes(graph, feeds, evaluate)
    const gradients = gradient(graph, { of: y, withRespectTo: [weight, hidden, x], shapes })
    Object.entries(gradients).forEach(([, value], index) => graph.output(value, `d${index}`))
    const result = await evaluate(graph.encode(), feeds, ['d0', 'd1', 'd2'])
    expect(numbers(result.d0)).toEqual([6, 32])
    expect(numbers(result.d1)).toEqual([6, 16])
    expect(numbers(result.d2)).toEqual([18, 64])
  })

  it('leaves alone what does not lie between: matrices made of Cos and Range need no rule', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [1, 4])
    const count = graph.cast(
      graph.gather(graph.node('Shape', [x]), graph.constant(BigInt64Array.of(1n), []), 0),
      'float32'
    )
    const steps = graph.node('Range', [graph.scalar(0), count, graph.scalar(1)])
    const angles = graph.mul(graph.reshape(steps, [4, 1]), graph.div(steps, count))
    const matrix = graph.node('Cos', [graph.mul(angles, graph.scalar(2 * Math.PI))])
    const y = graph.reduceSum(graph.pow(graph.matmul(x, matrix), graph.scalar(2)))
    const feeds = { x: tensor([1, 0, 0, 0], [1, 4]) }
    const shapes = await inferShapes(graph, feeds, evaluate)
    expect(unsupportedOperators(graph, [x], y)).toEqual([])
    const before = graph.nodes.length
    graph.output(gradient(graph, { of: y, withRespectTo: [x], shapes })[x] ?? '', 'dx')
    expect(graph.nodes.slice(before).some(({ opType }) => opType === 'Sin')).toBe(false)
    // d/dx sum (C x)^2 = 2 Cᵀ C x, and C's rows are cosines: (C C)[0] = 4 at 0, 0 elsewhere up to aliasing at 0 only.
    const dx = numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)
    expect(dx[0]).toBeCloseTo(8, 5)
    expect(dx[1]).toBeCloseTo(0, 5)
  })

  it('can be applied to its own result', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [3])
    const y = graph.reduceSum(graph.pow(graph.tanh(x), graph.scalar(3)))
    const feeds = { x: tensor([0.3, -0.7, 1.1], [3]) }
    const first =
      gradient(graph, { of: y, withRespectTo: [x], shapes: await inferShapes(graph, feeds, evaluate) })[x] ?? ''
    const shapes = await inferShapes(graph, feeds, evaluate)
    graph.output(gradient(graph, { of: first, withRespectTo: [x], shapes })[x] ?? '', 'hessian')
    const { hessian } = await evaluate(graph.encode(), feeds, ['hessian'])
    // y = t^3, y' = 3 t^2 (1 - t^2), y'' = (6 t - 12 t^3)(1 - t^2)
    const exact = [0.3, -0.7, 1.1].map((at) => {
      const t = Math.tanh(at)
      return (6 * t - 12 * t ** 3) * (1 - t ** 2)
    })
    numbers(hessian).forEach((value, index) => expect(value).toBeCloseTo(exact[index] ?? NaN, 5))
  })

  it('works in half a dozen opsets', async () => {
    for (const opset of [13, 15, 17, 18, 20, 21, 23]) {
      const graph = new Graph({ opset })
      const x = graph.input('x', 'float32', [1, 2, 4])
      const pooled = graph.node('MaxPool', [graph.node('Softmax', [x])], { kernel_shape: [3], strides: [1] })
      const y = graph.reduceMean(pooled)
      const feeds = { x: tensor([1, 2, 3, 4, 4, 3, 2, 1], [1, 2, 4]) }
      const shapes = await inferShapes(graph, feeds, evaluate)
      graph.output(gradient(graph, { of: y, withRespectTo: [x], shapes })[x] ?? '', 'dx')
      const dx = numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)
      expect(dx.reduce((sum, value) => sum + value)).toBeCloseTo(0, 6)
      expect(Math.max(...dx)).toBeGreaterThan(0.01)
    }
  })
})

describe('operators without a rule', () => {
  const withUnknown = (): { graph: Graph; x: string; y: string } => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [1, 3, 4])
    const hidden = graph.node('Det', [graph.matmul(graph.transpose(x, [0, 2, 1]), x)], {}, { name: 'volume' })
    return { graph, x, y: graph.reduceSum(hidden) }
  }

  it('are named with their node before anything is changed', async () => {
    const { graph, x, y } = withUnknown()
    expect(unsupportedOperators(graph, [x], y)).toEqual([{ opType: 'Det', node: 'volume' }])
    const shapes = await inferShapes(
      graph,
      {
        x: tensor(
          Array.from({ length: 12 }, () => 1),
          [1, 3, 4]
        )
      },
      evaluate
    )
    const before = graph.nodes.length
    let thrown: unknown
    try {
      gradient(graph, { of: y, withRespectTo: [x], shapes })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(UnsupportedOperatorError)
    expect(thrown).toMatchObject({ code: 'unsupported-operator', opType: 'Det', nodeName: 'volume' })
    expect((thrown as UnsupportedOperatorError).hint).not.toBe('')
    expect(graph.nodes).toHaveLength(before)
  })

  it('are named with the reason where only an option is not supported', () => {
    const graph = new Graph({ opset: 18 })
    const x = graph.input('x', 'float32', [1, 1, 4, 4])
    const attributes = { mode: 'linear', antialias: 1 }
    const y = graph.node('Resize', [x, '', graph.constant(Float32Array.of(1, 1, 0.5, 0.5), [4])], attributes)
    expect(unsupportedOperators(graph, [x], y)[0]).toMatchObject({ opType: 'Resize', reason: 'it is antialiased' })
  })

  it('can get a rule from the caller', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2])
    const y = graph.reduceSum(graph.node('Floor', [x]))
    const straightThrough: RuleDefinition = { gradient: ({ dy }) => [dy] }
    const feeds = { x: tensor([1.5, 2.5], [2]) }
    const shapes = await inferShapes(graph, feeds, evaluate)
    const rules = { Floor: straightThrough }
    graph.output(gradient(graph, { of: y, withRespectTo: [x], shapes, rules })[x] ?? '', 'dx')
    expect(numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)).toEqual([1, 1])
  })

  it('say which shape or constant is missing', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [4])
    const y = graph.reduceSum(x)
    expect(() => gradient(graph, { of: y, withRespectTo: [x], shapes: new Map() })).toThrow(/inferShapes/)
    expect(() => gradient(graph, { of: 'q', withRespectTo: [x], shapes: new Map() })).toThrow(/no value "q"/)
    const padded = graph.node('Pad', [x, graph.add(graph.integers([1, 1]), graph.integers([0]))])
    const shapes = await inferShapes(graph, { x: tensor([1, 2, 3, 4], [4]) }, evaluate)
    expect(() => gradient(graph, { of: padded, withRespectTo: [x], shapes })).toThrow(/foldConstants/)
  })

  it('the list of rules is long', () => {
    expect(differentiableOperators().length).toBeGreaterThan(90)
  })
})
