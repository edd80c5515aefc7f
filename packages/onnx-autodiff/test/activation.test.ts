import { describe, expect, it } from 'vitest'
import { Graph, gradient } from '../src/index.ts'
import type { Attributes, Value } from '../src/index.ts'
import { open } from './support/runtime.ts'
import { gradientAt } from './support/gradient-at.ts'
import { checkGradient } from './support/check-gradient.ts'
import { normal } from './support/random.ts'
import { onRandomShapes } from './support/shapes.ts'
import type { Random } from './support/random.ts'

/** Stays clear of the kinks at the given points, by more than a finite difference moves. */
const awayFrom =
  (...kinks: number[]) =>
  (random: Random): number => {
    for (;;) {
      const value = 3 * normal(random)
      if (kinks.every((kink) => Math.abs(value - kink) > 0.2)) return value
    }
  }

const smooth = (random: Random): number => 1.5 * normal(random)

const cases: [string, string, Attributes, (random: Random) => number, number][] = [
  ['Relu', 'Relu', {}, awayFrom(0), 17],
  ['LeakyRelu', 'LeakyRelu', { alpha: 0.2 }, awayFrom(0), 17],
  ['Elu', 'Elu', { alpha: 1.5 }, awayFrom(0), 17],
  ['Celu', 'Celu', { alpha: 0.7 }, awayFrom(0), 17],
  ['Selu', 'Selu', {}, awayFrom(0), 17],
  ['ThresholdedRelu', 'ThresholdedRelu', { alpha: 0.6 }, awayFrom(0.6), 17],
  ['Sigmoid', 'Sigmoid', {}, smooth, 17],
  ['HardSigmoid', 'HardSigmoid', { alpha: 0.25, beta: 0.4 }, awayFrom(-1.6, 2.4), 17],
  ['HardSwish', 'HardSwish', {}, awayFrom(-3, 3), 17],
  ['Mish', 'Mish', {}, smooth, 18],
  ['Gelu', 'Gelu', {}, smooth, 20],
  ['Gelu by tanh', 'Gelu', { approximate: 'tanh' }, smooth, 20],
  ['Tanh', 'Tanh', {}, smooth, 17],
  ['Softplus', 'Softplus', {}, smooth, 17],
  ['Softsign', 'Softsign', {}, awayFrom(0), 17]
]

const compositions: [string, (graph: Graph, x: Value) => Value][] = [
  ['SiLU as Mul and Sigmoid', (graph, x) => graph.mul(x, graph.sigmoid(x))],
  ['SiLU as Sigmoid and Mul', (graph, x) => graph.mul(graph.sigmoid(x), x)],
  [
    'SiLU whose gate is used again',
    (graph, x) => {
      const gate = graph.sigmoid(x)
      return graph.add(graph.mul(x, gate), graph.mul(gate, graph.scalar(3)))
    }
  ],
  [
    'GELU as PyTorch writes it below opset 20',
    (graph, x) => {
      const phi = graph.add(graph.node('Erf', [graph.div(x, graph.scalar(Math.SQRT2))]), graph.scalar(1))
      return graph.mul(graph.mul(x, phi), graph.scalar(0.5))
    }
  ],
  ['Mish as PyTorch writes it', (graph, x) => graph.mul(x, graph.tanh(graph.softplus(x)))]
]

describe('activations', () => {
  it.each(cases)('%s', async (_, opType, attributes, draw, opset) => {
    await onRandomShapes(async (shape, seed) => {
      const error = await checkGradient({
        inputs: { x: { shape, draw } },
        seed,
        opset,
        tolerance: 3e-4,
        build: (graph, { x = '' }) => graph.node(opType, [x], attributes)
      })
      expect(error).toBeLessThan(3e-4)
    })
  })

  it.each(compositions)('%s', async (_, build) => {
    await onRandomShapes(async (shape, seed) => {
      await checkGradient({
        inputs: { x: { shape, draw: smooth } },
        seed,
        tolerance: 3e-4,
        build: (graph, { x = '' }) => build(graph, x)
      })
    })
  })

  it.each([[[3, 1, 1]], [[1]], [[3, 4, 5]]])('PRelu with a slope of shape %j', async (slope) => {
    await checkGradient({
      inputs: { x: { shape: [2, 3, 4, 5], draw: awayFrom(0) }, slope: { shape: slope } },
      tolerance: 2e-4,
      build: (graph, { x = '', slope: s = '' }) => graph.node('PRelu', [x, s])
    })
  })

  it.each([
    ['both limits', ['low', 'high']],
    ['a lower limit', ['low']],
    ['an upper limit', ['', 'high']],
    ['no limit', []]
  ])('Clip with %s', async (_, limits) => {
    const given = limits.filter((name) => name !== '')
    await checkGradient({
      inputs: {
        x: { shape: [4, 9], draw: awayFrom(-1, 1.5) },
        ...Object.fromEntries(given.map((name) => [name, { shape: [], draw: () => (name === 'low' ? -1 : 1.5) }]))
      },
      step: 0.01,
      build: (graph, values) => graph.node('Clip', [values.x ?? '', ...limits.map((name) => values[name] ?? '')])
    })
  })

  it('passes the gradient at the limits of Clip and stops it at zero of Relu', async () => {
    expect(
      await gradientAt([-1, 0, 1], (graph, x) => graph.node('Clip', [x, graph.scalar(-1), graph.scalar(1)]))
    ).toEqual([1, 1, 1])
    expect(await gradientAt([-1, 0, 1], (graph, x) => graph.relu(x))).toEqual([0, 0, 1])
  })

  it('keeps the gradient of Softplus and Mish finite far out', async () => {
    const far = await gradientAt([-200, 200], (graph, x) => graph.softplus(x))
    expect(far[0]).toBeCloseTo(0, 6)
    expect(far[1]).toBeCloseTo(1, 6)
    const mish = await gradientAt([-200, 200], (graph, x) => graph.node('Mish', [x]), 18)
    expect(mish.every(Number.isFinite)).toBe(true)
  })
})

describe('SiLU', () => {
  const silu = (): { graph: Graph; x: Value; gate: Value; y: Value } => {
    const graph = new Graph({ opset: 17 })
    const x = graph.input('x', 'float32', [3])
    const gate = graph.sigmoid(x)
    return { graph, x, gate, y: graph.mul(x, gate) }
  }
  const shapesOf = ({ x, gate, y }: ReturnType<typeof silu>) => new Map([x, gate, y].map((value) => [value, [3]]))

  it('is differentiated in four passes over memory', () => {
    const made = silu()
    const before = made.graph.nodes.length
    const seed = made.graph.input('seed', 'float32', [3])
    gradient(made.graph, { of: made.y, withRespectTo: [made.x], seed, shapes: shapesOf(made) })
    expect(made.graph.nodes.slice(before).map(({ opType }) => opType)).toEqual(['Sub', 'Mul', 'Add', 'Mul'])
  })

  it('has a gradient by its gate, where that is asked for', async () => {
    const made = silu()
    const { graph, gate, y } = made
    graph.output(gradient(graph, { of: y, withRespectTo: [gate], shapes: shapesOf(made) })[gate] ?? '', 'd_gate')
    const run = await open(graph.encode())
    const x = { type: 'float32' as const, dims: [3], data: Float32Array.of(0.5, -2, 3) }
    expect((await run({ x }, ['d_gate'])).d_gate?.data).toEqual(x.data)
  })
})
