import type { Graph } from '../graph.ts'
import { inferTypes } from '../model/node-types.ts'
import { floatAttribute, intAttribute } from '../model/node.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { shapeIn } from '../rules/rule.ts'
import { compositions } from './composition.ts'
import { groupedConvolutionByParts } from './grouped-convolution.ts'
import { rebuild } from '../rebuild.ts'
import { transposedConvolutionByConvolutions } from './transposed-convolution.ts'

type Shapes = ReadonlyMap<Value, readonly number[]>

/** Batch, channels and three spatial axes. */
const volumeRank = 5

/**
 * Replaces every ConvTranspose by convolutions and a pixel shuffle, in place: exact, faster on CPU, and possible on
 * providers that have none. `shapes` are those of the graph as it is now.
 */
export const lowerTransposedConvolutions = (graph: Graph, shapes: Shapes): void => {
  const types = inferTypes(graph)
  rebuild(graph, (node) => {
    if (node.opType !== 'ConvTranspose' || node.domain !== '') return undefined
    const type = types.get(node.inputs[0] ?? '') ?? 'float32'
    return transposedConvolutionByConvolutions(graph, node, (value) => shapeIn(shapes, value), type)
  })
}

/**
 * Rewrites, in place, what onnxruntime's WebGPU provider lacks or refuses at run time: three-dimensional ConvTranspose and
 * grouped Conv, products with vectors, Or, Sign, Softsign, Selu, Celu and GroupNormalization. RandomNormalLike becomes an
 * input that the caller feeds standard normal noise; the names of these new inputs are returned. `shapes` are those of
 * the graph as it is now (after `gradient`, call `inferShapes` again).
 */
export const lowerForWebGpu = (graph: Graph, shapes: Shapes): Value[] => {
  const types = inferTypes(graph)
  const shape = (value: Value): readonly number[] => shapeIn(shapes, value)
  const noise: Value[] = []
  const isVolume = (node: GraphNode): boolean => shape(node.inputs[0] ?? '').length >= volumeRank
  const needsComposition = (node: GraphNode): boolean =>
    node.opType !== 'MatMul' || node.inputs.some((input) => shape(input).length === 1)
  rebuild(graph, (node) => {
    if (node.domain !== '') return undefined
    const type = types.get(node.inputs[0] ?? '') ?? 'float32'
    if (node.opType === 'ConvTranspose' && isVolume(node)) {
      return transposedConvolutionByConvolutions(graph, node, shape, type)
    }
    if (node.opType === 'Conv' && intAttribute(node, 'group', 1) > 1 && isVolume(node)) {
      return groupedConvolutionByParts(graph, node, shape, type)
    }
    if (node.opType === 'RandomNormalLike') {
      const name = graph.uniqueName('noise')
      graph.inputs.push({ name, type, shape: [...shape(node.inputs[0] ?? '')] })
      noise.push(name)
      const scaled = graph.mul(name, graph.scalar(floatAttribute(node, 'scale', 1), type))
      return graph.add(scaled, graph.scalar(floatAttribute(node, 'mean', 0), type))
    }
    const composition = compositions[node.opType]
    return composition !== undefined && needsComposition(node) ? composition({ graph, node, shape, type }) : undefined
  })
  return noise
}
