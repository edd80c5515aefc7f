import { OnnxAutodiffError } from '../errors.ts'
import { toAttribute } from './attribute.ts'
import type { AttributeInput } from './attribute.ts'
import type { ModelParts } from './decode.ts'
import { elementTypeOfArray, typedArrayOf } from './element-type.ts'
import type { ElementType, TypedArray } from './element-type.ts'
import { encodeModel, encodeModelWithExternalData } from './encode.ts'
import type { ModelWithExternalData } from './encode.ts'
import { Initializer } from './initializer.ts'
import type { GraphNode, Value } from './node.ts'
import type { Dimension, ValueInfo } from './value-info.ts'

export type Attributes = Readonly<Record<string, AttributeInput | undefined>>

export interface NodeOptions {
  /** How many outputs, or their names ('' for one that is not wanted). */
  outputs?: number | readonly string[]
  name?: string
  domain?: string
}

export interface GraphOptions {
  /** Version of the default operator set, 13 to 23. */
  opset?: number
  name?: string
}

// Steering constants of up to this many elements are shared by value.
const sharedConstantElements = 64

const claimName = (names: Set<string>, suffixes: Map<string, number>, hint: string): string => {
  let candidate = hint
  let suffix = suffixes.get(hint) ?? 0
  while (names.has(candidate)) {
    suffix += 1
    candidate = `${hint}_${suffix}`
  }
  suffixes.set(hint, suffix)
  names.add(candidate)
  return candidate
}

/**
 * An ONNX graph in memory. Nodes are in topological order: a node can only use values that exist when it is made.
 * Values are named by strings. Weights are shared, never copied, until `encode`.
 */
export class GraphModel implements ModelParts {
  name: string
  opset: number
  readonly domains = new Map<string, number>()
  readonly inputs: ValueInfo[] = []
  readonly outputs: ValueInfo[] = []
  nodes: GraphNode[] = []
  readonly initializers = new Map<Value, Initializer>()
  readonly #names = new Set<string>()
  readonly #nodeNames = new Set<string>()
  // The last number given to each hint, so that a thousand equal hints don't try a thousand names each.
  readonly #suffixes = new Map<string, number>()
  readonly #nodeSuffixes = new Map<string, number>()
  readonly #sharedConstants = new Map<string, Value>()
  readonly #byObject = new WeakMap<Initializer, Value>()

  constructor({ opset = 17, name = 'graph' }: GraphOptions = {}) {
    this.opset = opset
    this.name = name
  }

  /** Takes over decoded parts, sharing the weights. */
  protected load(parts: ModelParts): void {
    for (const [domain, version] of parts.domains) this.domains.set(domain, version)
    this.inputs.push(...parts.inputs.map((info) => ({ ...info })))
    this.outputs.push(...parts.outputs.map((info) => ({ ...info })))
    for (const [value, initializer] of parts.initializers) {
      this.initializers.set(value, initializer)
      this.#byObject.set(initializer, value)
    }
    for (const { name } of parts.inputs) this.#names.add(name)
    for (const value of parts.initializers.keys()) this.#names.add(value)
    for (const node of parts.nodes) {
      const { inputs, outputs, attributes } = node
      this.append({ ...node, inputs: [...inputs], outputs: [...outputs], attributes: new Map(attributes) })
    }
  }

  /** The model as bytes, weights copied once; external data stay references to their files. */
  encode(): Uint8Array {
    return encodeModel(this)
  }

  /**
   * The model with every weight of at least `minimumBytes` in a second file, `location` relative to the model file. The
   * data are returned as views of the weights, to be written one after the other.
   */
  encodeWithExternalData(location: string, minimumBytes = 1024): ModelWithExternalData {
    return encodeModelWithExternalData(this, location, minimumBytes)
  }

  /** True where a value of that name exists. */
  has(value: Value): boolean {
    return this.#names.has(value)
  }

  /** A name that no value has yet, `hint` itself if it is free. The name is taken from then on. */
  uniqueName(hint: string): Value {
    return claimName(this.#names, this.#suffixes, hint)
  }

  /** Declares an input. Named dimensions are sizes that are known only when the graph runs. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#claim(name, 'input')
    this.inputs.push({ name, type, shape: [...shape] })
    return name
  }

  /**
   * A constant in C order. The array is kept, not copied. Small unnamed constants with equal contents are one value.
   * A `Uint8Array` is 'uint8' unless `type` says 'bool'; a `Uint16Array` may be 'float16'.
   */
  constant(data: TypedArray, shape: readonly number[], name?: string, type?: ElementType): Value {
    const initializer = Initializer.fromData(data, shape, type ?? elementTypeOfArray(data))
    if (name !== undefined) {
      this.#claim(name, 'constant')
      this.initializers.set(name, initializer)
      return name
    }
    return this.#share(initializer)
  }

  /**
   * Adds a constant tensor, by reference: the same object is one value however often it is added, different ones stay
   * different even with equal contents (two biases of zeros are two weights).
   */
  addInitializer(initializer: Initializer, hint = 'constant'): Value {
    const known = this.#byObject.get(initializer)
    if (known !== undefined && this.initializers.get(known) === initializer) return known
    return this.#store(initializer, hint)
  }

  /** A steering constant, shared by value. */
  #share(initializer: Initializer): Value {
    const { data, type, shape } = initializer
    if (data === undefined || data.length > sharedConstantElements) return this.#store(initializer, 'constant')
    // -0 and 0 are different constants.
    const contents = Array.from(data as ArrayLike<number | bigint>, (value) =>
      Object.is(value, -0) ? '-0' : `${value}`
    )
    const key = `${type}[${shape.join(',')}]${contents.join(',')}`
    const known = this.#sharedConstants.get(key)
    if (known !== undefined && this.initializers.has(known)) return known
    const value = this.#store(initializer, 'constant')
    this.#sharedConstants.set(key, value)
    return value
  }

  #store(initializer: Initializer, hint: string): Value {
    const value = this.uniqueName(hint)
    this.initializers.set(value, initializer)
    this.#byObject.set(initializer, value)
    return value
  }

  /** A rank-0 constant. */
  scalar(value: number, type: ElementType = 'float32'): Value {
    return this.constant(typedArrayOf(type, [value]), [], undefined, type)
  }

  /** A rank-1 int64 constant: a shape, axes, starts, … */
  integers(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length])
  }

  /** Values of a constant as numbers, or undefined where the value is not a constant held in memory. */
  constantNumbers(value: Value): number[] | undefined {
    return this.initializers.get(value)?.numbers()
  }

  /**
   * Appends a node. Plain attribute values get the kind that their name calls for (`epsilon: 1` is a float, `axis: 1`
   * an int); undefined ones are left out. Returns the output, or all of them where `options.outputs` asks for several.
   */
  node(
    opType: string,
    inputs: readonly Value[],
    attributes: Attributes | undefined,
    options: NodeOptions & { outputs: number | readonly string[] }
  ): Value[]
  node(opType: string, inputs: readonly Value[], attributes?: Attributes, options?: NodeOptions): Value
  node(
    opType: string,
    inputs: readonly Value[],
    attributes: Attributes = {},
    { outputs, name, domain = '' }: NodeOptions = {}
  ): Value | Value[] {
    for (const input of inputs) this.#demand(input, opType)
    const label = this.#uniqueNodeName(name ?? opType)
    const names =
      typeof outputs === 'object'
        ? outputs.map((output) => this.#claim(output, `output of ${opType}`))
        : Array.from({ length: outputs ?? 1 }, () => this.uniqueName(label))
    const defined = Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, toAttribute(key, value)] as const]
    )
    this.nodes.push({ opType, domain, name: label, inputs: [...inputs], outputs: names, attributes: new Map(defined) })
    return outputs === undefined ? (names[0] ?? '') : names
  }

  /** Appends a ready-made node whose output names are free. */
  append(node: GraphNode): void {
    const named = node.name === '' ? node : { ...node, name: this.#uniqueNodeName(node.name) }
    for (const output of named.outputs) this.#claim(output, `output of ${node.opType}`)
    this.nodes.push(named)
  }

  /** Makes a value an output of the graph under `name` (with an Identity node where the value is called otherwise). */
  output(value: Value, name: string): void {
    this.#demand(value, 'output')
    const isInput = this.inputs.some((info) => info.name === value)
    if (this.outputs.some((info) => info.name === name)) {
      throw new OnnxAutodiffError('name-taken', `The graph already has an output "${name}".`)
    }
    if (value === name && !isInput && !this.initializers.has(value)) this.outputs.push({ name })
    else {
      if (value === name)
        throw new OnnxAutodiffError('name-taken', `Output "${name}" needs another name than its source.`)
      const [output] = this.node('Identity', [value], {}, { outputs: [name] })
      this.outputs.push({ name: output ?? name })
    }
  }

  /** Forgets outputs, so that others can be declared. */
  clearOutputs(): void {
    this.outputs.length = 0
  }

  /** The node that makes each value. */
  producers(): Map<Value, GraphNode> {
    const producers = new Map<Value, GraphNode>()
    for (const node of this.nodes) for (const output of node.outputs) if (output !== '') producers.set(output, node)
    return producers
  }

  #claim(name: string, what: string): Value {
    if (name === '') return name
    if (this.#names.has(name)) {
      throw new OnnxAutodiffError('name-taken', `The graph already has a value "${name}" (wanted for ${what}).`)
    }
    this.#names.add(name)
    return name
  }

  #demand(value: Value, user: string): void {
    if (value !== '' && !this.#names.has(value)) {
      throw new OnnxAutodiffError('unknown-value', `${user} uses "${value}", which is no value of the graph.`)
    }
  }

  #uniqueNodeName(hint: string): string {
    return claimName(this.#nodeNames, this.#nodeSuffixes, hint)
  }
}
