import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  FunctionProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema
} from 'onnx-buf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Graph, Initializer, OnnxAutodiffError, inline, unsupportedOperators } from '../src/index.ts'
import { affine, vector } from './support/affine.ts'
import { numbers } from './support/random.ts'
import { evaluate, open } from './support/runtime.ts'

describe('encoding and decoding', () => {
  it('keeps everything through a round trip', async () => {
    const decoded = Graph.decode(affine(21).encode())
    expect(decoded.opset).toBe(21)
    expect(decoded.name).toBe('affine')
    expect(decoded.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['n'] }])
    expect(decoded.outputs.map(({ name }) => name)).toEqual(['y'])
    expect(decoded.initializers.get('weight')?.numbers()).toEqual([2])
    expect(decoded.encode()).toEqual(decoded.clone().encode())
    expect(numbers((await evaluate(decoded.encode(), { x: vector([4]) }, ['y'])).y)).toEqual([9])
  })

  it('keeps weights as views of the file and of the array', () => {
    const data = new Float32Array(1000).fill(3)
    const graph = new Graph()
    graph.output(graph.add(graph.input('x', 'float32', [1000]), graph.constant(data, [1000], 'w')), 'y')
    expect(graph.clone().initializers.get('w')?.data).toBe(data)
    const bytes = graph.encode()
    const decoded = Graph.decode(bytes)
    expect(decoded.initializers.get('w')?.bytes?.buffer).toBe(bytes.buffer)
    expect(decoded.clone().initializers.get('w')).toBe(decoded.initializers.get('w'))
    expect(decoded.initializers.get('w')?.data).toEqual(data)
  })

  it('reads weights that another writer put into typed fields, and weights listed as inputs', async () => {
    const tensor = (name: string, fields: object) => create(TensorProtoSchema, { name, dims: [2n], ...fields })
    const info = (name: string) => create(ValueInfoProtoSchema, { name })
    const model = create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      graph: create(GraphProtoSchema, {
        name: 'g',
        input: [info('f')],
        initializer: [
          tensor('f', { dataType: 1, floatData: [1.5, -2] }),
          tensor('d', { dataType: 11, doubleData: [1, 2] }),
          tensor('l', { dataType: 7, int64Data: [-1n, 2n] }),
          tensor('i', { dataType: 6, int32Data: [3, 4] }),
          tensor('b', { dataType: 9, int32Data: [1, 0] }),
          tensor('h', { dataType: 10, int32Data: [0x3c00, 0xc000] })
        ]
      })
    })
    const graph = Graph.decode(toBinary(ModelProtoSchema, model))
    expect(graph.inputs).toEqual([])
    const values = ['f', 'd', 'l', 'i', 'b', 'h'].map((name) => graph.constantNumbers(name))
    expect(values).toEqual([
      [1.5, -2],
      [1, 2],
      [-1, 2],
      [3, 4],
      [1, 0],
      [0x3c00, 0xc000]
    ])
  })

  it('turns Constant nodes into constants', () => {
    const graph = new Graph()
    graph.output(graph.node('Constant', [], { value_ints: [2, 3] }), 'y')
    graph.output(graph.node('Constant', [], { value: Initializer.fromData(Float32Array.of(7), []) }), 'z')
    const decoded = Graph.decode(graph.encode())
    const sources = decoded.nodes.map(({ inputs }) => decoded.constantNumbers(inputs[0] ?? ''))
    expect(sources).toEqual([[2, 3], [7]])
  })

  it('keeps external data where they are, and writes them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onnx-autodiff-'))
    try {
      const graph = new Graph()
      const large = Float32Array.from({ length: 600 }, (_, index) => index)
      const x = graph.input('x', 'float32', [600])
      const small = graph.constant(Float32Array.of(0.5), [1], 'small')
      graph.output(graph.mul(graph.add(x, graph.constant(large, [600], 'large')), small), 'y')
      const { model, data } = graph.encodeWithExternalData('weights.bin')
      await writeFile(join(folder, 'weights.bin'), Buffer.concat(data))
      // Read and written again: the reference stays, whatever the weights hold.
      const again = Graph.decode(model)
      expect(again.initializers.get('large')?.external).toEqual({ location: 'weights.bin', offset: 0, length: 2400 })
      expect(again.initializers.get('large')?.data).toBeUndefined()
      const joined = new Graph()
      const outer = joined.input('x', 'float32', [600])
      joined.output(inline(joined, again, { x: outer }, 'net/').y ?? '', 'out')
      const path = join(folder, 'model.onnx')
      await writeFile(path, joined.encode())
      const run = await open(path)
      const feeds = { x: { type: 'float32' as const, data: new Float32Array(600), dims: [600] } }
      expect(numbers((await run(feeds, ['out'])).out)).toEqual(Array.from(large, (value) => value / 2))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says what is wrong with bytes that are no model', () => {
    const bytes = affine().encode()
    const code = (wrong: Uint8Array): unknown => {
      try {
        Graph.decode(wrong)
      } catch (error) {
        return (error as { code?: string }).code
      }
      return undefined
    }
    expect(code(new Uint8Array())).toBe('bad-model')
    expect(code(bytes.slice(0, bytes.length - 5))).toBe('bad-model')
    expect(code(new TextEncoder().encode('{"formatVersion": 1}'))).toBe('bad-model')
  })

  it('either reads a damaged file or says so, never anything else', async () => {
    const intact = new Uint8Array(await readFile(new URL('./fixtures/energy-net.onnx', import.meta.url)))
    const damage = fc.record({
      end: fc.integer({ min: 0, max: intact.length }),
      flips: fc.array(fc.tuple(fc.nat({ max: intact.length - 1 }), fc.nat({ max: 255 })), { maxLength: 3 })
    })
    fc.assert(
      fc.property(damage, ({ end, flips }) => {
        const bytes = intact.slice()
        for (const [at, value] of flips) bytes[at] = value
        try {
          const graph = Graph.decode(bytes.slice(0, flips.length > 0 ? intact.length : end))
          unsupportedOperators(
            graph,
            graph.inputs.slice(0, 1).map(({ name }) => name),
            graph.outputs[0]?.name ?? ''
          )
        } catch (error) {
          expect(error).toBeInstanceOf(OnnxAutodiffError)
        }
      }),
      { numRuns: 150, seed: 91 }
    )
  })

  it('puts nodes in order, and says what a node misses', () => {
    const node = (opType: string, input: string[], output: string[]) =>
      create(NodeProtoSchema, { opType, input, output })
    const encode = (nodes: ReturnType<typeof node>[]): Uint8Array =>
      toBinary(
        ModelProtoSchema,
        create(ModelProtoSchema, {
          irVersion: 8n,
          opsetImport: [{ domain: '', version: 17n }],
          graph: create(GraphProtoSchema, {
            name: 'g',
            input: [create(ValueInfoProtoSchema, { name: 'x' })],
            output: [create(ValueInfoProtoSchema, { name: 'y' })],
            node: nodes
          })
        })
      )
    const swapped = Graph.decode(encode([node('Exp', ['h'], ['y']), node('Neg', ['x'], ['h'])]))
    expect(swapped.nodes.map(({ opType }) => opType)).toEqual(['Neg', 'Exp'])
    expect(() => Graph.decode(encode([node('Exp', ['h'], ['y'])]))).toThrow(/reads "h"/)
    expect(() => Graph.decode(encode([node('Exp', ['x'], ['h'])]))).toThrow(/output "y"/)
  })

  it('expands local functions and their attributes', async () => {
    const node = (opType: string, input: string[], output: string[], more: object = {}) =>
      create(NodeProtoSchema, { opType, input, output, ...more })
    const reference = create(AttributeProtoSchema, {
      name: 'alpha',
      type: AttributeProto_AttributeType.FLOAT,
      refAttrName: 'slope'
    })
    const slope = create(AttributeProtoSchema, { name: 'slope', type: AttributeProto_AttributeType.FLOAT, f: 0.5 })
    const model = create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [
        { domain: '', version: 17n },
        { domain: 'local', version: 1n }
      ],
      functions: [
        create(FunctionProtoSchema, {
          domain: 'local',
          name: 'LeakyTwice',
          input: ['a'],
          output: ['b'],
          attribute: ['slope'],
          node: [
            node('LeakyRelu', ['a'], ['t'], { attribute: [reference] }),
            node('LeakyRelu', ['t'], ['b'], { attribute: [reference] })
          ]
        })
      ],
      graph: create(GraphProtoSchema, {
        name: 'g',
        input: [create(ValueInfoProtoSchema, { name: 'x' })],
        output: [create(ValueInfoProtoSchema, { name: 'z' })],
        node: [
          node('LeakyTwice', ['x'], ['y'], { domain: 'local', attribute: [slope] }),
          node('LeakyTwice', ['y'], ['z'], { domain: 'local', attribute: [slope] })
        ]
      })
    })
    const graph = Graph.decode(toBinary(ModelProtoSchema, model))
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['LeakyRelu', 'LeakyRelu', 'LeakyRelu', 'LeakyRelu'])
    const outer = new Graph()
    outer.output(inline(outer, graph, { x: outer.input('x', 'float32', [1]) }, '').z ?? '', 'out')
    expect(numbers((await evaluate(outer.encode(), { x: vector([-16]) }, ['out'])).out)).toEqual([-1])
  })
})
