import { elementTypeOfCode } from './element-type.ts'
import type { ElementType } from './element-type.ts'
import type { GraphNode, Value } from './node.ts'
import type { ModelParts } from './decode.ts'

const integerResults = new Set([
  'Shape',
  'Size',
  'ArgMax',
  'ArgMin',
  'NonZero',
  'Unique',
  'NonMaxSuppression',
  'StringSplit'
])
const booleanResults = new Set('Equal Greater Less GreaterOrEqual LessOrEqual And Or Xor Not IsNaN IsInf'.split(' '))
// Which input the first output takes its element type from, where that is not the first.
const typedByInput: Record<string, number> = { Where: 1, OneHot: 2 }

const castType = (node: GraphNode): ElementType | undefined => {
  const to = node.attributes.get('to') ?? node.attributes.get('dtype')
  return to?.kind === 'int' ? elementTypeOfCode(to.value, node.name) : undefined
}

const outputType = (node: GraphNode, output: number, input: (index: number) => ElementType | undefined) => {
  const { opType } = node
  if (integerResults.has(opType)) return 'int64'
  if (booleanResults.has(opType)) return 'bool'
  if (opType === 'Cast' || opType === 'EyeLike' || /^Random|^Multinomial|^Bernoulli|Window$/.test(opType)) {
    return castType(node) ?? input(0) ?? 'float32'
  }
  if (opType === 'CastLike') return input(1)
  if (opType === 'ConstantOfShape') {
    const value = node.attributes.get('value')
    return value?.kind === 'tensor' ? value.value.type : 'float32'
  }
  // MaxPool's and TopK's second output are indices, Dropout's a mask.
  if (output === 1 && (opType === 'MaxPool' || opType === 'TopK')) return 'int64'
  if (output === 1 && opType === 'Dropout') return 'bool'
  return input(typedByInput[opType] ?? 0)
}

/** Element types of all values of a graph, by the operators' signatures. Values of unknown operators take their first input's. */
export const inferTypes = (graph: ModelParts): Map<Value, ElementType> => {
  const types = new Map<Value, ElementType>()
  for (const { name, type } of graph.inputs) if (type !== undefined) types.set(name, type)
  for (const [name, { type }] of graph.initializers) types.set(name, type)
  for (const node of graph.nodes) {
    node.outputs.forEach((output, index) => {
      const type = outputType(node, index, (input) => types.get(node.inputs[input] ?? ''))
      if (output !== '' && type !== undefined) types.set(output, type)
    })
  }
  return types
}
