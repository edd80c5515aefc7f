import { typedArrayOf } from '../model/element-type.ts'
import { elementCount } from '../model/initializer.ts'
import { intAttribute, intsAttribute, stringAttribute } from '../model/node.ts'
import type { Value } from '../model/node.ts'
import { positiveAxis, range, reduceTo, size } from './broadcasting.ts'
import { sliceAxis } from './index-map.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'

/** One gradient, for the first input; the others (shapes, axes, repeats) have none. */
const ofFirst =
  (gradient: (context: RuleContext) => Value): Rule =>
  (context) => {
    const result = gradient(context)
    return context.node.inputs.map((_, index) => (index === 0 ? result : undefined))
  }

/** Reshape, Flatten, Squeeze and Unsqueeze only rename axes. */
const reshaped = ofFirst(({ graph, x, dy, shape }) => graph.reshape(dy, shape(x)))

const transpose = ofFirst(({ graph, node, x, dy, shape }) => {
  const permutation = intsAttribute(node, 'perm') ?? range(shape(x).length).reverse()
  return graph.transpose(
    dy,
    permutation.map((_, axis) => permutation.indexOf(axis))
  )
})

const concat: Rule = ({ graph, node, dy, y, wants, shape }) => {
  const axis = positiveAxis(intAttribute(node, 'axis', 0), shape(y).length)
  let start = 0
  return node.inputs.map((input, index) => {
    const end = start + size(shape(input), axis)
    const part = wants(index) ? sliceAxis(graph, dy, axis, start, end) : undefined
    start = end
    return part
  })
}

const split: Rule = ({ graph, node, x, type, outputGradient, shape }) => {
  const axis = positiveAxis(intAttribute(node, 'axis', 0), shape(x).length)
  const parts = node.outputs.map((output, index) => {
    const zeros = (): Value => graph.expand(graph.scalar(0, type), shape(output))
    return outputGradient(index) ?? zeros()
  })
  return [graph.concat(parts, axis), undefined]
}

const expand = ofFirst(({ graph, x, y, dy, shape }) => reduceTo(graph, dy, shape(y), shape(x)))

const tile = ofFirst(({ graph, node, x, dy, shape, constant }) => {
  const repeats = constant(node.inputs[1] ?? '')
  const from = shape(x)
  const separate = from.flatMap((length, axis) => [repeats[axis] ?? 1, length])
  const axes = range(from.length).filter((axis) => repeats[axis] !== 1)
  if (axes.length === 0) return dy
  const summed = graph.reduceSum(
    graph.reshape(dy, separate),
    axes.map((axis) => 2 * axis)
  )
  return graph.reshape(summed, from)
})

/** Depth and space are exchanged by a reshape, a transposition and a reshape; so are they back. */
const depthToSpace = ofFirst(({ graph, node, x, dy, shape }) => {
  const block = intAttribute(node, 'blocksize', 1)
  const [batch = 1, channels = 1, height = 1, width = 1] = shape(x)
  const parts = graph.reshape(dy, [batch, channels / block ** 2, height, block, width, block])
  const depthFirst = stringAttribute(node, 'mode', 'DCR') === 'DCR'
  return graph.reshape(graph.transpose(parts, depthFirst ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]), shape(x))
})

const spaceToDepth = ofFirst(({ graph, node, x, dy, shape }) => {
  const block = intAttribute(node, 'blocksize', 1)
  const [batch = 1, channels = 1, height = 1, width = 1] = shape(x)
  const parts = graph.reshape(dy, [batch, block, block, channels, height / block, width / block])
  return graph.reshape(graph.transpose(parts, [0, 3, 4, 1, 5, 2]), shape(x))
})

/** Keeping a triangle is its own adjoint. */
const triangle = ofFirst(({ graph, node, dy }) =>
  graph.node('Trilu', [dy, ...node.inputs.slice(1)], { upper: intAttribute(node, 'upper', 1) })
)

/** Zeros of a shape, for scattering into. */
export const zerosOf = ({ graph, type }: RuleContext, shape: readonly number[]): Value =>
  elementCount(shape) <= 1
    ? graph.constant(
        typedArrayOf(
          type,
          Array.from({ length: elementCount(shape) }, () => 0)
        ),
        shape,
        undefined,
        type
      )
    : graph.expand(graph.scalar(0, type), shape)

export const structure: Record<string, RuleDefinition> = {
  Reshape: { gradient: reshaped },
  Flatten: { gradient: reshaped },
  Squeeze: { gradient: reshaped },
  Unsqueeze: { gradient: reshaped },
  Transpose: { gradient: transpose },
  Concat: { gradient: concat },
  Split: { gradient: split },
  Expand: { gradient: expand },
  Tile: { gradient: tile },
  DepthToSpace: { gradient: depthToSpace },
  SpaceToDepth: { gradient: spaceToDepth },
  Trilu: { gradient: triangle }
}
