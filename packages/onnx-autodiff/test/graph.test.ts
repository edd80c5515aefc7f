import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, NodeProtoSchema, ValueInfoProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { Graph, Initializer, inferShapes, inline, upgradeOpset } from '../src/index.ts'
import { affine, vector } from './support/affine.ts'
import { numbers } from './support/random.ts'
import { evaluate } from './support/runtime.ts'

describe('building', () => {
  it('runs', async () => {
    const { y } = await evaluate(affine().encode(), { x: vector([1, 2, 3]) }, ['y'])
    expect(numbers(y)).toEqual([3, 5, 7])
  })

  it('writes attributes as the kind their names call for', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [1, 1, 4])
    const y = graph.node('LpNormalization', [graph.node('Elu', [x], { alpha: 1 })], { p: 1, axis: -1 })
    const decoded = Graph.decode((graph.output(y, 'y'), graph.encode()))
    expect(decoded.nodes[0]?.attributes.get('alpha')).toEqual({ kind: 'float', value: 1 })
    expect(decoded.nodes[1]?.attributes.get('p')).toEqual({ kind: 'int', value: 1 })
    await evaluate(decoded.encode(), { x: { type: 'float32', data: new Float32Array(4).fill(1), dims: [1, 1, 4] } }, [
      'y'
    ])
  })

  it('shares small constants with equal contents, telling 0 from -0 and types apart', () => {
    const graph = new Graph()
    expect(graph.scalar(1)).toBe(graph.scalar(1))
    expect(graph.scalar(0)).not.toBe(graph.scalar(-0))
    expect(graph.scalar(1)).not.toBe(graph.scalar(1, 'float64'))
    expect(graph.integers([1])).not.toBe(graph.constant(BigInt64Array.of(1n), []))
  })

  it('refuses values that do not exist and names that are taken', () => {
    const graph = affine()
    expect(() => graph.node('Relu', ['nothing'])).toThrow(/no value/)
    expect(() => graph.input('x', 'float32', [1])).toThrow(/already/)
    expect(() => graph.output('x', 'y')).toThrow(/already/)
    expect(() => graph.constant(new Float32Array(3), [2, 2])).toThrow(/needs 4 values/)
  })

  it.each([
    ['float16', [1, -2.5, 65504, 1e-8, 0.1]],
    ['bfloat16', [1, -2.5, 3.140625, 0.1, 1e30]]
  ] as const)('writes %s constants', async (type, values) => {
    const graph = new Graph()
    graph.input('unused', 'float32', [1])
    const constants = values.map((value) => graph.reshape(graph.scalar(value, type), [1]))
    graph.output(graph.cast(graph.concat(constants, 0), 'float32'), 'y')
    const { y } = await evaluate(graph.encode(), { unused: vector([0]) }, ['y'])
    numbers(y).forEach((value, index) => {
      const wanted = values[index] ?? 0
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.max(Math.abs(wanted) * 2 ** -8, 2 ** -25))
    })
  })
})

describe('joining', () => {
  it('shares weights and makes names unique', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2])
    const source = affine()
    const first = inline(graph, source, { x }, 'a/').y ?? ''
    const second = inline(graph, source, { x: first }, 'a/').y ?? ''
    graph.output(second, 'y')
    expect(numbers((await evaluate(graph.encode(), { x: vector([1, 2]) }, ['y'])).y)).toEqual([7, 11])
    const weight = source.initializers.get('weight')
    expect([...graph.initializers.values()].filter((initializer) => initializer === weight)).toHaveLength(1)
  })

  it('keeps weights apart that happen to be equal', () => {
    const source = new Graph()
    const v = source.input('v', 'float32', [2])
    const biases = ['a', 'b'].map((name) => source.constant(new Float32Array(2), [2], name))
    source.output(source.add(source.add(v, biases[0] ?? ''), biases[1] ?? ''), 'y')
    const graph = new Graph()
    inline(graph, source, { v: graph.input('x', 'float32', [2]) }, 'n/')
    expect([...graph.initializers.keys()]).toEqual(['n/a', 'n/b'])
  })

  it('demands that every input is bound to a value', () => {
    const graph = new Graph()
    expect(() => inline(graph, affine(), {}, '')).toThrow(/bound to nothing/)
    expect(() => inline(graph, affine(), { x: 'q' }, '')).toThrow(/no value/)
    const x = graph.input('x', 'float32', [2])
    expect(() => inline(graph, affine(), { x, z: x }, '')).toThrow(/no input "z"/)
  })

  it.each([
    [13, 18],
    [18, 13],
    [17, 21]
  ])('raises opset %i joined with opset %i', async (a, b) => {
    const source = new Graph({ opset: b })
    const inner = source.input('v', 'float32', [2, 4])
    const parts = source.node(
      'Split',
      [source.reduce('ReduceMax', inner, [0])],
      { axis: 1, num_outputs: b >= 18 ? 2 : undefined },
      { outputs: 2 }
    )
    source.output(source.concat([parts[1] ?? '', parts[0] ?? ''], 1), 'r')
    const graph = new Graph({ opset: a })
    const x = graph.input('x', 'float32', [2, 4])
    const mean = graph.reduceMean(x, [1])
    graph.output(graph.add(inline(graph, source, { v: x }, 's/').r ?? '', mean), 'y')
    expect(graph.opset).toBe(Math.max(a, b))
    const feeds = { x: { type: 'float32' as const, data: Float32Array.of(1, 2, 3, 6, 4, 0, 0, 0), dims: [2, 4] } }
    const { y } = await evaluate(graph.encode(), feeds, ['y'])
    expect(numbers(y)).toEqual([6, 9, 7, 5, 4, 7, 5, 3])
  })

  it('keeps the meaning of a GroupNormalization across opset 21', async () => {
    const graph = new Graph({ opset: 18 })
    const x = graph.input('x', 'float32', [2, 4, 3])
    const [scale, bias] = [Float32Array.of(2, 3), Float32Array.of(-1, 1)].map((data) => graph.constant(data, [2]))
    graph.output(graph.node('GroupNormalization', [x, scale ?? '', bias ?? ''], { num_groups: 2 }), 'y')
    const feeds = {
      x: { type: 'float32' as const, data: Float32Array.from({ length: 24 }, (_, i) => (i * 7) % 11), dims: [2, 4, 3] }
    }
    const before = numbers((await evaluate(graph.encode(), feeds, ['y'])).y)
    upgradeOpset(graph, 21)
    const after = numbers((await evaluate(graph.encode(), feeds, ['y'])).y)
    after.forEach((value, index) => expect(value).toBeCloseTo(before[index] ?? NaN, 5))
  })

  it('refuses opsets it does not know', () => {
    expect(() => upgradeOpset(new Graph({ opset: 11 }), 17)).toThrow(/Operator set 11/)
    expect(() => upgradeOpset(new Graph({ opset: 17 }), 99)).toThrow(/Operator set 99/)
  })

  it('renames what the branches of an If capture', async () => {
    const branch = (name: string, opType: string) =>
      create(GraphProtoSchema, {
        name,
        node: [create(NodeProtoSchema, { opType, input: ['x'], output: [`${name}_out`] })],
        output: [create(ValueInfoProtoSchema, { name: `${name}_out` })]
      })
    const source = new Graph()
    const x = source.input('x', 'float32', [2])
    const condition = source.greater(source.reduceSum(x, undefined, false), source.scalar(0))
    source.output(
      source.node('If', [condition], {
        then_branch: { kind: 'graph', value: branch('then', 'Neg') },
        else_branch: { kind: 'graph', value: branch('else', 'Abs') }
      }),
      'y'
    )
    const graph = new Graph()
    const outer = graph.input('outer', 'float32', [2])
    graph.output(inline(graph, source, { x: graph.mul(outer, graph.scalar(2)) }, 'p/').y ?? '', 'y')
    expect(numbers((await evaluate(graph.encode(), { outer: vector([1, 2]) }, ['y'])).y)).toEqual([-2, -4])
    expect(numbers((await evaluate(graph.encode(), { outer: vector([-1, -2]) }, ['y'])).y)).toEqual([2, 4])
  })
})

describe('shapes', () => {
  it('need no weights at hand', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [1, 8])
    const y = graph.matmul(
      x,
      graph.addInitializer(Initializer.fromExternal({ location: 'absent.bin' }, [8, 500], 'float32'))
    )
    const shapes = await inferShapes(
      graph,
      { x: { type: 'float32', data: new Float32Array(8), dims: [1, 8] } },
      evaluate
    )
    expect(shapes.get(y)).toEqual([1, 500])
  })

  it('are those of every value, from one run', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', ['batch', 3, 'width'])
    const sum = graph.reduceSum(x, [2], false)
    const count = graph.node('Shape', [x])
    const shapes = await inferShapes(
      graph,
      { x: { type: 'float32', data: new Float32Array(30), dims: [2, 3, 5] } },
      evaluate
    )
    expect(shapes.get(x)).toEqual([2, 3, 5])
    expect(shapes.get(sum)).toEqual([2, 3])
    expect(shapes.get(count)).toEqual([3])
  })
})
